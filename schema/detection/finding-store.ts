import type { Database } from '../store/database.js';
import type { FindingState } from '../words.js';
import type { FindingRow, Raised } from './finding.js';

/** How many findings a merge raised (new, or standing again) and withdrew. */
export interface FindingChanges {
  readonly raised: number;
  readonly withdrawn: number;
}

/** What a merge is about to write. */
export interface GatheredChanges extends FindingChanges {
  /** @param before the state of the finding that stood, if one did */
  add(raised: Raised | undefined, before: FindingState | undefined): void;
  addWithdrawal(row: FindingRow | undefined): void;
  readonly revisions: readonly FindingRow[];
  readonly figures: readonly FindingRow[];
}

export function newChanges(): GatheredChanges {
  const revisions: FindingRow[] = [];
  const figures: FindingRow[] = [];
  let raised = 0;
  let withdrawn = 0;
  return {
    revisions,
    figures,
    get raised() {
      return raised;
    },
    get withdrawn() {
      return withdrawn;
    },
    add(change, before) {
      if (change === undefined) return;
      (change.isRevision ? revisions : figures).push(change.row);
      if (before === undefined || before === 'withdrawn') raised++;
    },
    addWithdrawal(row) {
      if (row === undefined) return;
      revisions.push(row);
      withdrawn++;
    },
  };
}

/** Writes the gathered rows. Figures alone go to the current row only: a revision says that something changed. */
export async function writeFindings(database: Database, changes: GatheredChanges): Promise<FindingChanges> {
  await database.insertRows('finding_revisions', changes.revisions);
  await database.insertRows(
    'findings',
    changes.figures.map((row) => ({ ...row, revision_order: revisionOrder(row) })),
  );
  return { raised: changes.raised, withdrawn: changes.withdrawn };
}

/** The order of revisions as one number, as the view findings_of_revisions computes it; decimal text. */
function revisionOrder(row: FindingRow): string {
  const cursor = BigInt(Date.parse(`${row.cursor.replace(' ', 'T')}Z`));
  return ((cursor << 16n) | (BigInt(row.content_hash) & 0xffffn)).toString();
}
