import { EVIDENCE_GRADES, type EvidenceGrade } from '../../schema/words.js';
import type { EventPlace } from '../reading/event-key.js';
import type { EvidenceRow } from '../reading/session-queries.js';
import { plusNanoseconds, type StoreTime, toRfc3339 } from '../reading/store-time.js';
import { gradeOf } from '../reading/stored-words.js';
import type { SessionLife } from './session-life.js';

/** Evidence may be stamped a little later than the use that it vouches for; the judging allows as much. */
const CLOCK_ALLOWANCE = 300_000_000_000n;

const strength = (row: EvidenceRow) => EVIDENCE_GRADES.indexOf(gradeOf(row.grade));

/** The latest moment at which something counts as given before a use. */
export function latestFor(use: Pick<EventPlace, 'ts'>): StoreTime {
  return plusNanoseconds(use.ts, CLOCK_ALLOWANCE);
}

/** Evidence of the session that was given before the use, or so shortly after that clocks may explain it. */
export function givenBefore(life: SessionLife, use: EventPlace | null): readonly EvidenceRow[] {
  return use ? life.evidence.filter((row) => row.ts <= latestFor(use)) : life.evidence;
}

/** Of evidence, oldest first: the strongest, the latest of that strength. */
function strongest(rows: readonly EvidenceRow[]): EvidenceRow | undefined {
  return rows.reduce<EvidenceRow | undefined>(
    (best, row) => (best && strength(best) > strength(row) ? best : row),
    undefined,
  );
}

function ofGrade(rows: readonly EvidenceRow[], grade: EvidenceGrade): EvidenceRow[] {
  return rows.filter((row) => strength(row) >= EVIDENCE_GRADES.indexOf(grade));
}

/** The factor that was passed. */
export function factorOf(given: readonly EvidenceRow[]): EvidenceRow | undefined {
  return strongest(ofGrade(given, 'mfa'));
}

/** The credential that was checked: a passed factor alone is none. */
export function credentialOf(given: readonly EvidenceRow[]): EvidenceRow | undefined {
  const checks = (row: EvidenceRow) => row.activity !== 'mfa_success' && row.activity !== 'mfa_challenge';
  return strongest(ofGrade(given, 'credential').filter(checks));
}

/** The issue of the token that was used, or of the session itself by another one: the latest before the use. */
export function issueOf(
  life: SessionLife,
  given: readonly EvidenceRow[],
  tokenKey: string,
): EvidenceRow | undefined {
  const issues = given.filter((row) => row.activity === 'token_issue');
  return (
    issues.findLast((row) => tokenKey !== '' && row.filed_under === tokenKey) ??
    issues.findLast((row) => row.given_in !== life.key)
  );
}

const WEAKER: Partial<Record<EvidenceGrade, (time: string) => string>> = {
  asserted: (time) =>
    `The vendor's record of ${time} says that MFA happened; the event itself is not in store. `,
  inherited: (time) =>
    `At ${time} a claim from elsewhere stood in for it; what it was issued for is not in store. `,
  bypassed: (time) => `At ${time} a remembered device or a bypass code stood in for it. `,
};

/** What was given instead of a credential or factor: a sentence about the strongest of it, or ''. */
export function weakerText(given: readonly EvidenceRow[]): string {
  const weaker = strongest(given.filter((row) => WEAKER[gradeOf(row.grade)] !== undefined));
  return weaker ? (WEAKER[gradeOf(weaker.grade)]?.(toRfc3339(weaker.ts)) ?? '') : '';
}
