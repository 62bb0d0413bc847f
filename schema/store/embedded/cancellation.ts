import type { ServerResponse } from 'node:http';
import type { Session } from 'chdb';
import { sqlString } from './quoting.js';

/** A KILL that comes before the engine has registered the statement finds nothing, so it is repeated. */
const REPEAT_MS = 200;

/** Stops statements whose client went away: only a KILL from another connection does. */
export class Cancellation {
  readonly #control: Session;

  constructor(control: Session) {
    this.#control = control;
  }

  /**
   * Runs `statement`; while it runs, a client that closes its connection stops it.
   * @param tag the start of the statement's log_comment
   */
  async during<T>(response: ServerResponse, tag: string, statement: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const onClose = () => {
      if (response.writableFinished) return;
      const kill = () => void this.#kill(`startsWith(Settings['log_comment'], ${sqlString(tag)})`);
      kill();
      timer = setInterval(kill, REPEAT_MS);
    };
    response.on('close', onClose);
    try {
      return await statement();
    } finally {
      response.off('close', onClose);
      clearInterval(timer);
    }
  }

  /** Stops everything that runs, so that the engine can be closed. */
  async everything(): Promise<void> {
    await this.#kill("query NOT ILIKE 'KILL%'");
  }

  async #kill(condition: string): Promise<void> {
    // SYNC hangs for ever in the embedded engine.
    await this.#control.queryAsync(`KILL QUERY WHERE ${condition} ASYNC FORMAT Null`).catch(() => undefined);
  }
}
