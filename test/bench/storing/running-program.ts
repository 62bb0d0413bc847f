import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EVENT_COLUMNS } from '../../../schema/event.js';
import { type Database, openDatabase } from '../../../schema/store/database.js';
import { cpuSeconds } from '../measuring/cpu-time.js';
import { ServedProcess } from '../measuring/served-process.js';
import type { Inserts, ProgramPlace } from './program.js';

/** Requests under way at once: as many as the writer takes (32 MiB), so that none is refused and comes again. */
export const AT_ONCE = 14;
const RETRY_MS = 50;

/** What storing requests took: seconds on the clock and of CPU until all were acknowledged, and of CPU with merges. */
export interface ProgramCost {
  readonly seconds: number;
  /** Of the processor's process. */
  readonly processorCpuSeconds: number;
  /** Of the store's process. */
  readonly storeCpuSeconds: number;
  readonly cpuSecondsWithMerges: number;
  readonly rowsPerInsert: number;
  /** Requests that were answered 503 and sent again. */
  readonly refusals: number;
}

/** The program in processes of its own, which this one sends logs to as a Collector does. */
export class RunningProgram {
  readonly #process: ServedProcess;
  readonly #place: ProgramPlace;
  readonly database: Database;
  #refusals = 0;

  static async start(dataDir: string): Promise<RunningProgram> {
    const child = new ServedProcess(new URL('program.ts', import.meta.url), [dataDir]);
    try {
      return new RunningProgram(child, await child.hear<ProgramPlace>());
    } catch (error) {
      await child.end();
      throw error;
    }
  }

  private constructor(child: ServedProcess, place: ProgramPlace) {
    this.#process = child;
    this.#place = place;
    const { storeUrl: url, username, password, database } = place;
    this.database = openDatabase({ url, username, password, database });
  }

  /** Sends all requests and resolves when all are acknowledged and the store has come to rest. */
  async store(requests: readonly Buffer[]): Promise<ProgramCost> {
    this.#refusals = 0;
    const insertsBefore = await this.#process.ask<Inserts>('inserts');
    const [processor, store] = this.#cpu();
    const began = performance.now();
    const waiting = [...requests];
    const send = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await this.#send(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    const seconds = (performance.now() - began) / 1000;
    const [processorAfter, storeAfter] = this.#cpu();
    await this.#rest();
    const [processorAtRest, storeAtRest] = this.#cpu();
    const inserts = await this.#process.ask<Inserts>('inserts');
    return {
      refusals: this.#refusals,
      rowsPerInsert: (inserts.rows - insertsBefore.rows) / (inserts.count - insertsBefore.count),
      seconds,
      processorCpuSeconds: processorAfter - processor,
      storeCpuSeconds: storeAfter - store,
      cpuSecondsWithMerges: processorAtRest - processor + storeAtRest - store,
    };
  }

  /** How many events there are. */
  async events(): Promise<number> {
    const { rows } = await this.database.query<{ events: number }>('SELECT count() AS events FROM events');
    return rows[0]?.events ?? 0;
  }

  /** Bytes on disk, of the table of events and of all tables. */
  async bytesOnDisk(): Promise<{ events: number; all: number }> {
    const { rows } = await this.database.query<{ events: number; all: number }>(
      `SELECT sumIf(bytes_on_disk, table = 'events') AS events, sum(bytes_on_disk) AS all
      FROM system.parts WHERE active AND database = currentDatabase()`,
    );
    return rows[0] ?? { events: Number.NaN, all: Number.NaN };
  }

  /** Writes the events that were stored after `after` (milliseconds since 1970) into a Native file. */
  async exportEvents(after: number, path: string): Promise<void> {
    const { storeUrl, username, password, database } = this.#place;
    const columns = EVENT_COLUMNS.map(({ name }) => name).join(', ');
    const query = `SELECT ${columns} FROM events WHERE ingested_at > fromUnixTimestamp64Milli(${after}) FORMAT Native`;
    const answer = await fetch(`${storeUrl}/?database=${database}`, {
      method: 'POST',
      headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
      body: query,
    });
    if (!answer.ok) throw new Error(`the store could not export its events: ${await answer.text()}`);
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
  }

  async end(): Promise<void> {
    await this.database.close();
    await this.#process.end();
  }

  #cpu(): readonly [processor: number, store: number] {
    return [cpuSeconds(this.#process.pid), cpuSeconds(this.#place.storePid)];
  }

  async #send(request: Buffer): Promise<void> {
    for (;;) {
      const answer = await fetch(this.#place.logsUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' },
        body: new Uint8Array(request),
      });
      const said = Buffer.from(await answer.arrayBuffer());
      // A partial success would say something in the body.
      if (answer.status === 200 && said.length === 0) return;
      if (answer.status !== 503) throw new Error(`the program answered ${answer.status}: ${said.toString()}`);
      this.#refusals += 1;
      await delay(RETRY_MS);
    }
  }

  async #rest(): Promise<void> {
    for (;;) {
      const { rows } = await this.database.query<{ merges: number }>(
        'SELECT count() AS merges FROM system.merges',
      );
      if (rows[0]?.merges === 0) return;
      await delay(50);
    }
  }
}
