import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Reservation } from './bytes-in-flight.js';
import { malformed, overloaded, Refusal, tooLarge, tooSlow } from './refusal.js';
import { RPC_CODES } from './response-bodies.js';

const KIB = 1024;
/** Deflate cannot make more of a byte. */
const MOST_SHRUNK = 1032;
const MOST_TRUSTED_BYTES = 16 * KIB * KIB;
/** What a piece of a body weighs beside its bytes: a body sent byte by byte would weigh nothing otherwise. */
export const CHUNK_BYTES = 256;

/** The sender closed the connection before its request was whole: nobody is left to answer. */
export class SenderLeftError extends Error {
  override readonly name = 'SenderLeftError';
}

/** 413: the body as it comes is larger than `maxBytes`. */
export function bodyTooLarge(maxBytes: number): Refusal {
  return tooLarge(`The body is larger than ${maxBytes} bytes. Send smaller batches.`);
}

/**
 * Whether a Content-Encoding is gzip rather than none.
 *
 * @throws Refusal (415) for any other, naming those that are accepted
 */
export function isGzip(contentEncoding: string | undefined): boolean {
  const coding = contentEncoding?.trim().toLowerCase() ?? '';
  if (coding === 'gzip' || coding === 'x-gzip') return true;
  if (coding === '' || coding === 'identity') return false;
  const message = `Content-Encoding "${coding}" is not supported. Use gzip, or none (identity).`;
  const headers = { 'Accept-Encoding': 'gzip, identity' };
  throw new Refusal(415, { code: RPC_CODES.invalidArgument, message }, headers);
}

/**
 * The body as it comes, at most `maxBytes`, each byte reserved as it arrives (a mere Content-Length reserves
 * nothing, or idle connections could take all the memory there is).
 *
 * @throws Refusal (413; 503 also if it is not whole in `timeoutMs`) with the rest of the body unread; SenderLeftError
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
  reservation: Reservation,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const finish = () => {
      clearTimeout(timeout);
      request.off('data', onData);
      // The request lives until it is answered, and its listeners with it.
      chunks = [];
    };
    const stop = (error: Error) => {
      finish();
      reject(error);
    };
    const timeout = setTimeout(() => stop(tooSlow(timeoutMs)), timeoutMs);
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) stop(bodyTooLarge(maxBytes));
      else if (!reservation.grow(chunk.length + CHUNK_BYTES)) stop(overloaded());
      else chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
      finish();
      resolve(body);
    });
    request.once('error', () => stop(new SenderLeftError('the sender broke off its request')));
    request.once('close', () => stop(new SenderLeftError('the sender left before its request was whole')));
  });
}

/**
 * Throws away what follows of a refused body, so that the sender reads its answer and the connection can go on: at most
 * `maxBytes`, for as long as a request may take. A sender that goes on for longer is cut.
 */
export function discardBody(request: IncomingMessage, maxBytes: number): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) request.destroy();
  });
}

/**
 * How large a gzip body says that it is unzipped, in its last four bytes, and one byte more, so that one chunk holds it
 * and nothing is copied; less if it cannot be true, or is more than what should be taken on trust.
 */
function sizeToldBy(body: Buffer): number {
  const told = body.length < 4 ? 0 : body.readUInt32LE(body.length - 4) + 1;
  return Math.min(told, body.length * MOST_SHRUNK, MOST_TRUSTED_BYTES);
}

/**
 * What a gzip body (of one or more members) holds, at most `maxBytes`, reserved.
 *
 * @throws Refusal (400 if it is not gzip, 413, 503)
 */
export function gunzip(body: Buffer, maxBytes: number, reservation: Reservation): Buffer {
  const maxOutputLength = Math.min(maxBytes, reservation.room());
  if (maxOutputLength < 1) throw overloaded();
  const chunkSize = Math.max(16 * KIB, Math.min(maxOutputLength + 1, sizeToldBy(body)));
  let output: Buffer;
  try {
    // On a thread of the pool the same work costs more CPU than it saves time.
    output = gunzipSync(body, { maxOutputLength, chunkSize });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
      throw malformed('its body is not gzip');
    if (maxOutputLength < maxBytes) throw overloaded();
    throw tooLarge(`The decompressed body is larger than ${maxBytes} bytes. Send smaller batches.`);
  }
  if (!reservation.grow(output.buffer.byteLength)) throw overloaded();
  return output;
}
