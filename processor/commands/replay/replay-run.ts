import type { Readable, Writable } from 'node:stream';
import { normalize } from '../../normalize/normalize.js';
import { DEFAULT_DECODE_LIMITS } from '../../receiver/decode-limits.js';
import { decodeJsonLogs } from '../../receiver/json-logs.js';
import { type FileReading, fileRecords } from './file-records.js';
import { InFlight } from './in-flight.js';
import { type LogRequest, LogRequests } from './log-requests.js';
import { DeliveryError, LogSender } from './log-sender.js';
import { type Progress, showProgress } from './progress.js';
import { findReplayFiles, type ReplayFile, totalBytes } from './replay-files.js';
import { addFault, type FileSummary, newFileSummary, type ReplaySummary } from './replay-summary.js';

export interface ReplayOptions {
  /** Where the service takes OTLP over HTTP, without a path: `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** Files, folders, `-` for `input`. */
  readonly files: readonly string[];
  /** Where progress is shown. */
  readonly out: Writable;
  readonly input?: Readable;
  /** Milliseconds for which one request may be refused for overload or a restart before the replay gives up. */
  readonly patienceMs?: number;
}

/**
 * Sends log files to a running service through its OTLP port: vendors' records as JSON, one a line, in an array
 * or in CloudTrail's `{"Records": [...]}`, and OTLP/JSON; each may be gzipped. Stamps are sent as they are.
 *
 * An OTLP answer counts what was rejected and cannot say what was not recognised; each record is therefore also
 * normalised here, by the same code as in the service, for that one figure.
 *
 * @throws ReplayPathError if a path leads to no log file; everything else is in the summary
 */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const files = await findReplayFiles(options.files);
  const run = new Replay(options, files);
  return run.files();
}

class Replay {
  readonly #files: readonly ReplayFile[];
  readonly #reading: FileReading;
  readonly #sender: LogSender;
  readonly #progress: Progress;
  readonly #inFlight = new InFlight();
  #bytes = 0;
  #delivered = 0;

  constructor({ endpoint, out, input, patienceMs }: ReplayOptions, files: readonly ReplayFile[]) {
    this.#files = files;
    this.#reading = {
      input,
      onBytes: (bytes) => {
        this.#bytes += bytes;
        this.#progress.at(this.#bytes, this.#delivered);
      },
    };
    this.#sender = new LogSender(endpoint, patienceMs);
    this.#progress = showProgress(out, totalBytes(files), 'delivered');
  }

  async files(): Promise<ReplaySummary> {
    const summaries: FileSummary[] = [];
    try {
      for (const file of this.#files) {
        const summary = newFileSummary(file.path);
        summaries.push(summary);
        await this.#file(file, summary);
      }
      await this.#inFlight.end();
      return { files: summaries };
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      await this.#inFlight.end().catch(() => {});
      return { files: summaries, gaveUp: error.message };
    } finally {
      this.#progress.stop();
    }
  }

  async #file({ path }: ReplayFile, summary: FileSummary): Promise<void> {
    const requests = new LogRequests();
    try {
      for await (const record of fileRecords(path, this.#reading)) {
        if ('fault' in record) {
          summary.rejected += 1;
          addFault(summary, `${record.line}: ${record.fault}`);
        } else {
          await this.#deliver(requests.add(record.group, record.json), summary);
        }
      }
    } catch (error) {
      if (error instanceof DeliveryError) throw error;
      addFault(summary, ` it cannot be read to its end: ${(error as Error).message}`);
    }
    await this.#deliver(requests.take(), summary);
  }

  async #deliver(request: LogRequest | undefined, summary: FileSummary): Promise<void> {
    if (request === undefined) return;
    const { records } = request;
    summary.undelivered += records;
    await this.#inFlight.start(records, async () => {
      const unrecognised = unrecognisedIn(request);
      const { rejected, reason } = await this.#sender.send(request);
      summary.undelivered -= records;
      summary.rejected += rejected;
      summary.unrecognised += Math.min(unrecognised, records - rejected);
      summary.accepted += Math.max(0, records - rejected - unrecognised);
      if (rejected > 0) addFault(summary, ` ${reason}`);
      this.#delivered += records;
      this.#progress.at(this.#bytes, this.#delivered);
    });
  }
}

function unrecognisedIn({ body }: LogRequest): number {
  const context = { receivedAt: Date.now() };
  let unrecognised = 0;
  try {
    decodeJsonLogs(Buffer.from(body), DEFAULT_DECODE_LIMITS, (record) => {
      const { events, failures } = normalize(record, context);
      if (events.length + failures.length === 0) unrecognised += 1;
    });
  } catch {
    // The service will say what is wrong with the request.
    return 0;
  }
  return unrecognised;
}
