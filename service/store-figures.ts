import { setTimeout as delay } from 'node:timers/promises';
import { type FindingsStandingRow, findingsStanding } from '../schema/figures/findings-standing.sql.js';
import { type StreamWatermarksRow, streamWatermarks } from '../schema/figures/stream-watermarks.sql.js';
import type { Database } from '../schema/store/database.js';
import { loadSqlFile } from '../schema/store/sql-file.js';
import type { SqlQuery } from '../schema/store/sql-query.js';

/** What only the store knows of itself, for metrics. */
export interface StoreFigures {
  readonly streams: readonly StreamWatermarksRow[];
  readonly findings: readonly FindingsStandingRow[];
}

/** Each is a time series for ever: of more streams, those that were heard of last. */
const mostStreams = 500;
/** Scrapes come every 15 s or more; several of them share one look. */
const goodForMs = 5_000;
const patienceMs = 2_000;

/**
 * Asks the store for its figures, at most every five seconds however often it is asked itself.
 * @returns undefined while the store does not answer in time
 */
export function storeFigures(database: Database): () => Promise<StoreFigures | undefined> {
  let asked: { at: number; figures: Promise<StoreFigures | undefined> } | undefined;
  return () => {
    const now = performance.now();
    if (asked === undefined || now - asked.at > goodForMs) {
      asked = { at: now, figures: inTime(database) };
    }
    return asked.figures;
  };
}

async function inTime(database: Database): Promise<StoreFigures | undefined> {
  const late = new AbortController();
  const figures = read(database, late.signal).catch(() => undefined);
  const answer = await Promise.race([figures, delay(patienceMs, undefined, { ref: false })]);
  late.abort();
  return answer;
}

async function read(database: Database, signal: AbortSignal): Promise<StoreFigures> {
  const ask = async <Params extends object, Row extends object>(
    { file }: SqlQuery<Params, Row>,
    parameters: Readonly<Params>,
  ): Promise<Row[]> => {
    const { text } = await loadSqlFile(file);
    const { rows } = await database.query<Row>(text, parameters, { signal, logComment: file });
    return rows;
  };
  const [streams, findings] = await Promise.all([
    ask(streamWatermarks, { most: mostStreams }),
    ask(findingsStanding, {}),
  ]);
  return { streams, findings };
}
