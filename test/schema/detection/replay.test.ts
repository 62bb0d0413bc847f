import { afterEach, describe, expect, it } from 'vitest';
import { access, DAY, type EventRow, HOUR, MINUTE, ordinaryDays, signIn } from './event-rows.js';
import { fromHosting, visitAt } from './forged-session.js';
import { type Judging, judging } from './judging-fixture.js';

/** Deliveries of a company's days, each with the hour of the last day at which it arrives. */
function days(today: number): { readonly hour: number; readonly rows: readonly EventRow[] }[] {
  const noon = today + 12 * HOUR;
  const withProvider = (rows: EventRow[]): EventRow[] =>
    rows.map((row) => (row.activity === 'sign_in' ? { ...row, stream: 'otel:provider' } : row));
  return [
    { hour: 9, rows: withProvider([...ordinaryDays(today), ...visitAt(today + 8 * HOUR)]) },
    {
      hour: 12.1,
      rows: [
        access(noon, 'bo', 'forged', fromHosting),
        access(noon, 'cy', 'cy-today'),
        access(noon, 'di', 'di-hotel', fromHosting),
      ],
    },
    {
      hour: 13.1,
      rows: withProvider([signIn(noon - MINUTE, 'cy', 'cy-today'), ...visitAt(today + 13 * HOUR)]),
    },
    { hour: 15, rows: withProvider([signIn(noon - MINUTE, 'di', 'di-hotel', fromHosting)]) },
    // Nothing more of the provider: what happens now waits in vain.
    { hour: 20, rows: [access(today + 19 * HOUR, 'ada', 'ada-late', fromHosting)] },
    { hour: 46, rows: [access(today + 45.9 * HOUR, 'bo', 'bo-next', fromHosting)] },
  ];
}

interface RevisionRow {
  readonly session_key: string;
  readonly told: string;
}

describe('a replay of old logs', () => {
  const judges: Judging[] = [];
  afterEach(async () => {
    await Promise.all(judges.splice(0).map((judge) => judge.close()));
  });

  /** Delivers the days and tells what became of each session, revision by revision. */
  async function told(today: number, arrival: (hour: number) => number | undefined): Promise<object> {
    const judge = await judging({ alone: true });
    judges.push(judge);
    for (const { hour, rows } of days(today)) await judge.deliver(rows, arrival(hour));
    const { rows } = await judge.database.query<RevisionRow>(
      `SELECT session_key, concat(toString(state), ' ', toString(withdrawn_because), ' ', toString(severity), ' ',
          toString(event_count)) AS told
      FROM finding_revisions FINAL ORDER BY session_key, revision`,
    );
    const paths: Record<string, string[]> = {};
    for (const { session_key, told: revision } of rows) {
      paths[session_key] = [...(paths[session_key] ?? []), revision];
    }
    return paths;
  }

  it('of months ago, in a minute, tells of each session what live arrival told, state by state', {
    timeout: 150_000,
  }, async () => {
    const lately = Math.floor(Date.now() / DAY) * DAY - 3 * DAY;
    const live = await told(lately, (hour) => lately + hour * HOUR);
    const replayed = await told(lately - 150 * DAY, () => undefined);
    expect(live).toMatchObject({
      forged: ['provisional  low 1', 'open  medium 1'],
      'cy-today': ['provisional  info 1', 'withdrawn evidence info 1'],
      'di-hotel': ['provisional  low 1', 'open  medium 1', 'withdrawn evidence medium 1'],
      'ada-late': ['provisional  low 1', 'withdrawn coverage low 1'],
      'bo-next': ['provisional  low 1'],
    });
    expect(replayed).toEqual(live);
  });
});
