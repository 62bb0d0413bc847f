import { createHash } from 'node:crypto';
import type { FindingState, Link, Severity, Verdict, WithdrawnReason } from '../words.js';
import { type PointReason, severityRank, weigh } from './severity.js';

/** What a finding is about: decides its id. A generation begins after a resolution, when something new happens. */
export interface FindingSubject {
  readonly tenant: string;
  /** The story of a session, or of a cell whose evidence is missing. */
  readonly story: 'session' | 'cell';
  /** The session's key, or the cell. */
  readonly subject: string;
  readonly generation: number;
}

/** A row of `finding_revisions` (and of `findings`), as it is written. Times are ClickHouse text in UTC. */
export interface FindingRow extends FindingSubject {
  readonly id: string;
  readonly cursor: string;
  /** Decimal text: the hash has 64 bits. */
  readonly content_hash: string;
  readonly revision: number;
  readonly raised_at: string;
  readonly revised_at: string;
  readonly correlation: string;
  readonly state: FindingState;
  readonly withdrawn_because: WithdrawnReason | '';
  readonly evidence_event_id: string;
  readonly superseded_by: string;
  readonly session_key: string;
  readonly severity: Severity;
  readonly severity_rank: number;
  readonly points: number;
  readonly point_reasons: readonly PointReason[];
  readonly link: Link;
  readonly verdict: Verdict;
  readonly title: string;
  readonly summary: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly sources: readonly string[];
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly first_event_id: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly event_count: number;
}

/** A row of `findings` as it is read back. */
export type StandingFinding = FindingRow & { readonly revision_order: number };

/** What a correlation proposes for a session or a cell, with what its events say. */
export interface Proposal {
  readonly tenant: string;
  readonly story: FindingSubject['story'];
  readonly subject: string;
  /** Empty for a cell. */
  readonly session_key: string;
  readonly verdict: Verdict;
  readonly correlation: string;
  readonly state: 'open' | 'provisional';
  readonly link: Link;
  readonly point_reasons: readonly PointReason[];
  readonly title: string;
  readonly summary: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly sources: readonly string[];
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly first_event_id: string;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly event_count: number;
}

/** When a run judges: its cursor (which orders revisions) and the wall clock, as ClickHouse text. */
export interface RunTime {
  readonly cursor: string;
  readonly now: string;
}

/** Finding ids are hashes of what they are about, so that judging twice is judging once: 32 hex characters. */
function findingId(subject: FindingSubject): string {
  const parts = [subject.tenant, subject.story, subject.subject, String(subject.generation)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Volatile figures and bookkeeping: a difference in these alone is no new revision. */
const NOT_CONTENT: ReadonlySet<string> = new Set([
  'cursor',
  'content_hash',
  'revision',
  'raised_at',
  'revised_at',
  'last_seen',
  'event_count',
  'summary',
]);

type FindingContent = Omit<FindingRow, 'cursor' | 'content_hash' | 'revision' | 'raised_at' | 'revised_at'>;

function contentHash(row: FindingContent): string {
  const content = Object.entries(row)
    .filter(([name]) => !NOT_CONTENT.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(content)).digest().readBigUInt64BE(0).toString();
}

function revise(content: FindingContent, existing: FindingRow | undefined, time: RunTime): FindingRow {
  return {
    ...content,
    cursor: time.cursor,
    content_hash: contentHash(content),
    revision: (existing?.revision ?? 0) + 1,
    raised_at: existing?.raised_at ?? time.now,
    revised_at: time.now,
  };
}

/** A finding that stands, and whether it is a new revision or merely has newer figures. */
export interface Raised {
  readonly row: FindingRow;
  readonly isRevision: boolean;
}

/**
 * The finding that a proposal makes of what stands: a new one, a new revision, or the same with newer figures.
 * @returns the row, and whether it is a new revision (else only `last_seen`, `event_count` and the summary moved,
 *   or nothing: then `undefined`).
 */
export function raise(
  proposal: Proposal,
  existing: FindingRow | undefined,
  time: RunTime,
  generation = existing?.generation ?? 1,
): Raised | undefined {
  const { state, point_reasons, ...rest } = proposal;
  const { reasons, points, severity } = weigh(point_reasons, state === 'provisional');
  const row = revise(
    {
      ...rest,
      generation,
      id: findingId({ ...rest, generation }),
      state,
      withdrawn_because: '',
      evidence_event_id: '',
      superseded_by: '',
      severity,
      severity_rank: severityRank(severity),
      points,
      point_reasons: reasons,
    },
    existing,
    time,
  );
  if (existing === undefined || existing.content_hash !== row.content_hash) return { row, isRevision: true };
  if (existing.last_seen === row.last_seen && existing.event_count === row.event_count) return undefined;
  return {
    row: { ...row, revision: existing.revision, revised_at: existing.revised_at },
    isRevision: false,
  };
}

/** Why a finding is withdrawn, and what of it that changes. */
export type Withdrawal = Pick<FindingRow, 'withdrawn_because' | 'evidence_event_id' | 'verdict' | 'link'>;

/**
 * What becomes of a finding that no correlation proposes any more.
 * @returns the new revision, or `undefined` if it is withdrawn already.
 */
export function withdraw(existing: FindingRow, why: Withdrawal, time: RunTime): FindingRow | undefined {
  if (existing.state === 'withdrawn') return undefined;
  return revise({ ...existing, ...why, state: 'withdrawn' }, existing, time);
}
