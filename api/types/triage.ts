import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { actionsLoader, findingLoader } from '../reading/finding-loaders.js';
import type { FindingRow } from '../reading/finding-queries.js';
import type { TriageActionRow } from '../reading/triage-queries.js';
import { InvalidInputError } from '../triage/problems.js';
import { type TriageDone, type TriageOutcome, triageFindings, undoTriage } from '../triage/triage.js';
import { TRIAGE_STATES } from '../triage/triage-words.js';
import {
  InvalidInputErrorType,
  InvalidTransitionErrorType,
  NotFoundErrorType,
  StaleVersionErrorType,
} from './errors.js';
import { Finding } from './refs.js';
import { Note, noteOf, ResolutionEnum, TriageAction } from './triage-action.js';
import { findingTarget, findingTargets, noteText, undoTarget, wishOf } from './triage-input.js';
import { wordEnum } from './words.js';

builder.mutationType({ description: 'Everything that can be changed.' });

const TriageStateEnum = wordEnum('TriageState', TRIAGE_STATES, 'A state that triage gives to a finding.', {
  open: "Takes triage back: the finding's own state shows again.",
  acknowledged: 'Somebody looks at it.',
  resolved: 'It is decided what it was.',
});

const VERSION =
  'What was seen as `Finding.version`: if the finding has changed since, nothing is done about it.';

const TriageFindingsInput = builder.inputType('TriageFindingsInput', {
  description:
    'What to do about findings. What is left out stays as it is; all of one mutation is one action.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: '1 to 100 of `Finding.id`, each once.' }),
    versions: t.intList({ description: `One for each of \`ids\`, in their order. ${VERSION}` }),
    state: t.field({ type: TriageStateEnum }),
    resolution: t.field({ type: ResolutionEnum, description: 'With the state RESOLVED, and only then.' }),
    assignee: t.string({ description: 'Who takes care of them; an empty text for nobody any more.' }),
    note: t.string({ description: 'Why; at most 10,000 characters.' }),
  }),
});

const UndoTriageInput = builder.inputType('UndoTriageInput', {
  fields: (t) => ({
    id: t.id({
      required: true,
      description: '`TriageAction.id`, or `Finding.id` for the last of its actions that still counts.',
    }),
    version: t.int({ description: VERSION }),
  }),
});

const AddNoteInput = builder.inputType('AddNoteInput', {
  fields: (t) => ({
    id: t.id({ required: true, description: '`Finding.id`.' }),
    note: t.string({ required: true, description: 'At most 10,000 characters.' }),
    version: t.int({ description: VERSION }),
  }),
});

/** What was done, read again after it was done. */
class Done {
  readonly done: TriageDone;

  constructor(done: TriageDone) {
    this.done = done;
  }

  async finding(context: Context): Promise<FindingRow> {
    return (await findingLoader(context).load(this.done.findingId)) as FindingRow;
  }

  async action(context: Context): Promise<TriageActionRow> {
    const actions = (await actionsLoader(context).load(this.done.findingId)) ?? [];
    return actions.find(({ id }) => id === this.done.actionId) as TriageActionRow;
  }
}

/** One class for each payload, so that a union can tell them apart. */
class TriagedFinding extends Done {}
class UndonePayload extends Done {}
class NotePayload extends Done {}
class FindingsPayload {
  readonly results: readonly (TriagedFinding | Exclude<TriageOutcome, TriageDone>)[];

  constructor(outcomes: readonly TriageOutcome[]) {
    this.results = outcomes.map((outcome) => ('actionId' in outcome ? new TriagedFinding(outcome) : outcome));
  }
}

const TriagedFindingType = builder.objectType(TriagedFinding, {
  name: 'TriagedFinding',
  isTypeOf: (value) => value instanceof TriagedFinding,
  description: 'A finding about which something was done.',
  fields: (t) => ({
    finding: t.field({ type: Finding, resolve: (payload, _args, context) => payload.finding(context) }),
    action: t.field({ type: TriageAction, resolve: (payload, _args, context) => payload.action(context) }),
  }),
});

