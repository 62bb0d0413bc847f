import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../api/global-id.js';
import { type Triaging, triaging } from './triage-fixture.js';

const NOTE = `mutation ($input: AddNoteInput!) { addNote(input: $input) {
  __typename
  ... on AddNotePayload { note { id author text at } finding { version notes { text } } }
  ... on Error { message }
} }`;

let on: Triaging;
beforeAll(async () => {
  on = await triaging();
});
afterAll(() => on.close());

describe('an undo', () => {
  it('cancels the last action of a finding, and the one before when asked again', async () => {
    const { id } = await on.newFinding();
    await on.triageOne(id, { state: 'ACKNOWLEDGED', assignee: 'ann', note: 'mine' });
    await on.triageOne(id, { state: 'RESOLVED', resolution: 'BENIGN', assignee: 'bob' });
    expect(await on.undo(id)).toMatchObject({
      __typename: 'UndoTriagePayload',
      finding: { state: 'ACKNOWLEDGED', resolution: null, assignee: 'ann', version: 4 },
      action: { kind: 'UNDO' },
    });
    expect(await on.undo(id)).toMatchObject({
      finding: { state: 'OPEN', assignee: null, notes: [], version: 5 },
    });
    expect(await on.undo(id)).toEqual({
      __typename: 'InvalidTransitionError',
      message: expect.stringContaining('no action of triage that could be undone'),
    });
    const { actions } = await on.read(id, 'actions { id kind undone undoes }');
    expect(actions.map((action: { kind: string; undone: boolean }) => [action.kind, action.undone])).toEqual([
      ['ACKNOWLEDGE', true],
      ['RESOLVE', true],
      ['UNDO', false],
      ['UNDO', false],
    ]);
    expect(actions[2].undoes).toBe(actions[1].id);
    expect(actions[3].undoes).toBe(actions[0].id);
  });

  it('cancels an action in between and leaves those after it', async () => {
    const { id } = await on.newFinding();
    const first = await on.triageOne(id, { state: 'ACKNOWLEDGED', assignee: 'ann' });
    await on.triageOne(id, { note: 'kept' });
    expect(await on.undo(first.action.id)).toMatchObject({
      finding: { state: 'OPEN', assignee: null, notes: [{ text: 'kept' }] },
      action: { undoes: first.action.id },
    });
  });

  it('is neither undone nor done twice', async () => {
    const { id } = await on.newFinding();
    const { action } = await on.triageOne(id, { state: 'ACKNOWLEDGED' });
    await on.undo(action.id);
    expect(await on.undo(action.id)).toMatchObject({
      __typename: 'InvalidTransitionError',
      message: expect.stringContaining('undone already'),
    });
    const { actions } = await on.read(id, 'actions { id kind }');
    expect(await on.undo(actions[1].id)).toMatchObject({
      __typename: 'InvalidTransitionError',
      message: expect.stringContaining('do it again'),
    });
    expect(await on.triageOne(id, { state: 'ACKNOWLEDGED' })).toMatchObject({
      finding: { state: 'ACKNOWLEDGED' },
    });
  });

  it('of what is not there, or of something else, is told', async () => {
    const { id } = await on.newFinding();
    const ofFinding = Buffer.from(id, 'base64url').toString().split(':')[1] as string;
    expect(await on.undo(encodeGlobalId('TriageAction', `${ofFinding}/x`))).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await on.undo(encodeGlobalId('TriageAction', 'x'))).toMatchObject({ __typename: 'NotFoundError' });
    expect(await on.undo('x')).toMatchObject({ __typename: 'NotFoundError' });
    expect(await on.undo(encodeGlobalId('User', 'x'))).toMatchObject({
      __typename: 'InvalidInputError',
      argument: 'id',
    });
  });
});

describe('a note', () => {
  it('is kept as it was written, with who wrote it', async () => {
    const { id } = await on.newFinding();
    const text = 'Line 1\nLine 2 "quoted" \\ {x:String} — über';
    const answer = await on.api.query(NOTE, { input: { id, note: text } });
    expect(answer.data.addNote).toMatchObject({
      __typename: 'AddNotePayload',
      note: { author: 'local', text, id: expect.any(String), at: expect.stringMatching(/Z$/) },
      finding: { version: 2, notes: [{ text }] },
    });
    expect(await on.undo(answer.data.addNote.note.id)).toMatchObject({ finding: { notes: [] } });
  });

  it.each([
    ['a character that is none', 'half of one: \ud83d!', 'half of one: \ufffd!'],
    ['a zero byte', 'a\u0000b', 'a\u0000b'],
    [
      'what looks like SQL and like JSON',
      `'); DROP TABLE x; -- {"a":"\\"}`,
      `'); DROP TABLE x; -- {"a":"\\"}`,
    ],
  ])('may hold %s', async (_what, note, kept) => {
    const { id } = await on.newFinding();
    const answer = await on.api.query(NOTE, { input: { id, note } });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.addNote.note.text).toBe(kept);
  });

  it.each([
    ['x', 'y', 'NotFoundError'],
    ['x', '', 'InvalidInputError'],
  ])('on %s with the text %j is a %s', async (id, note, type) => {
    const answer = await on.api.query(NOTE, { input: { id, note } });
    expect(answer.data.addNote.__typename).toBe(type);
  });
});
