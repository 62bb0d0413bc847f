import type { Event } from '../../../schema/event.js';
import type { Keys } from '../../../schema/keys.js';
import { FirstReceipts } from '../../first-receipts.js';
import { normalize } from '../../normalize/normalize.js';
import type { Failure, NormalizeContext, Normalized } from '../../normalize/normalized.js';
import { DEFAULT_DECODE_LIMITS } from '../../receiver/decode-limits.js';
import { decodeJsonLogs } from '../../receiver/json-logs.js';
import type { LogRecord } from '../../receiver/log-record.js';
import { MalformedOtlpError } from '../../receiver/malformed-otlp-error.js';
import { OversizedOtlpError } from '../../receiver/oversized-otlp-error.js';
import type { LogRequest } from '../replay/log-requests.js';
import { addFault } from '../replay/replay-summary.js';
import type { CheckedFile } from './check-report.js';
import { CoverageTally } from './coverage-tally.js';
import { Reasons } from './reasons.js';
import { whyUnrecognised } from './unrecognised.js';

/** One tenant, whatever the records say: files are looked at as one stock of logs. */
const TENANT = 'default';

/** Takes records the way that they have in the service, up to where they would be stored, and counts what they are. */
export class RecordCheck {
  readonly tally = new CoverageTally();
  readonly unrecognised = new Reasons();
  readonly deadLetters = new Reasons();
  readonly #enrich: (normalized: Normalized) => Event;
  readonly #keys: Keys;
  readonly #receipts = new FirstReceipts();

  constructor(enrich: (normalized: Normalized) => Event, keys: Keys) {
    this.#enrich = enrich;
    this.#keys = keys;
  }

  /** Takes a request of records of a file, which are on these lines of it. */
  request({ records, body }: LogRequest, lines: readonly number[], file: CheckedFile): void {
    const context = { receivedAt: Date.now(), keys: this.#keys, tenant: TENANT };
    const decoded: LogRecord[] = [];
    try {
      decodeJsonLogs(Buffer.from(body), DEFAULT_DECODE_LIMITS, (record) => decoded.push(record));
    } catch (error) {
      if (!(error instanceof MalformedOtlpError || error instanceof OversizedOtlpError)) throw error;
      file.rejected += records;
      addFault(
        file,
        `${lines[0] ?? ''}: a request of ${records} records from here is refused: ${error.message}`,
      );
      return;
    }
    for (const [i, record] of decoded.entries()) {
      file.records += 1;
      this.#record(record, context, `${file.path}:${lines[i] ?? ''}`, file);
    }
  }

  #record(record: LogRecord, context: NormalizeContext, first: string, file: CheckedFile): void {
    const { events, failures, unrecognised } = normalize(record, context);
    if (unrecognised > 0) {
      file.unrecognised += unrecognised;
      const isAlone = events.length === 0 && failures.length === 0 && unrecognised === 1;
      const reason = isAlone ? whyUnrecognised(record) : 'of another log, beside records that are known';
      this.unrecognised.add({ source: '', reason, first }, unrecognised);
    }
    for (const failure of failures) this.#deadLetter(failure, first, file);
    for (const normalized of events) this.#event(normalized, context, first, file);
  }

  #event(normalized: Normalized, { receivedAt }: NormalizeContext, first: string, file: CheckedFile): void {
    this.#receipts.settle(normalized.event, receivedAt);
    let event: Event;
    try {
      event = this.#enrich(normalized);
    } catch (error) {
      const reason = `it cannot be enriched: ${error instanceof Error ? error.message : String(error)}`;
      this.#deadLetter({ source: normalized.event.source, path: '', reason }, first, file);
      return;
    }
    file.events += 1;
    this.tally.add(event, this.#principalsOf(normalized));
  }

  /** Keys that an event may vouch for as principals: its own, and those that the sessions it issued act as. */
  #principalsOf({ event, identifiers }: Normalized): readonly string[] {
    const { principals } = identifiers.issued;
    if (principals.length === 0) return event.principal_key === '' ? [] : [event.principal_key];
    return [event.principal_key, ...principals.map((each) => this.#keys.principalKey(event.tenant, each))];
  }

  #deadLetter(
    { source, path, reason }: Pick<Failure, 'source' | 'path' | 'reason'>,
    first: string,
    file: CheckedFile,
  ): void {
    file.deadLetters += 1;
    // The same fault at another position of a list is the same fault.
    const place = path.replace(/\[\d+\]/g, '[]').replace(/ line \d+/g, '');
    this.deadLetters.add({ source, reason: place === '' ? reason : `${place} ${reason}`, first });
  }
}
