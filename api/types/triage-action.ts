import { RESOLUTIONS } from '../../schema/words.js';
import { builder } from '../builder.js';
import { encodeGlobalId } from '../global-id.js';
import { actionsLoader } from '../reading/finding-loaders.js';
import type { FindingRow } from '../reading/finding-queries.js';
import { wordOf } from '../reading/stored-words.js';
import type { TriageActionRow } from '../reading/triage-queries.js';
import { TRIAGE_KINDS } from '../triage/triage-words.js';
import { wordEnum } from './words.js';

export const ResolutionEnum = wordEnum('Resolution', RESOLUTIONS, 'What a finding was, by an analyst.', {
  true_positive: 'An attack, or a misuse.',
  false_positive: 'The finding is wrong: what it misses was there, or what it says did not happen.',
  benign: 'The finding is right, and what happened was meant and harmless.',
});

const TriageActionKindEnum = wordEnum(
  'TriageActionKind',
  TRIAGE_KINDS,
  'What was done. An action that changes the state may also assign the finding and carry a note.',
  {
    reopen: 'Its triage was taken back: its own state shows again.',
    undo: 'Another action was cancelled, as if it had never been.',
  },
);

/** The id by which an action can be undone. */
function actionGlobalId(findingId: string, actionId: string): string {
  return encodeGlobalId('TriageAction', `${findingId}/${actionId}`);
}

export const TriageAction = builder.objectRef<TriageActionRow>('TriageAction').implement({
  description: 'Something that was done about a finding. Actions are appended and never changed.',
  fields: (t) => ({
    id: t.id({
      description: 'To undo it by.',
      resolve: (action) => actionGlobalId(action.finding_id, action.id),
    }),
    kind: t.field({
      type: TriageActionKindEnum,
      resolve: (action) => wordOf(TRIAGE_KINDS, action.kind, 'note'),
    }),
    at: t.field({ type: 'DateTime', resolve: (action) => action.at }),
    author: t.exposeString('author', { description: '`Viewer.name` of who did it.' }),
    resolution: t.field({
      type: ResolutionEnum,
      nullable: true,
      resolve: ({ resolution }) => RESOLUTIONS.find((each) => each === resolution) ?? null,
    }),
    assignee: t.string({
      nullable: true,
      description: 'Whom it assigned the finding to; empty for nobody, null where it left that as it was.',
      resolve: (action) => action.assignee,
    }),
    note: t.string({ nullable: true, resolve: (action) => action.note || null }),
    undoes: t.id({
      nullable: true,
      description: 'Of UNDO: the action that it cancels.',
      resolve: (action) => (action.undoes === '' ? null : actionGlobalId(action.finding_id, action.undoes)),
    }),
    undone: t.exposeBoolean('is_undone', { description: 'Another action cancels it.' }),
  }),
});

interface NoteShape {
  readonly id: string | null;
  readonly at: string;
  readonly author: string;
  readonly text: string;
}

export const Note = builder.objectRef<NoteShape>('Note').implement({
  description: 'What somebody wrote about a finding.',
  fields: (t) => ({
    id: t.id({
      nullable: true,
      description: 'Of the action that it came with, to undo it by; null where the program wrote it.',
      resolve: (note) => note.id,
    }),
    at: t.field({ type: 'DateTime', resolve: (note) => note.at }),
    author: t.exposeString('author', { description: '`Viewer.name`, or `vouchtrail`.' }),
    text: t.exposeString('text'),
  }),
});

export function noteOf(action: TriageActionRow): NoteShape {
  const { finding_id, id, at, author, note } = action;
  return { id: actionGlobalId(finding_id, id), at, author, text: note };
}

/**
 * Evidence that arrives when an analyst has already decided changes nothing of the decision: the program says so in a
 * note instead.
 */
function lateEvidence(finding: FindingRow): NoteShape[] {
  if (finding.triage_state === '' || finding.evidence_event_id === '') return [];
  const text = 'Evidence that vouches for the session is in store now (`evidenceArrived`).';
  return [{ id: null, at: finding.revised_at, author: 'vouchtrail', text }];
}

/** Notes on a finding that were not undone, oldest first. */
export async function notesOf(
  context: Parameters<typeof actionsLoader>[0],
  finding: FindingRow,
): Promise<NoteShape[]> {
  const actions = (await actionsLoader(context).load(finding.id)) ?? [];
  const written = actions.filter((action) => action.note !== '' && !action.is_undone).map(noteOf);
  return [...written, ...lateEvidence(finding)].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
