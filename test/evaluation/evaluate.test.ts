import { describe, expect, it } from 'vitest';
import { documentOf } from './document.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { reportText } from './text.js';

const small = (only: readonly string[]): Promise<Evaluation> =>
  evaluate({ seed: 'test', users: 6, days: 12, only, everyHours: 24, explain: true, onStep: () => {} });

describe('an evaluation', () => {
  it('plays a small world through the real store, finds a plain replay and stays silent on a plain sign-in', async () => {
    const evaluation = await small(['cookie-replay-script/otel', 'remembered-device/otel']);
    expect(evaluation.figures).toMatchObject({ attacks: 1, found: 1, hard: 0 });
    const quiet = evaluation.score.outcomes.find(({ told }) => told.scenario.id === 'remembered-device/otel');
    expect(quiet?.wrong).toEqual([]);
    expect(evaluation.peers.length).toBeGreaterThan(4);
    expect(reportText(evaluation)).toContain('cookie-replay-script/otel');
    const document = documentOf([evaluation]);
    expect(document).toContain('`remembered-device`');
    expect(document).toMatch(/\| `test` \| other \| 8 \|/);
  }, 240_000);
});
