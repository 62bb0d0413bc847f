import type { Database } from '../store/database.js';
import type { FindingState } from '../words.js';
import type { FindingRow, Raised } from './finding.js';

/** How many findings a merge raised (new, or standing again) and withdrew. */
export interface FindingCounts {
  raised: number;
  withdrawn: number;
}

/** Counts by the id of the correlation that the findings are, or were, of. */
export type FindingChanges = ReadonlyMap<string, Readonly<FindingCounts>>;

/** What a merge is about to write. */
export class GatheredChanges {
  readonly revisions: FindingRow[] = [];
  readonly figures: FindingRow[] = [];
  readonly counts = new Map<string, FindingCounts>();

  /** @param before the state of the finding that stood, if one did */
  add(change: Raised | undefined, before: FindingState | undefined): void {
    if (change === undefined) return;
    (change.isRevision ? this.revisions : this.figures).push(change.row);
    if (before === undefined || before === 'withdrawn') this.#countsOf(change.row).raised++;
  }

  addWithdrawal(row: FindingRow | undefined): void {
    if (row === undefined) return;
    this.revisions.push(row);
    this.#countsOf(row).withdrawn++;
  }

  #countsOf({ correlation }: FindingRow): FindingCounts {
    const counts = this.counts.get(correlation) ?? { raised: 0, withdrawn: 0 };
    this.counts.set(correlation, counts);
    return counts;
  }
}

/** Writes the gathered rows. Figures alone go to the current row only: a revision says that something changed. */
export async function writeFindings(database: Database, changes: GatheredChanges): Promise<FindingChanges> {
  await database.insertRows('finding_revisions', changes.revisions);
  await database.insertRows(
    'findings',
    changes.figures.map((row) => ({ ...row, revision_order: revisionOrder(row) })),
  );
  return changes.counts;
}

/** The order of revisions as one number, as the view findings_of_revisions computes it; decimal text. */
function revisionOrder(row: FindingRow): string {
  const cursor = BigInt(Date.parse(`${row.cursor.replace(' ', 'T')}Z`));
  return ((cursor << 16n) | (BigInt(row.content_hash) & 0xffffn)).toString();
}
