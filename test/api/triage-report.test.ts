import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportFindingsRow } from '../../schema/reports/report-findings.sql.js';
import { findingRow, insert, key } from './rows.js';
import { type Triaging, triaging } from './triage-fixture.js';

type Triage = Pick<
  ReportFindingsRow,
  'state' | 'triage_state' | 'resolution' | 'assignee' | 'triaged_by' | 'triaged_at'
>;

const UNTOUCHED: Triage = {
  state: 'open',
  triage_state: '',
  resolution: '',
  assignee: '',
  triaged_by: '',
  triaged_at: '1970-01-01 00:00:00.000',
};

describe('report_findings', () => {
  let on: Triaging;
  beforeAll(async () => {
    on = await triaging();
  });
  afterAll(() => on.close());

  async function reported(name: string): Promise<Triage[]> {
    const { rows } = await on.store.database.query<Triage>(
      `SELECT state, triage_state, resolution, assignee, triaged_by, triaged_at
      FROM report_findings WHERE tenant = 'default' AND id = {id:String}`,
      { id: key(name) },
    );
    return rows;
  }

  const actionTime = async (id: string, kind: string): Promise<string> => {
    const { actions } = await on.read(id, 'actions { kind at }');
    const at: string = actions.findLast((action: { kind: string }) => action.kind === kind).at;
    return new Date(at).toISOString().slice(0, 23).replace('T', ' ');
  };

  it('has a finding that nobody has decided about, as the program found it', async () => {
    const { name, id } = await on.newFinding();
    expect(await reported(name)).toEqual([UNTOUCHED]);
    await on.triageOne(id, { note: 'A note decides nothing.' });
    expect(await reported(name)).toEqual([UNTOUCHED]);
  });

  it('says what was decided, whose the finding is, and who decided last and when', async () => {
    const { name, id } = await on.newFinding();
    await on.triageOne(id, { state: 'ACKNOWLEDGED', assignee: 'ann' });
    await on.triageOne(id, { state: 'RESOLVED', resolution: 'BENIGN' });
    await on.triageOne(id, { note: 'Afterwards.' });
    expect(await reported(name)).toEqual([
      {
        state: 'open',
        triage_state: 'resolved',
        resolution: 'benign',
        assignee: 'ann',
        triaged_by: 'local',
        triaged_at: await actionTime(id, 'RESOLVE'),
      },
    ]);
  });

  it('says who had assigned a finding about which nothing else was decided', async () => {
    const { name, id } = await on.newFinding();
    await on.triageOne(id, { assignee: 'bob' });
    const triaged_at = await actionTime(id, 'ASSIGN');
    expect(await reported(name)).toEqual([
      { ...UNTOUCHED, assignee: 'bob', triaged_by: 'local', triaged_at },
    ]);
  });

  it('leaves out what was undone', async () => {
    const { name, id } = await on.newFinding();
    await on.triageOne(id, { state: 'ACKNOWLEDGED' });
    const triaged_at = await actionTime(id, 'ACKNOWLEDGE');
    await on.triageOne(id, { state: 'RESOLVED', resolution: 'FALSE_POSITIVE' });
    await on.undo(id);
    const acknowledged = { ...UNTOUCHED, triage_state: 'acknowledged', triaged_by: 'local', triaged_at };
    expect(await reported(name)).toEqual([acknowledged]);
    await on.undo(id);
    expect(await reported(name)).toEqual([UNTOUCHED]);
  });

  it('has the newest revision once, with what was decided about an older one, and of its own tenant only', async () => {
    const { name, id } = await on.newFinding();
    await on.triageOne(id, { state: 'ACKNOWLEDGED' });
    const triaged_at = await actionTime(id, 'ACKNOWLEDGE');
    const newer = { revision: 2, cursor: '2026-03-02 01:00:00.000', content_hash: 2, state: 'withdrawn' };
    const elsewhere = findingRow(name, { tenant: 'other' });
    await insert(on.store.database, { findings: [findingRow(name, newer), elsewhere] });
    const acknowledged = { ...UNTOUCHED, triage_state: 'acknowledged', triaged_by: 'local', triaged_at };
    expect(await reported(name)).toEqual([{ ...acknowledged, state: 'withdrawn' }]);
    const { rows } = await on.store.database.query<Triage>(
      "SELECT triage_state FROM report_findings WHERE tenant = 'other'",
    );
    expect(rows).toEqual([{ triage_state: '' }]);
  });
});
