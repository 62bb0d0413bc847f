import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryFolderOf } from '../../schema/store/embedded/spool.js';

/** Looks at a data folder's spool all the time: its files live for some milliseconds. */
export class SpoolWatch {
  readonly #folders: readonly string[];
  readonly #seen = new Map<string, Buffer>();
  #ended = false;
  readonly #watching: Promise<void>;

  constructor(dataDir: string) {
    this.#folders = [join(dataDir, 'spool'), memoryFolderOf(dataDir)];
    this.#watching = this.#watch();
  }

  /** What was read of each file, as far as it was written then. */
  get files(): readonly Buffer[] {
    return [...this.#seen.values()];
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      for (const folder of this.#folders) this.#look(folder);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #look(folder: string): void {
    try {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const found = readFileSync(path);
        if (found.length > (this.#seen.get(path)?.length ?? -1)) this.#seen.set(path, found);
      }
    } catch {
      // Not there yet, or gone meanwhile.
    }
  }
}
