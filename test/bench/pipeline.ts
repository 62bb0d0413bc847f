import { gunzipSync } from 'node:zlib';
import { LogIntake } from '../../processor/receiver/log-intake.js';
import { DEFAULT_RECEIVER_LIMITS } from '../../processor/receiver/receiver-options.js';
import { gunzip } from '../../processor/receiver/request-body.js';
import { LogsRequestType } from '../processor/receiver/otlp-descriptor.js';
import { type Effort, type Say, SILENT, sayGoal } from './measuring/benchmark.js';
import { measureInTurns, type Round } from './measuring/contenders.js';
import { median, ratios, spread, whole } from './measuring/statistics.js';
import { readRequests, removeRequests, writeRequests } from './processing/request-files.js';
import { acceptUpTo, STAGES, type Stage } from './processing/stages.js';

const SEED = 20260801;
const SIZES = {
  full: { requests: 40, records: 1000, rounds: 9 },
  smoke: { requests: 2, records: 40, rounds: 1 },
} as const;

const REFERENCE = 'gunzip + protobufjs';
/** What it takes at least to look into the records: most of what they say is JSON text in their bodies. */
const PARSING_REFERENCE = 'gunzip + protobufjs + JSON.parse';
const GUNZIP = 'gunzip';
const ALL: Stage = 'encode';

/**
 * Measures what a log record costs from a gzipped OTLP request to an encoded row, in CPU time of one process (all its
 * threads), beside gunzip and decode of the same requests by protobufjs; and which stage costs how much.
 */
export async function run(say: Say, effort: Effort): Promise<void> {
  const { requests, records, rounds } = SIZES[effort];
  const files = writeRequests(SEED, requests, records);
  try {
    say(
      `OTLP requests (protobuf, gzip) of ${whole(records)} records of four families: Okta, Entra ID, CloudTrail and`,
    );
    say(
      `applications by OpenTelemetry's names; ${whole(files.bytesPerRecord)} bytes a record, ${whole(files.gzippedBytesPerRecord)} gzipped; seed ${SEED}.`,
    );
    say(
      `${rounds} rounds of ${whole((requests * records) / 2)} records, and before each as many others that fill the caches.`,
    );
    const contenders = [REFERENCE, PARSING_REFERENCE, GUNZIP, ...STAGES];
    const input = JSON.stringify({ folder: files.folder, records } satisfies Input);
    const figures = await measureInTurns({ module: import.meta.url, contenders, input, rounds });
    report(say, new Map(contenders.map((name, i) => [name, figures[i] ?? []])));
  } finally {
    removeRequests(files);
  }
}

function report(say: Say, figures: ReadonlyMap<string, readonly number[]>): void {
  const of = (name: string): readonly number[] => figures.get(name) ?? [];
  const [reference, parsing, ours] = [of(REFERENCE), of(PARSING_REFERENCE), of(ALL)];
  const line = (name: string, own: readonly number[]): void =>
    say(`${name.padEnd(33)} ${spread(own).padEnd(30)} ${whole(1e6 / median(own)).padStart(16)}`);
  say('');
  say('                                  us a record: median, min..max  records/s a core');
  line(REFERENCE, reference);
  line(PARSING_REFERENCE, parsing);
  line('OTLP to encoded rows', ours);
  const reached = ratios(reference, ours);
  say('');
  say(`share of the rate of gunzip + protobufjs: ${spread(reached)}`);
  say(`where that also parses the bodies:         ${spread(ratios(parsing, ours))}`);
  sayGoal(say, 'at least 0.7 of the rate of gunzip + protobufjs', median(reached) >= 0.7);
  sayGoal(say, 'at least 60,000 records/s on one core', 1e6 / median(ours) >= 60_000);

  say('');
  say('stage       us a record   all up to it: median, min..max');
  let before = 0;
  for (const name of [GUNZIP, ...STAGES]) {
    const upTo = median(of(name));
    say(`${name.padEnd(12)} ${(upTo - before).toFixed(2).padStart(10)}   ${spread(of(name))}`);
    before = upTo;
  }
}

interface Input {
  readonly folder: string;
  /** In each request. */
  readonly records: number;
}

/** A contender in its own process. */
export function prepare(contender: string, input: string): Round {
  const { folder, records } = JSON.parse(input) as Input;
  const requests = readRequests(folder);
  const half = requests.length / 2;
  return async () => {
    const take = contenderOf(contender);
    // A processor at work has seen most users, addresses and clients before, but not these records.
    for (const request of requests.slice(0, half)) await take(request, records);
    const before = process.cpuUsage();
    for (const request of requests.slice(half)) await take(request, records);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (half * records);
  };
}

type Contender = (request: Buffer, records: number) => void | Promise<void>;

function contenderOf(name: string): Contender {
  if (name === REFERENCE) return (request, records) => decodeByReference(request, records, false);
  if (name === PARSING_REFERENCE) return (request, records) => decodeByReference(request, records, true);
  const accept = acceptUpTo(name === GUNZIP ? 'decode' : (name as Stage));
  const intake = new LogIntake({ accept, logger: SILENT }, DEFAULT_RECEIVER_LIMITS);
  return async (request, records) => {
    const progress = intake.begin();
    const body = gunzip(request, DEFAULT_RECEIVER_LIMITS.maxBodyBytes, progress.reservation);
    if (name !== GUNZIP) {
      const { rejected } = await intake.take(body, 'protobuf', progress);
      // Speed at records that are not understood would be no speed.
      expectRecords((progress.notes?.records ?? 0) - rejected, records);
    }
    progress.reservation.release();
  };
}

interface ReferenceRecord {
  readonly body?: { readonly stringValue?: string };
}

function decodeByReference(request: Buffer, records: number, parsesBodies: boolean): void {
  const { resourceLogs } = LogsRequestType.decode(
    gunzipSync(request, { chunkSize: 256 * 1024 }),
  ) as unknown as { resourceLogs: { scopeLogs: { logRecords: ReferenceRecord[] }[] }[] };
  let taken = 0;
  for (const { logRecords } of resourceLogs.flatMap(({ scopeLogs }) => scopeLogs)) {
    for (const { body } of logRecords) {
      const text = body?.stringValue ?? '';
      if (parsesBodies && text.startsWith('{')) JSON.parse(text);
      taken += 1;
    }
  }
  expectRecords(taken, records);
}

function expectRecords(taken: number, records: number): void {
  if (taken !== records) throw new Error(`${taken} of ${records} records were taken: nothing was measured`);
}
