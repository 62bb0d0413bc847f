import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCells, runOnce } from '../../schema/detection/run.js';
import { access, DAY, type EventRow, HOUR, MINUTE, signIn } from '../schema/detection/event-rows.js';
import { type Judging, judging } from '../schema/detection/judging-fixture.js';
import { startTestApi, type TestApi } from './api-fixture.js';

/*
 * What the API tells of coverage is what the judging goes by: here the rows are judged by the real thing.
 */

const USERS = ['ada', 'bo', 'cy', 'di'];
const NOW = Date.now();

/** Four users who sign in every two hours, from so many days ago until shortly before now, and use their session. */
function sessions(days: number, signedInUntil = 0): EventRow[] {
  const rows: EventRow[] = [];
  for (let began = NOW - days * DAY; began < NOW - HOUR; began += 2 * HOUR) {
    for (const [index, user] of USERS.entries()) {
      const [time, session] = [began + index * 5 * MINUTE, `${user}-${began}`];
      if (time < NOW - signedInUntil) rows.push(signIn(time, user, session, { stream: 'otel:provider' }));
      rows.push(access(time + MINUTE, user, session));
    }
  }
  return rows;
}

let judge: Judging;
let api: TestApi;
beforeEach(async () => {
  judge = await judging({ alone: true });
  api = await startTestApi(judge.database, { correlations: judge.correlations });
});
afterEach(async () => {
  await api.close();
  await judge.close();
});

/** Stores rows as if each had arrived when it happened, and judges them. */
async function judged(rows: readonly EventRow[]): Promise<void> {
  await judge.database.insertRows(
    'events',
    rows.map((row) => ({ ...row, ingested_at: row.ts })),
  );
  const window = { from: NOW - 40 * DAY, to: NOW, now: Date.now(), lookAtClocks: true };
  await judgeCells(judge.database, judge.correlations, window, true);
  await runOnce(judge.database, judge.correlations, window);
  await judgeCells(judge.database, judge.correlations, window, true);
}

async function ask(query: string) {
  const answer = await api.query(query);
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

const COVERAGE = `coverage { sources { source application { id } streams { name silent }
  correlations { correlation { id } sessionKind canFire reason } } gaps { kind sessionKind text finding { id state } } }`;
const FINDINGS = 'findings { nodes { id state correlation { id } provenance { text edges { missing } } } }';

const firing = (coverage: { sources: { correlations: { correlation: { id: string } }[] }[] }, id: string) =>
  coverage.sources[0]?.correlations.filter((each) => each.correlation.id === id);

describe('a source whose sign-ins are all in store', () => {
  it('is one where a forged session is found, and its provenance says that coverage was there', async () => {
    const forged = access(NOW - 3 * HOUR, 'bo', 'forged');
    await judged([
      ...sessions(10),
      forged,
      access(NOW, 'ada', 'later'),
      signIn(NOW, 'ada', 'later', { stream: 'otel:provider' }),
    ]);
    const { coverage, findings } = await ask(`{ ${COVERAGE} ${FINDINGS} }`);
    expect(firing(coverage, 'unvouched-access')).toMatchObject([
      {
        sessionKind: 'BROWSER',
        canFire: true,
        reason: expect.stringMatching(/^open: on \d+ of \d+ user-days of 4 users/),
      },
    ]);
    expect(coverage.gaps).toEqual([]);
    expect(findings.nodes).toMatchObject([{ state: 'OPEN', correlation: { id: 'unvouched-access' } }]);
    for (const { missing } of findings.nodes[0].provenance.edges) {
      expect(missing).toMatch(
        /Coverage: there\. Leaving out this user's own days: on \d+ of \d+ user-days of 3 users.*streams that would carry it have passed the use: otel is complete up to .*, otel:provider is complete/,
      );
    }
  });
});

describe('a source that has only begun', () => {
  it('is one where nothing is found yet, and coverage says why', async () => {
    await judged([...sessions(1), access(NOW - 3 * HOUR, 'bo', 'forged')]);
    const { coverage, findings } = await ask(`{ ${COVERAGE} ${FINDINGS} }`);
    expect(findings.nodes).toEqual([]);
    const firings = firing(coverage, 'unvouched-access') ?? [];
    expect(firings.length).toBeGreaterThan(0);
    for (const each of firings) {
      expect(each).toMatchObject({ canFire: false, reason: expect.stringContaining('source too young') });
    }
  });
});

describe('a provider that falls silent', () => {
  it('is told as a gap with its finding, and what waits for it as provisional', async () => {
    await judged(sessions(10, 8 * HOUR));
    const { coverage, findings } = await ask(`{ ${COVERAGE} ${FINDINGS} }`);
    expect(coverage.sources[0].streams).toEqual([
      { name: 'otel', silent: false },
      { name: 'otel:provider', silent: true },
    ]);
    expect(firing(coverage, 'unvouched-access')).toMatchObject([
      { canFire: false, reason: expect.stringMatching(/^the stream otel:provider is silent since/) },
    ]);
    expect(firing(coverage, 'evidence-gap')).toMatchObject([
      { canFire: true, reason: expect.stringContaining('raised, for it is missing since') },
    ]);
    const raised = findings.nodes.filter(
      (each: { correlation: { id: string } }) => each.correlation.id === 'evidence-gap',
    );
    expect(raised).toHaveLength(1);
    expect(coverage.gaps).toMatchObject([
      {
        kind: 'EVIDENCE',
        sessionKind: 'BROWSER',
        text: expect.stringContaining('has gone silent'),
        finding: { id: raised[0].id },
      },
    ]);
    const provisional = findings.nodes.filter((each: { state: string }) => each.state === 'PROVISIONAL');
    expect(provisional.length).toBeGreaterThan(0);
    expect(provisional[0].provenance.edges.at(-1).missing).toMatch(
      /It may still arrive, .*otel:provider is silent since/,
    );
  });
});

describe('a finding that was resolved as an attack', () => {
  it('stays so, and a further use of the session is a finding of its own', async () => {
    const passed = [access(NOW, 'ada', 'later'), signIn(NOW, 'ada', 'later', { stream: 'otel:provider' })];
    await judged([...sessions(10), access(NOW - 3 * HOUR, 'bo', 'forged'), ...passed]);
    const [first] = (await ask(`{ ${FINDINGS} }`)).findings.nodes;
    await ask(`mutation { triageFindings(input: { ids: ["${first.id}"], state: RESOLVED, resolution: TRUE_POSITIVE }) {
      ... on TriageFindingsPayload { changed } } }`);
    const again = Date.now() + 2 * MINUTE;
    await judge.deliver([
      access(again, 'bo', 'forged'),
      access(again + 20 * MINUTE, 'ada', 'later'),
      signIn(again + 20 * MINUTE, 'ada', 'later', { stream: 'otel:provider' }),
    ]);
    const { findings } = await ask(`{ ${FINDINGS} }`);
    const states = findings.nodes.map((each: { state: string }) => each.state);
    expect(states.sort()).toEqual(['OPEN', 'RESOLVED']);
    expect((await ask(`{ finding(id: "${first.id}") { state resolution } }`)).finding).toEqual({
      state: 'RESOLVED',
      resolution: 'TRUE_POSITIVE',
    });
  });
});
