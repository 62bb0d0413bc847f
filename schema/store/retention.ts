import type { Database } from './database.js';

/** How long rows are kept, in days from their arrival. */
export interface Retention {
  readonly events: number;
  /** What vouches for sessions. */
  readonly evidence: number;
  /** The raw text of events. */
  readonly raw: number;
  readonly deadLetters: number;
  /** The log of correlation runs. */
  readonly runs: number;
}

/** A change that was made to how long something is kept. */
export interface RetentionChange {
  /** A table, or a column of one: `events`, `events.raw`. */
  readonly what: string;
  readonly fromDays: number;
  readonly toDays: number;
}

interface Kept {
  readonly table: string;
  readonly column?: string;
  readonly days: number;
}

const DAYS = /toIntervalDay\((\d+)\)/;

/**
 * Has the store keep rows as long as `retention` says. Only what differs is changed; what is older than that is
 * removed in the background, which on a large store takes a while.
 * @throws StoreUnavailableError, StoreRejectedError
 */
export async function applyRetention(database: Database, retention: Retention): Promise<RetentionChange[]> {
  const kept: readonly Kept[] = [
    { table: 'events', days: retention.events },
    { table: 'user_events', days: retention.events },
    { table: 'events', column: 'raw', days: retention.raw },
    { table: 'session_evidence', days: retention.evidence },
    { table: 'dead_letters', days: retention.deadLetters },
    { table: 'correlation_runs', days: retention.runs },
  ];
  const { rows } = await database.query<{ name: string; engine: string; definition: string }>(
    `SELECT name, engine_full AS engine, create_table_query AS definition FROM system.tables
    WHERE database = currentDatabase() AND name IN {tables:Array(String)}`,
    { tables: kept.map(({ table }) => table) },
  );
  const changes: RetentionChange[] = [];
  for (const { table, column, days } of kept) {
    const found = rows.find(({ name }) => name === table);
    const expression =
      column === undefined ? tableExpression(found?.engine) : columnExpression(found?.definition, column);
    const fromDays = Number(DAYS.exec(expression ?? '')?.[1]);
    if (expression === undefined || Number.isNaN(fromDays) || fromDays === days) continue;
    // The rest of the expression stands: it may hold back what must outlive its days.
    const wanted = expression.replace(DAYS, `toIntervalDay(${days})`);
    const what = column === undefined ? 'MODIFY TTL' : `MODIFY COLUMN ${column} TTL`;
    await database.command(`ALTER TABLE ${table} ${what} ${wanted}`);
    changes.push({ what: column === undefined ? table : `${table}.${column}`, fromDays, toDays: days });
  }
  return changes;
}

function tableExpression(engine = ''): string | undefined {
  return / TTL (.+?)(?: SETTINGS |$)/.exec(engine)?.[1];
}

function columnExpression(definition = '', column: string): string | undefined {
  return new RegExp(`\`${column}\` [^\`]*? TTL ([^\`]+?)(?:, \`|\\) ENGINE)`).exec(definition)?.[1];
}
