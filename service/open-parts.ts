import type { Logger } from './logger.js';

/** What has been opened, to be closed in the opposite order; a failing close does not keep the rest open. */
export class OpenParts {
  readonly #parts: [name: string, close: () => void | Promise<void>][] = [];
  readonly #logger: Logger;
  #closed: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, close: () => void | Promise<void>): void {
    this.#parts.push([name, close]);
  }

  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const [name, close] of this.#parts.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#logger.error({ err: error, part: name }, 'could not be closed');
      }
    }
  }
}
