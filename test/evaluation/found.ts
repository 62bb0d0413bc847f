import type { Database } from '../../schema/store/database.js';

/** A finding as it stands at the end, or an alert of a peer's rule. */
export interface Found {
  readonly id: string;
  /** The correlation, or the peer's rule. */
  readonly by: string;
  readonly userKey: string;
  readonly sessionKey: string;
  readonly severity: string;
  readonly severityRank: number;
  readonly points: number;
  readonly reasons: readonly { readonly name: string; readonly points: number; readonly text: string }[];
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly raised: number;
  /** When it first stood at MEDIUM or above; absent if it never did, and where it is raised at once or never. */
  readonly loudSince?: number;
  readonly state: string;
}

/** All findings, the withdrawn ones too. */
export async function readFindings(database: Database): Promise<readonly Found[]> {
  const { rows } = await database.query<Found>(
    `WITH loud AS
    (
      SELECT id, toUnixTimestamp64Milli(min(revised_at)) AS loudSince
      FROM finding_revisions
      WHERE severity_rank >= 2 AND state != 'withdrawn'
      GROUP BY id
    )
    SELECT id, correlation AS by, user_key AS userKey, session_key AS sessionKey, severity, severity_rank AS severityRank,
      points, point_reasons AS reasons, toUnixTimestamp64Milli(toDateTime64(first_seen, 3, 'UTC')) AS firstSeen,
      toUnixTimestamp64Milli(raised_at) AS raised, loudSince, state
    FROM (SELECT * FROM findings FINAL) AS now
    LEFT JOIN loud USING id
    ORDER BY first_seen, id`,
  );
  return rows;
}

/** The worst that each finding ever was while it stood: a withdrawal does not undo that somebody was woken. */
export async function readWithdrawn(database: Database): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT uniqExact(id) AS count
    FROM finding_revisions
    WHERE severity_rank >= 2 AND state != 'withdrawn'
      AND id IN (SELECT id FROM findings FINAL WHERE state = 'withdrawn')`,
  );
  return rows[0]?.count ?? 0;
}
