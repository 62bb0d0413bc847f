import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { forgetLists } from '../paging/list-reader.js';
import { byKey } from '../reading/batch-loader.js';
import { actionsLoader, findingLoader } from '../reading/finding-loaders.js';
import { type FindingRow, findingsById } from '../reading/finding-queries.js';
import { triageAction } from '../reading/triage-queries.js';
import { actionKind, shownState, type TriageWish, versionOf } from './decision.js';
import type { TriageActionRecord } from './ledger.js';
import { InvalidTransitionError, NotFoundError, StaleVersionError } from './problems.js';

/** More than anybody does about one finding by hand; its history is read whole to tell where it stands. */
const MOST_ACTIONS = 1_000;

/** A finding that something is to be done about. */
export interface TriageTarget {
  /** The id as the client gave it, for errors. */
  readonly given: string;
  readonly findingId: string;
  /** The version that the client has seen; undefined where it does not matter to it. */
  readonly version: number | undefined;
}

/** What was done: the ids of the finding and of the action. */
export interface TriageDone {
  readonly findingId: string;
  readonly actionId: string;
}

export type TriageProblem = NotFoundError | StaleVersionError | InvalidTransitionError;

/** What was done with each target, in their order. */
export type TriageOutcome = TriageDone | TriageProblem;

/** Later than every action of the finding that is known, even where this machine's clock is behind another's. */
function nextMoment(finding: FindingRow): string {
  const last = Date.parse(`${finding.last_action_at.replace(' ', 'T')}Z`);
  return new Date(Math.max(Date.now(), last + 1)).toISOString().slice(0, 23).replace('T', ' ');
}

function record(
  context: Context,
  finding: FindingRow,
  target: TriageTarget,
  done: Pick<TriageActionRecord, 'kind'> & Partial<TriageActionRecord>,
): TriageActionRecord {
  return {
    tenant: context.viewer.tenant,
    finding_id: finding.id,
    at: nextMoment(finding),
    id: randomUUID(),
    author: context.viewer.name,
    resolution: '',
    assignee: null,
    note: '',
    undoes: '',
    seen_version: target.version ?? 0,
    ...done,
  };
}

/** The finding, if something can be done about it now, or why not. */
function workable(
  finding: FindingRow | undefined,
  target: TriageTarget,
): { readonly finding: FindingRow } | { readonly problem: TriageProblem } {
  if (!finding) return { problem: new NotFoundError(target.given, 'finding') };
  if (target.version !== undefined && target.version !== versionOf(finding)) {
    return { problem: new StaleVersionError(target.given, target.version, versionOf(finding)) };
  }
  if (finding.action_count >= MOST_ACTIONS) {
    const reason = `has ${finding.action_count} actions of triage: no more are taken.`;
    return { problem: new InvalidTransitionError(target.given, shownState(finding), reason) };
  }
  return { finding };
}

/** What the request has read of findings is not true any more. */
function forgetFindings(context: Context): void {
  findingLoader(context).clearAll();
  actionsLoader(context).clearAll();
  forgetLists(context);
}

async function append(context: Context, records: readonly TriageActionRecord[]): Promise<void> {
  await context.ledger.append(records);
  forgetFindings(context);
}

/** Does the same about several findings, each by itself: what cannot be done about one does not hinder the others. */
export function triageFindings(
  context: Context,
  targets: readonly TriageTarget[],
  wish: TriageWish,
): Promise<TriageOutcome[]> {
  return context.ledger.inTurn(context.viewer.tenant, async () => {
    const ids = targets.map((target) => target.findingId);
    const findings = byKey(await context.reader.rows(findingsById, { ids }), (row) => row.id);
    const records: TriageActionRecord[] = [];
    const outcomes = targets.map((target): TriageOutcome => {
      const work = workable(findings.get(target.findingId), target);
      if ('problem' in work) return work.problem;
      const { finding } = work;
      const decided = actionKind(finding, wish);
      if ('refused' in decided) {
        return new InvalidTransitionError(target.given, shownState(finding), decided.refused);
      }
      const { resolution = '', assignee = null, note = '' } = wish;
      const made = record(context, finding, target, { kind: decided.kind, resolution, assignee, note });
      records.push(made);
      return { findingId: finding.id, actionId: made.id };
    });
    await append(context, records);
    return outcomes;
  });
}

/**
 * Cancels one action, or the last of the finding that still counts.
 * @param actionId empty for the last one
 */
export function undoTriage(context: Context, target: TriageTarget, actionId: string): Promise<TriageOutcome> {
  return context.ledger.inTurn(context.viewer.tenant, async () => {
    const [found] = await context.reader.rows(findingsById, { ids: [target.findingId] });
    const work = workable(found, target);
    if ('problem' in work) return work.problem;
    const { finding } = work;
    const [action] = await context.reader.rows(triageAction, { finding_id: finding.id, id: actionId });
    const refused = (reason: string) => new InvalidTransitionError(target.given, shownState(finding), reason);
    if (!action) {
      return actionId === ''
        ? refused('has no action of triage that could be undone.')
        : new NotFoundError(target.given, 'action of triage');
    }
    if (action.kind === 'undo') return refused('keeps what was undone: do it again instead of undoing that.');
    if (action.is_undone) return refused('has had this action undone already.');
    const made = record(context, finding, target, { kind: 'undo', undoes: action.id });
    await append(context, [made]);
    return { findingId: finding.id, actionId: made.id };
  });
}