const TriageFindingResult = builder.unionType('TriageFindingResult', {
  description: 'What became of one finding of several.',
  types: [TriagedFindingType, NotFoundErrorType, StaleVersionErrorType, InvalidTransitionErrorType],
});

const TriageFindingsPayload = builder.objectType(FindingsPayload, {
  name: 'TriageFindingsPayload',
  isTypeOf: (value) => value instanceof FindingsPayload,
  fields: (t) => ({
    results: t.field({
      type: [TriageFindingResult],
      description: 'One for each of `ids`, in their order.',
      resolve: (payload) => [...payload.results],
    }),
    changed: t.int({
      description: 'Findings about which something was done.',
      resolve: (payload) => payload.results.filter((result) => result instanceof TriagedFinding).length,
    }),
  }),
});

const TriageFindingsResult = builder.unionType('TriageFindingsResult', {
  types: [TriageFindingsPayload, InvalidInputErrorType],
});

const UndoTriagePayload = builder.objectType(UndonePayload, {
  name: 'UndoTriagePayload',
  isTypeOf: (value) => value instanceof UndonePayload,
  fields: (t) => ({
    finding: t.field({ type: Finding, resolve: (payload, _args, context) => payload.finding(context) }),
    action: t.field({
      type: TriageAction,
      description: 'The undo; `undoes` is what it cancels.',
      resolve: (payload, _args, context) => payload.action(context),
    }),
  }),
});

const UndoTriageResult = builder.unionType('UndoTriageResult', {
  types: [
    UndoTriagePayload,
    NotFoundErrorType,
    StaleVersionErrorType,
    InvalidTransitionErrorType,
    InvalidInputErrorType,
  ],
});

const AddNotePayload = builder.objectType(NotePayload, {
  name: 'AddNotePayload',
  isTypeOf: (value) => value instanceof NotePayload,
  fields: (t) => ({
    finding: t.field({ type: Finding, resolve: (payload, _args, context) => payload.finding(context) }),
    note: t.field({
      type: Note,
      resolve: async (payload, _args, context) => noteOf(await payload.action(context)),
    }),
  }),
});

const AddNoteResult = builder.unionType('AddNoteResult', {
  types: [
    AddNotePayload,
    NotFoundErrorType,
    StaleVersionErrorType,
    InvalidTransitionErrorType,
    InvalidInputErrorType,
  ],
});

builder.mutationFields((t) => ({
  triageFindings: t.field({
    type: TriageFindingsResult,
    description: 'Acknowledges, resolves, reopens, assigns or annotates findings, each by itself.',
    args: { input: t.arg({ type: TriageFindingsInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const targets = findingTargets(input.ids, input.versions);
      if (targets instanceof InvalidInputError) return targets;
      const wish = wishOf(input);
      if (wish instanceof InvalidInputError) return wish;
      return new FindingsPayload(await triageFindings(context, targets, wish));
    },
  }),
  undoTriage: t.field({
    type: UndoTriageResult,
    description:
      'Cancels one action, as if it had never been. Both stay in the history; an undo is not undone itself.',
    args: { input: t.arg({ type: UndoTriageInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const wanted = undoTarget(input.id, input.version);
      if (wanted instanceof InvalidInputError) return wanted;
      const outcome = await undoTriage(context, wanted.target, wanted.actionId);
      return 'actionId' in outcome ? new UndonePayload(outcome) : outcome;
    },
  }),
  addNote: t.field({
    type: AddNoteResult,
    args: { input: t.arg({ type: AddNoteInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const note = noteText(input.note);
      if (note instanceof InvalidInputError) return note;
      const target = findingTarget(input.id, input.version);
      const [outcome] = (await triageFindings(context, [target], { note })) as [TriageOutcome];
      return 'actionId' in outcome ? new NotePayload(outcome) : outcome;
    },
  }),
}));
