import { parseGlobalId } from '../global-id.js';
import { LARGEST_PAGE } from '../paging/page-arguments.js';
import type { TriageWish } from '../triage/decision.js';
import { InvalidInputError } from '../triage/problems.js';
import type { TriageTarget } from '../triage/triage.js';

const LONGEST_NOTE = 10_000;
const LONGEST_NAME = 256;
/** Findings that one mutation changes: a page of them. */
const MOST_FINDINGS = LARGEST_PAGE;

type Maybe<T> = T | null | undefined;

/** Id of a finding in the store, by its global id or as `report_findings` shows it. */
function findingIdOf(given: string): string {
  const parts = parseGlobalId(given);
  return parts?.typename === 'Finding' ? parts.id : given;
}

export function findingTarget(given: string, version?: Maybe<number>): TriageTarget {
  return { given, findingId: findingIdOf(given), version: version ?? undefined };
}

/** What an undo is about: an action, or the last one of a finding (then its id is empty). */
export function undoTarget(
  given: string,
  version: Maybe<number>,
): { readonly target: TriageTarget; readonly actionId: string } | InvalidInputError {
  const parts = parseGlobalId(given);
  if (parts && parts.typename !== 'TriageAction' && parts.typename !== 'Finding') {
    return new InvalidInputError(
      'id',
      `\`id\` is that of a ${parts.typename}: give that of a finding or of an action.`,
    );
  }
  if (parts?.typename !== 'TriageAction') return { target: findingTarget(given, version), actionId: '' };
  const slash = parts.id.indexOf('/');
  const target = { given, findingId: parts.id.slice(0, Math.max(slash, 0)), version: version ?? undefined };
  return { target, actionId: parts.id.slice(slash + 1) };
}

/** The findings of a bulk input, with the versions that were seen of them. */
export function findingTargets(
  ids: readonly string[],
  versions: Maybe<readonly number[]>,
): TriageTarget[] | InvalidInputError {
  if (ids.length === 0 || ids.length > MOST_FINDINGS) {
    return new InvalidInputError('ids', `\`ids\` names ${ids.length} findings: give 1 to ${MOST_FINDINGS}.`);
  }
  if (versions && versions.length !== ids.length) {
    const message = `\`versions\` has ${versions.length} entries for ${ids.length} \`ids\`: give one for each, in the same order, or none.`;
    return new InvalidInputError('versions', message);
  }
  const targets = ids.map((id, nth) => findingTarget(id, versions?.[nth]));
  const repeated = targets.find(
    ({ findingId }, nth) => targets.findIndex((other) => other.findingId === findingId) !== nth,
  );
  if (repeated) {
    return new InvalidInputError('ids', `\`ids\` names the finding ${JSON.stringify(repeated.given)} twice.`);
  }
  return targets;
}

/** Trimmed, and halves of characters replaced as everywhere on the way to UTF-8: the store takes none. */
function storable(text: string): string {
  return text.trim().replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The text of a note. */
export function noteText(note: string): string | InvalidInputError {
  const text = storable(note);
  if (text === '') return new InvalidInputError('note', '`note` is empty: give a text, or leave it out.');
  if (text.length > LONGEST_NOTE) {
    return new InvalidInputError(
      'note',
      `\`note\` has ${text.length} characters: at most ${LONGEST_NOTE} are allowed.`,
    );
  }
  return text;
}

type WishInput = { readonly [Name in keyof TriageWish]: Maybe<TriageWish[Name]> };

/** What a bulk input wants done. */
export function wishOf(input: WishInput): TriageWish | InvalidInputError {
  const state = input.state ?? undefined;
  const resolution = input.resolution ?? undefined;
  const assignee = input.assignee == null ? undefined : storable(input.assignee);
  const note = input.note == null ? undefined : noteText(input.note);
  if (note instanceof InvalidInputError) return note;
  if (state === 'resolved' && resolution === undefined) {
    return new InvalidInputError(
      'resolution',
      '`resolution` is missing: RESOLVED needs TRUE_POSITIVE, FALSE_POSITIVE or BENIGN.',
    );
  }
  if (state !== 'resolved' && resolution !== undefined) {
    return new InvalidInputError('resolution', '`resolution` is given without the state RESOLVED.');
  }
  if (assignee !== undefined && assignee.length > LONGEST_NAME) {
    return new InvalidInputError(
      'assignee',
      `\`assignee\` has ${assignee.length} characters: at most ${LONGEST_NAME} are allowed.`,
    );
  }
  if (state === undefined && assignee === undefined && note === undefined) {
    return new InvalidInputError('state', 'Nothing is to be done: give `state`, `assignee` or `note`.');
  }
  return { state, resolution, assignee, note };
}
