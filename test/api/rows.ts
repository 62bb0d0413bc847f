import { createHash } from 'node:crypto';
import type { Database } from '../../schema/store/database.js';
import { SEVERITIES } from '../../schema/words.js';

/*
 * Rows as JSON for the tables that the API reads. What a test does not name is empty, as the store's own defaults are.
 */

type Fields = Readonly<Record<string, unknown>>;

/** 32 hex digits, like the keys and ids of the real thing. */
export function key(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** `minutes` after the start of 2026-03-02 (UTC), with a fraction of nine digits. */
export function at(minutes: number, nanoseconds = 0): string {
  const time = new Date(Date.UTC(2026, 2, 2) + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  return `${time}.${String(nanoseconds).padStart(9, '0')}`;
}

/** Milliseconds after this file was loaded: retention counts from when a row was stored. */
export function lately(milliseconds = 0): string {
  return new Date(loadedAt + milliseconds).toISOString().slice(0, 23).replace('T', ' ');
}
const loadedAt = Date.now();

export function eventRow(id: string, ts: string, fields: Fields = {}): Fields {
  return {
    tenant: 'default',
    event_id: key(id),
    ts,
    observed_at: ts,
    ingested_at: lately(),
    source: 'otel',
    stream: 'otel',
    activity: 'access',
    outcome: 'success',
    evidence: 'none',
    network_class: 'unknown',
    client_kind: 'browser',
    session_kind: 'browser',
    ...fields,
  };
}

export function sessionRow(name: string, fields: Fields = {}): Fields {
  return {
    tenant: 'default',
    session_key: key(name),
    source: 'otel',
    sources: ['otel'],
    kind: 'browser',
    creation_link: 'none',
    first_seen: at(0),
    last_seen: at(10),
    first_use: at(0),
    last_use: at(10),
    verdict: 'unproven',
    link: 'none',
    evidence: 'none',
    evidence_keys: [key(name)],
    version: 1,
    ...fields,
  };
}

export function findingRow(name: string, fields: Fields = {}): Fields {
  const severity = String(fields['severity'] ?? 'medium');
  return {
    tenant: 'default',
    id: key(name),
    cursor: at(1).slice(0, 23),
    content_hash: 1,
    revision: 1,
    raised_at: at(1).slice(0, 23),
    revised_at: at(1).slice(0, 23),
    correlation: 'unvouched-access',
    story: 'session',
    generation: 1,
    state: 'open',
    severity,
    severity_rank: (SEVERITIES as readonly string[]).indexOf(severity),
    points: 4,
    point_reasons: [{ name: 'no evidence', points: 4, text: 'nothing vouches for it' }],
    link: 'none',
    verdict: 'unvouched',
    title: `Finding ${name}`,
    summary: `Summary of ${name}.`,
    sources: ['otel'],
    first_seen: at(0),
    last_seen: at(10),
    event_count: 1,
    ...fields,
  };
}

/**
 * A cell's user-days: so many users, each used sessions on every day from one to another before 2026-03-02; those of
 * `open` had a session without its evidence on the last of them.
 */
export function closureRows(
  cell: string,
  users: readonly string[],
  { days = 7, open = [], fields = {} }: { days?: number; open?: readonly string[]; fields?: Fields } = {},
): Fields[] {
  return users.flatMap((user) =>
    [...Array(days).keys()].map((ago) => ({
      tenant: 'default',
      cell,
      day: at(-(ago + 1) * 24 * 60).slice(0, 10),
      user_key: user,
      sessions: 1,
      closed: ago === 0 && open.includes(user) ? 0 : 1,
      version: 1,
      ...fields,
    })),
  );
}

export interface Rows {
  readonly events?: readonly Fields[];
  readonly sessions?: readonly Fields[];
  readonly findings?: readonly Fields[];
  readonly runs?: readonly Fields[];
  readonly closures?: readonly Fields[];
  readonly deadLetters?: readonly Fields[];
  readonly policies?: readonly Fields[];
}

/** Puts rows into the tables that the program itself writes; the store's views fill the rest. */
export async function insert(database: Database, rows: Rows): Promise<void> {
  await database.insertRows('events', rows.events ?? []);
  await database.insertRows('session_states', rows.sessions ?? []);
  await database.insertRows('finding_revisions', rows.findings ?? []);
  await database.insertRows('correlation_runs', rows.runs ?? []);
  await database.insertRows('closure_days', rows.closures ?? []);
  await database.insertRows('dead_letters', rows.deadLetters ?? []);
  await database.insertRows('policies', rows.policies ?? []);
}
