import { Buffer } from 'node:buffer';
import type { OtlpEncoding } from '../receiver/log-batch.js';
import { WireReader } from '../receiver/wire-reader.js';

/** An `ExportLogsPartialSuccess`: how many records were refused for good, and why. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly reason: string;
}

/** What a `google.rpc.Status` says. */
export interface StatusWords {
  readonly message: string;
  /** Of its RetryInfo; undefined if it has none. */
  readonly retryDelayMs: number | undefined;
}

const ALL_TAKEN: PartialSuccess = { rejected: 0, reason: '' };
const RETRY_INFO = '/google.rpc.RetryInfo';
const DURATION = /^(\d{1,9}(?:\.\d{1,9})?)s$/;

/** What an `ExportLogsServiceResponse` says. One that cannot be read says nothing: the records are taken all the same. */
export function readExportResponse(body: Uint8Array, encoding: OtlpEncoding): PartialSuccess {
  try {
    return encoding === 'json' ? jsonResponse(body) : protobufResponse(body);
  } catch {
    return ALL_TAKEN;
  }
}

/** What an encoded `google.rpc.Status` says; nothing if it cannot be read. */
export function readStatus(body: Uint8Array, encoding: OtlpEncoding): StatusWords {
  try {
    return encoding === 'json' ? jsonStatus(body) : protobufStatus(body);
  } catch {
    return { message: '', retryDelayMs: undefined };
  }
}

function jsonResponse(body: Uint8Array): PartialSuccess {
  const partial = member(parse(body), 'partialSuccess');
  const rejected = Number(member(partial, 'rejectedLogRecords') ?? 0);
  return { rejected: Number.isSafeInteger(rejected) ? rejected : 0, reason: text(partial, 'errorMessage') };
}

function jsonStatus(body: Uint8Array): StatusWords {
  const status = parse(body);
  const details = member(status, 'details');
  const retry = Array.isArray(details)
    ? details.find((detail) => text(detail, '@type').endsWith(RETRY_INFO))
    : undefined;
  const seconds = DURATION.exec(text(retry, 'retryDelay'))?.[1];
  return {
    message: text(status, 'message'),
    retryDelayMs: seconds === undefined ? undefined : 1000 * Number(seconds),
  };
}

function parse(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === 'string' ? found : '';
}

// Field numbers from opentelemetry/proto/collector/logs/v1/logs_service.proto, google/rpc/{status,error_details}.proto,
// google/protobuf/{any,duration}.proto.
function protobufResponse(body: Uint8Array): PartialSuccess {
  const partial = new Message(body).messages(1)[0];
  if (partial === undefined) return ALL_TAKEN;
  return { rejected: partial.integer(1), reason: partial.text(2) };
}

function protobufStatus(body: Uint8Array): StatusWords {
  const status = new Message(body);
  const retry = status.messages(3).find((any) => any.text(1).endsWith(RETRY_INFO));
  const delay = retry?.messages(2)[0]?.messages(1)[0];
  return {
    message: status.text(2),
    retryDelayMs: delay === undefined ? undefined : 1000 * delay.integer(1) + delay.integer(2) / 1e6,
  };
}

/** A small message, its fields by number. */
class Message {
  readonly #integers = new Map<number, number>();
  readonly #bytes = new Map<number, Uint8Array[]>();

  constructor(body: Uint8Array) {
    const reader = new WireReader(body);
    while (reader.position < reader.length) {
      const tag = reader.tag();
      const field = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (wireType === 0) this.#integers.set(field, Number(reader.int64()));
      else if (wireType === 2) {
        const end = reader.enter(reader.length);
        this.#bytes.set(field, [
          ...(this.#bytes.get(field) ?? []),
          reader.bytes.subarray(reader.position, end),
        ]);
        reader.position = end;
      } else reader.skip(tag, reader.length);
    }
  }

  integer(field: number): number {
    return this.#integers.get(field) ?? 0;
  }

  text(field: number): string {
    return Buffer.from(this.#bytes.get(field)?.at(-1) ?? []).toString('utf8');
  }

  messages(field: number): Message[] {
    return (this.#bytes.get(field) ?? []).map((bytes) => new Message(bytes));
  }
}
