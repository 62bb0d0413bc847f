import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { loadCorrelations } from '../../../schema/detection/correlation-file.js';
import { createKeys } from '../../../schema/keys.js';
import type { CellPlace } from '../../../schema/log-coverage/place.js';
import { openAsnDatabase } from '../../enrich/asn-database.js';
import { openCountryDatabase } from '../../enrich/country-database.js';
import { createEnricher, type EnrichPolicy } from '../../enrich/enrich.js';
import { followNetworkLists } from '../../enrich/network-list-folder.js';
import { fileRecords } from '../replay/file-records.js';
import { LogRequests } from '../replay/log-requests.js';
import { type Progress, showProgress } from '../replay/progress.js';
import { findReplayFiles, type ReplayFile, totalBytes } from '../replay/replay-files.js';
import { addFault } from '../replay/replay-summary.js';
import type { CheckedFile, CheckReport } from './check-report.js';
import { checkedSources, clockOf, rfc3339 } from './checked-sources.js';
import { RecordCheck } from './record-check.js';

/** What a service would go by: its databases of addresses, its lists of networks and its policy. */
export interface CheckSettings {
  /** Paths of MMDB files; the bundled databases by default. */
  readonly geoDb?: string | undefined;
  readonly asnDb?: string | undefined;
  readonly networkLists?: string | undefined;
  readonly policy?: EnrichPolicy | undefined;
  /** What the policy declares complete. */
  readonly complete?: readonly CellPlace[] | undefined;
}

export interface CheckOptions {
  /** Files, folders, `-` for `input`. */
  readonly files: readonly string[];
  /** Where progress is shown. */
  readonly progress: Writable;
  readonly settings: CheckSettings;
  readonly input?: Readable;
}

/**
 * Reads log files as `replay` does, normalises and enriches their records by the code of the service, and tells what
 * they bring and which correlations could fire on them. Nothing is sent or stored, and no service need run.
 *
 * @throws ReplayPathError if a path leads to no log file
 * @throws AddressDatabaseError, NetworkListError or CorporateNetworkError if the settings cannot be used
 */
export async function checkFiles(options: CheckOptions): Promise<CheckReport> {
  const { settings, progress, input } = options;
  const found = await findReplayFiles(options.files);
  const correlations = (await loadCorrelations()).map(({ id }) => id);
  const lists = settings.networkLists === undefined ? undefined : followNetworkLists(settings.networkLists);
  // Keys tie the records of one reading together and are never shown: any secret will do.
  const keys = createKeys(randomBytes(32));
  const enrich = createEnricher({
    keys,
    country: openCountryDatabase(settings.geoDb),
    asn: openAsnDatabase(settings.asnDb),
    ...(settings.policy && { policy: settings.policy }),
    ...(lists && { networkLists: lists }),
  });
  const check = new RecordCheck(enrich, keys);
  const files: CheckedFile[] = [];
  const shown = showProgress(progress, totalBytes(found), 'read');
  try {
    const reading = new Reading(check, shown, input);
    for (const file of found) files.push(await reading.file(file));
  } finally {
    shown.stop();
    lists?.close();
  }
  const { tally, unrecognised, deadLetters } = check;
  const now = Date.now();
  return {
    files,
    clock: tally.newest === 0n ? null : rfc3339(clockOf(tally, now)),
    sources: checkedSources(tally, { correlations, complete: settings.complete ?? [], now }),
    unrecognised: unrecognised.list(),
    deadLetters: deadLetters.list(),
    leftOut: leftOut(check),
  };
}

class Reading {
  readonly #check: RecordCheck;
  readonly #progress: Progress;
  readonly #input: Readable | undefined;
  #bytes = 0;
  #records = 0;

  constructor(check: RecordCheck, progress: Progress, input: Readable | undefined) {
    this.#check = check;
    this.#progress = progress;
    this.#input = input;
  }

  async file({ path }: ReplayFile): Promise<CheckedFile> {
    const file: CheckedFile = {
      path,
      records: 0,
      events: 0,
      unrecognised: 0,
      deadLetters: 0,
      rejected: 0,
      faults: [],
      moreFaults: 0,
    };
    // As replay would send them: what the service refuses of a request, it refuses here.
    const requests = new LogRequests();
    let lines: number[] = [];
    const take = (request: ReturnType<LogRequests['take']>): void => {
      if (request === undefined) return;
      this.#check.request(request, lines, file);
      this.#records += request.records;
      lines = [];
    };
    try {
      for await (const record of fileRecords(path, { input: this.#input, onBytes: this.#onBytes })) {
        if ('fault' in record) {
          file.rejected += 1;
          addFault(file, `${record.line}: ${record.fault}`);
          continue;
        }
        take(requests.add(record.group, record.json));
        lines.push(record.line);
      }
    } catch (error) {
      addFault(file, ` it cannot be read to its end: ${(error as Error).message}`);
    }
    take(requests.take());
    return file;
  }

  readonly #onBytes = (bytes: number): void => {
    this.#bytes += bytes;
    this.#progress.at(this.#bytes, this.#records);
  };
}

function leftOut({ tally: { sessions, users, places, evidence } }: RecordCheck): string[] {
  const counts = [
    [sessions.leftOut, 'records of sessions'],
    [users.leftOut, 'records of users'],
    [places.leftOut, 'records of applications'],
    [evidence.leftOut, 'pieces of evidence'],
  ] as const;
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
