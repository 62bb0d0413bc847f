import { setTimeout as delay } from 'node:timers/promises';
import { eventually, isRunning, type RunningService, startedService, storePid } from '../program.js';
import { faultsOf, readingStore } from './kept-records.js';
import { NumberedSender } from './numbered-sender.js';

/** Which process is killed: the program, the child that holds the store, or both at once. */
export type Victim = 'program' | 'child' | 'both';

export interface Round {
  readonly victim: Victim;
  readonly sent: number;
  readonly acknowledged: number;
  /** From the kill until a record was acknowledged again, in milliseconds. */
  readonly recoveredMs: number;
  readonly faults: readonly string[];
}

const SENDERS = 6;
const PATIENCE_MS = 40_000;

/** A program on a data folder that is killed again and again while records come in. */
export class KillRounds {
  readonly #dataDir: string;
  readonly #senders = new Map<string, NumberedSender>();
  #service: RunningService;
  #rounds = 0;

  static async on(dataDir: string): Promise<KillRounds> {
    return new KillRounds(dataDir, await startedService(dataDir));
  }

  private constructor(dataDir: string, service: RunningService) {
    this.#dataDir = dataDir;
    this.#service = service;
  }

  /** One kill `loadMs` after the load began, and what the store holds once everything runs again. */
  async round(victim: Victim, loadMs: number): Promise<Round> {
    const name = `round ${++this.#rounds}`;
    const sender = new NumberedSender(name);
    this.#senders.set(name, sender);
    sender.start(this.#service.otlpHttpUrl, SENDERS);
    if (!(await eventually(() => sender.acknowledged.size > 0, PATIENCE_MS))) {
      throw new Error(`nothing was acknowledged\n${this.#service.stderr()}`);
    }
    await delay(loadMs);
    const killedAt = performance.now();
    await this.#kill(victim);
    if (victim !== 'child') {
      await sender.stop();
      this.#service = await startedService(this.#dataDir);
      sender.start(this.#service.otlpHttpUrl, 1);
    }
    const before = sender.acknowledged.size;
    if (!(await eventually(() => sender.acknowledged.size > before, PATIENCE_MS))) {
      throw new Error(`nothing was acknowledged after the kill\n${this.#service.stderr()}`);
    }
    const recoveredMs = Math.round(performance.now() - killedAt);
    await sender.stop();
    const { sent, acknowledged } = sender;
    const faults = await this.#faults(name, sender);
    return { victim, sent: sent.size, acknowledged: acknowledged.size, recoveredMs, faults };
  }

  /** What is wrong with the records of all rounds, now. */
  async faults(): Promise<string[]> {
    const faults: string[] = [];
    for (const [name, sender] of this.#senders) faults.push(...(await this.#faults(name, sender)));
    return faults;
  }

  async close(): Promise<void> {
    this.#service.process.kill('SIGTERM');
    await this.#service.ended;
  }

  /** Those that stay: views may lack for a moment what the killed insert left in `events`. */
  #faults(name: string, sender: NumberedSender): Promise<string[]> {
    return readingStore(this.#dataDir, async (database) => {
      let faults: string[] = [];
      await eventually(async () => {
        faults = await faultsOf(database, name, sender);
        return faults.length === 0;
      });
      return faults;
    });
  }

  async #kill(victim: Victim): Promise<void> {
    const child = storePid(this.#dataDir);
    if (victim !== 'child') this.#service.process.kill('SIGKILL');
    if (victim !== 'program') process.kill(child, 'SIGKILL');
    if (victim === 'child') {
      // Until the supervisor has seen it, what is acknowledged may still be answers of before the kill.
      await eventually(() => !isRunning(child), PATIENCE_MS);
    } else {
      await this.#service.ended;
    }
  }
}
