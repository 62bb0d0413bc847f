import { FINDING_STATES, type FindingState, type Resolution } from '../../schema/words.js';
import type { FindingRow } from '../reading/finding-queries.js';
import { wordOf } from '../reading/stored-words.js';
import type { TriageKind, TriageState } from './triage-words.js';

/** What is to be done about a finding. What is undefined stays as it is. */
export interface TriageWish {
  readonly state?: TriageState | undefined;
  /** Given with the state `resolved`, and only then. */
  readonly resolution?: Resolution | undefined;
  /** Empty: nobody any more. */
  readonly assignee?: string | undefined;
  readonly note?: string | undefined;
}

type Triaged = Pick<FindingRow, 'state' | 'triage_state' | 'resolution'>;

/** The state that a finding shows: that of triage where there is one, else the one that the program found. */
export function shownState(finding: Pick<Triaged, 'state' | 'triage_state'>): FindingState {
  return wordOf(FINDING_STATES, finding.triage_state || finding.state, 'open');
}

/** Everything that changes a finding counts: its revisions, and what was done about it, undone or not. */
export function versionOf(finding: Pick<FindingRow, 'revision' | 'action_count'>): number {
  return finding.revision + finding.action_count;
}

/**
 * The action that a wish becomes for a finding as it stands, or why it makes no sense there: a text that goes on after
 * "The finding ".
 */
export function actionKind(
  finding: Triaged,
  { state, resolution, assignee }: TriageWish,
): { readonly kind: TriageKind } | { readonly refused: string } {
  switch (state) {
    case undefined:
      return { kind: assignee === undefined ? 'note' : 'assign' };
    case 'acknowledged':
      if (finding.triage_state === 'acknowledged') return { refused: 'is ACKNOWLEDGED already.' };
      if (finding.triage_state === 'resolved') {
        return { refused: 'is RESOLVED: reopen it with the state OPEN, or undo that.' };
      }
      // A withdrawn one asks for nobody's attention; whoever disagrees resolves it.
      if (finding.state === 'withdrawn') return { refused: 'is WITHDRAWN: it needs nobody to look at it.' };
      return { kind: 'acknowledge' };
    case 'resolved':
      if (finding.triage_state === 'resolved' && finding.resolution === resolution) {
        return { refused: `is RESOLVED as ${resolution.toUpperCase()} already.` };
      }
      return { kind: 'resolve' };
    case 'open':
      if (finding.triage_state === '') {
        return { refused: `is ${shownState(finding).toUpperCase()}: there is no triage to take back.` };
      }
      return { kind: 'reopen' };
  }
}
