import type { Buffer } from 'node:buffer';
import type { OtlpEncoding } from '../receiver/log-batch.js';

/** An encoded `ExportLogsServiceRequest`. */
export interface Payload {
  readonly body: Buffer;
  readonly encoding: OtlpEncoding;
}

/** What became of a request, and the destination's words. */
export type Delivery =
  /** All but `rejected` records, of which `reason` speaks. */
  | { readonly outcome: 'taken'; readonly rejected: number; readonly reason: string }
  /** Not now. `afterMs`: when it asks to be asked again; 0 if it does not say. */
  | { readonly outcome: 'later'; readonly reason: string; readonly afterMs: number }
  /** Never; `too large`: not in one piece, `no JSON`: not in this encoding. */
  | { readonly outcome: 'refused' | 'too large' | 'no JSON'; readonly reason: string };

/** Where requests go, over one protocol. */
export interface Destination {
  /** As it may be logged: without what is secret. */
  readonly name: string;
  /** Sends a request once, and says what became of it. Never rejects. */
  deliver(payload: Payload): Promise<Delivery>;
  /** Ends all connections. */
  close(): void;
}

const MAX_WORDS = 300;

/** A destination's own words, on one line and not too many of them, for logs and answers. */
export function shortWords(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a log.
  const line = text.replace(/[\u0000-\u0020\u007f-\u009f\s]+/g, ' ').trim();
  return line.length <= MAX_WORDS ? line : `${line.slice(0, MAX_WORDS)}...`;
}
