import { at, eventRow, findingRow, key, type Rows, sessionRow } from './rows.js';

const ann = { user_key: 'ann@x.example', user_name: 'Ann@X.example' };
const bob = { user_key: 'otel:shop:bob', user_name: 'bob' };
const payroll = { application_id: 'app-1', application_name: 'Payroll' };

/** Findings, sessions and events of two users of ours, of nobody, and of another tenant. */
export const FILTER_ROWS: Rows = {
  events: [
    eventRow('a', at(0), {
      ...ann,
      ...payroll,
      session_key: key('s-ann'),
      address: '192.0.2.1',
      user_agent: 'Firefox',
    }),
    eventRow('b', at(1, 1), {
      ...bob,
      session_key: key('s-bob'),
      source: 'cloudtrail',
      activity: 'sign_in',
      outcome: 'failure',
      action: 'signin:ConsoleLogin',
    }),
    eventRow('c', at(2, 2), {
      ...bob,
      session_key: key('s-bob'),
      source: 'cloudtrail',
      activity: 'admin',
      address: '198.51.100.9',
    }),
    eventRow('nobody', at(3), {}),
    eventRow('old', at(-9 * 24 * 60), { ...ann, session_key: key('s-old') }),
    // Another user's event at the very same moment must not come along.
    eventRow('same time', at(0), { user_key: 'other', user_name: 'other' }),
    eventRow('not ours', at(1), { ...ann, tenant: 'other', session_key: key('s-ann') }),
  ],
  sessions: [
    sessionRow('s-ann', {
      ...ann,
      kind: 'browser',
      verdict: 'proven',
      session_id: 'ann-session-id-0001',
      created_at: at(-60),
      first_seen: at(0),
      last_seen: at(0),
    }),
    sessionRow('s-bob', {
      ...bob,
      source: 'cloudtrail',
      sources: ['cloudtrail', 'otel'],
      kind: 'console',
      verdict: 'unvouched',
      session_id: 'short',
      first_seen: at(1),
      last_seen: at(5),
    }),
    sessionRow('s-old', {
      ...ann,
      kind: 'api',
      verdict: 'asserted',
      first_seen: at(-9 * 24 * 60),
      last_seen: at(-9 * 24 * 60),
    }),
    sessionRow('s-ann', { ...ann, tenant: 'other', session_id: 'not ours', verdict: 'unvouched' }),
  ],
  findings: [
    findingRow('1', {
      ...ann,
      ...payroll,
      severity: 'high',
      session_key: key('s-ann'),
      raised_at: at(1).slice(0, 23),
      first_seen: at(0),
      last_seen: at(0),
      verdict: 'unvouched',
      link: 'asserted',
    }),
    findingRow('2', {
      ...bob,
      severity: 'low',
      session_key: key('s-bob'),
      raised_at: at(2).slice(0, 23),
      first_seen: at(1, 5),
      last_seen: at(5),
      sources: ['cloudtrail'],
      state: 'provisional',
      verdict: 'unproven',
      correlation: 'session-fork',
      summary: '100% ÜBER-odd \\ it_s',
    }),
    findingRow('3', {
      ...ann,
      severity: 'critical',
      session_key: key('s-old'),
      raised_at: at(3).slice(0, 23),
      first_seen: at(6),
      last_seen: at(7),
      state: 'withdrawn',
      withdrawn_because: 'evidence',
    }),
    findingRow('not ours', { ...ann, tenant: 'other', session_key: key('s-ann') }),
  ],
};
