import type { Database } from '../store/database.js';
import { ArrivalsCursor } from './arrivals.js';
import type { CorrelationFile } from './correlation-file.js';
import { dropLeftRunTables, judgeCells, type RunOutcome, type RunWindow, runOnce } from './run.js';
import { logRun } from './run-log.js';
import { keepUp } from './upkeep.js';

/** Where the scheduler tells what it does; pino fits. */
export interface SchedulerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SchedulerOptions {
  readonly database: Database;
  readonly correlations: readonly CorrelationFile[];
  readonly logger: SchedulerLogger;
  /** Milliseconds between the starts of two runs. */
  readonly everyMs?: number;
  /** The shortest retention of any part of an event, in days; held sessions are renewed before it ends. */
  readonly retentionDays?: number;
  /** Told after each run, for metrics. */
  readonly onRun?: (outcome: RunOutcome, seconds: number) => void;
}

export interface SchedulerStatus {
  /** Milliseconds that judging is behind; undefined before the first run. */
  readonly cursorLagMs: number | undefined;
  /** Milliseconds since 1970 of the end of the last run that went well. */
  readonly lastRunAt: number | undefined;
  /** Why the last run failed; undefined if it went well. */
  readonly lastError: string | undefined;
}

export interface Scheduler {
  status(): SchedulerStatus;
  /** Finishes the run under way and starts no other. */
  close(): Promise<void>;
}

const EVERY_MS = 5_000;
/** Of the raw text, as the first migration sets it. */
const RAW_RETENTION_DAYS = 90;
/** How often waiting sessions and windows that grew are looked at when nothing new arrives. */
const SWEEP_EVERY_MS = 60_000;
/** How often the habits of the streams are learned again. */
const LEARN_STREAMS_EVERY_MS = 300_000;
/** How often a run in which nothing was due is logged. */
const LOG_IDLE_EVERY_MS = 15_000;
const UPKEEP_EVERY_MS = 3_600_000;
/** Inserts are abandoned after ten seconds: one that began before this is whole or was cut off. */
const INSERTS_END_WITHIN_MS = 60_000;

/**
 * Runs the correlations on schedule until closed. Any number of schedulers may run on one store: what they write is
 * a function of the store, so doing it twice is harmless.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { database, correlations, logger, onRun } = options;
  const cursor = new ArrivalsCursor(database, 'judging');
  const everyMs = options.everyMs ?? EVERY_MS;
  let closed = false;
  let wake: () => void = () => {};
  let judgedUpTo: number | undefined;
  let lastRunAt: number | undefined;
  let lastError: string | undefined;
  let sweptAt = 0;
  let loggedAt = 0;
  let learnedAt = 0;
  let keptUpAt = 0;
  let upkeep = Promise.resolve();
  const ending = new AbortController();

  async function judge(from: number, to: number, now: number, lookAtClocks: boolean): Promise<void> {
    const window = { from, to, now, lookAtClocks };
    const began = performance.now();
    const outcome = await runOnce(database, correlations, window);
    report(outcome, began);
    if (outcome.sessions > 0 || now - loggedAt >= LOG_IDLE_EVERY_MS) {
      await logRun(database, correlations, window, outcome);
      loggedAt = now;
    }
  }

  /** What is due once a minute; not while judging is behind, since it would look at a store half judged. */
  async function judgeCellsOf(window: RunWindow): Promise<void> {
    const learn = window.now - learnedAt >= LEARN_STREAMS_EVERY_MS;
    const began = performance.now();
    const outcome = await judgeCells(database, correlations, window, learn);
    if (learn) learnedAt = window.now;
    report(outcome, began);
    if (outcome.correlations.length > 0) await logRun(database, correlations, window, outcome);
  }

  function report(outcome: RunOutcome, began: number): void {
    onRun?.(outcome, (performance.now() - began) / 1000);
    for (const { correlation, error } of outcome.correlations) {
      if (error !== '') logger.error({ correlation, run: outcome.runId, error }, 'correlation failed');
    }
  }

  /** One turn; true if more is waiting than one run may judge. */
  async function turn(): Promise<boolean> {
    const now = Date.now();
    const sweep = now - sweptAt >= SWEEP_EVERY_MS;
    if (sweep) {
      for (const window of await cursor.grown(now)) await judge(window.from, window.to, now, false);
      sweptAt = now;
    }
    const window = await cursor.next(now);
    await judge(window.from, window.to, now, sweep || window.arrivals > 0);
    await cursor.advance(window);
    judgedUpTo = window.to;
    const behind = window.to < now - everyMs - 1_000;
    if (sweep && !behind) await judgeCellsOf({ from: window.to, to: window.to, now, lookAtClocks: true });
    lastRunAt = Date.now();
    if (now - keptUpAt >= UPKEEP_EVERY_MS) {
      // Beside the judging, which must not wait for it.
      keptUpAt = now;
      upkeep = keepUpStore(window.to, now - INSERTS_END_WITHIN_MS);
    }
    return behind;
  }

  async function keepUpStore(judgedUpTo: number, insertsEndedBy: number): Promise<void> {
    try {
      const { signal } = ending;
      const { droppedHours, fed } = await keepUp(database, {
        judgedUpTo,
        insertsEndedBy,
        retentionDays: options.retentionDays ?? RAW_RETENTION_DAYS,
        signal,
      });
      if (fed > 0) logger.warn({ fed }, 'rows whose insert had been cut off were fed to the views again');
      if (droppedHours > 0) logger.info({ droppedHours }, 'dropped arrivals that were judged');
    } catch (error) {
      if (!closed) logger.warn({ error }, 'the upkeep of the store failed; it is tried again in an hour');
    }
  }

  async function loop(): Promise<void> {
    await dropLeftRunTables(database).catch((error: unknown) => {
      logger.warn(
        { error },
        'could not clear the tables of runs that were cut off; trying again at the next start',
      );
    });
    // Before anything is judged: what a crash has left without its evidence would look unvouched.
    keptUpAt = Date.now();
    await keepUpStore(await cursor.position().catch(() => 0), keptUpAt);
    while (!closed) {
      const began = Date.now();
      let behind = false;
      try {
        behind = await turn();
        if (lastError !== undefined) logger.info({}, 'judging goes on');
        lastError = undefined;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (lastError === undefined) {
          logger.error({ error: message }, 'judging failed; it goes on where it stood, every few seconds');
        }
        lastError = message;
      }
      const pause = behind ? 0 : Math.max(0, everyMs - (Date.now() - began));
      if (!closed && pause > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  }

  const running = loop();
  return {
    status: () => ({
      cursorLagMs: judgedUpTo === undefined ? undefined : Math.max(0, Date.now() - judgedUpTo),
      lastRunAt,
      lastError,
    }),
    async close() {
      closed = true;
      wake();
      ending.abort();
      await running;
      await upkeep;
    },
  };
}
