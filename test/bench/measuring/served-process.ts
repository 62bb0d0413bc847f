import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of a benchmark that answers one message with another. */
export class ServedProcess {
  readonly #child: ChildProcess;

  /** `program` is a URL of a TypeScript file, which exits when its parent disconnects. */
  constructor(program: URL, args: readonly string[], env: Record<string, string> = {}) {
    this.#child = fork(fileURLToPath(program), args, {
      execArgv: ['--import', 'tsx', '--max-semi-space-size=64'],
      env: { ...process.env, ...env },
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Its next message. @throws Error if it ends instead. */
  hear<Answer>(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) =>
        reject(new Error(`a measuring process ended with code ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (answer) => {
        this.#child.off('exit', onExit);
        resolve(answer as Answer);
      });
    });
  }

  ask<Answer>(message: string): Promise<Answer> {
    const answer = this.hear<Answer>();
    this.#child.send(message);
    return answer;
  }

  /** Ends it by its own hand, or after ten seconds by force. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(force);
  }
}
