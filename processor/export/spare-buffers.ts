import { RowBuffer } from './row-buffer.js';

/**
 * Buffers that stored batches leave for the next ones. A new one for each batch grows by doubling, and the pieces are large
 * enough for the garbage collector to let a hundred megabytes of them lie.
 */
export class SpareBuffers {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #spare: RowBuffer[] = [];

  /** Keeps at most `most`, each of at most `mostBytes`. */
  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** An empty buffer. */
  take(): RowBuffer {
    return this.#spare.pop() ?? new RowBuffer();
  }

  /** Takes back a buffer that nobody reads any more. */
  give(buffer: RowBuffer): void {
    if (this.#spare.length >= this.#most || buffer.bytes.length > this.#mostBytes) return;
    buffer.position = 0;
    this.#spare.push(buffer);
  }
}
