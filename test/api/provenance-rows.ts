import { at, closureRows, eventRow, findingRow, key, type Rows, sessionRow } from './rows.js';

const OTHERS = [1, 2, 3, 4, 5, 6, 7].map((nth) => `user ${nth}`);
const ann = { user_key: 'ann@x.example', user_name: 'ann@x.example' };

/** A session as the judging leaves it: created by an event, used, proven. */
const proven = (name: string, createdAt: string, event: string, link: string, fields: object = {}) =>
  sessionRow(name, {
    ...ann,
    created_at: createdAt,
    creation_event_id: key(event),
    creation_link: link,
    verdict: 'proven',
    link,
    first_use: at(10),
    ...fields,
  });

const aws = { source: 'cloudtrail', stream: 'eu-west-1', organization: '111122223333' };
const consoleSession = (name: string, createdAt: string) => ({
  ...aws,
  ...ann,
  session_key: key(name),
  session_kind: 'console',
  session_created_at: createdAt,
  principal_key: key('principal ann'),
});

/** Sessions that are proven, in part proven, claimed and forged. */
export const PROVENANCE_ROWS: Rows = {
  events: [
    // Shows that the stream has gone on after all of them.
    eventRow('clock', at(30), {}),

    // A sign-in with a second factor in an event of its own.
    eventRow('pwd', at(0), {
      ...ann,
      session_key: key('full'),
      activity: 'credential_validation',
      evidence: 'credential',
      amr: ['pwd'],
      assurance_level: 1,
      vouches_for: [key('full')],
    }),
    eventRow('otp', at(0, 5), {
      ...ann,
      session_key: key('full'),
      activity: 'mfa_success',
      evidence: 'mfa',
      amr: ['otp'],
      assurance_level: 2,
      vouches_for: [key('full')],
    }),
    eventRow('start', at(0, 9), { ...ann, session_key: key('full'), activity: 'session_start' }),
    eventRow('full use', at(10), { ...ann, session_key: key('full') }),
    // Evidence that came long after the use does not vouch for it.
    eventRow('late', at(16), {
      ...ann,
      session_key: key('full'),
      activity: 'mfa_success',
      evidence: 'phishing_resistant',
      amr: ['hwk'],
      assurance_level: 3,
      vouches_for: [key('full')],
    }),

    // A password alone.
    eventRow('pwd only', at(0), {
      ...ann,
      session_key: key('single'),
      activity: 'sign_in',
      evidence: 'credential',
      amr: ['pwd'],
      assurance_level: 1,
      vouches_for: [key('single')],
    }),
    eventRow('single use', at(10), { ...ann, session_key: key('single') }),

    // Two console sessions of one principal: each belongs to the sign-in nearest to its creation.
    eventRow('login 1', at(0), {
      ...aws,
      ...ann,
      activity: 'sign_in',
      evidence: 'mfa',
      amr: ['mfa'],
      assurance_level: 2,
      vouches_for: [key('principal ann')],
    }),
    eventRow('console 1', at(10), {
      ...consoleSession('console 1', at(0, 500_000_000)),
      token_key: key('ASIA1'),
    }),
    eventRow('console 2', at(10, 1), { ...consoleSession('console 2', at(30)), token_key: key('ASIA2') }),

    // A role: its token was issued in a console session, which was signed in to.
    eventRow('assume', at(11), {
      ...consoleSession('console 1', at(0, 500_000_000)),
      activity: 'token_issue',
      evidence: 'inherited',
      vouches_for: [key('ASIA-role')],
    }),
    eventRow('role use', at(12), {
      ...aws,
      ...ann,
      session_key: key('role'),
      session_kind: 'role',
      token_key: key('ASIA-role'),
    }),

    // A role that a service assumed.
    eventRow('by service', at(0), { ...aws, activity: 'token_issue', vouches_for: [key('ASIA-service')] }),
    eventRow('service use', at(10), {
      ...aws,
      session_key: key('service'),
      session_kind: 'role',
      token_key: key('ASIA-service'),
    }),

    // A forged session, and one whose records claim MFA.
    eventRow('forged', at(10), { ...ann, session_key: key('forged'), token_key: key('forged token') }),
    eventRow('claims', at(10), {
      ...consoleSession('claims', at(5)),
      principal_key: '',
      claimed_mfa: true,
    }),

    // A client may choose its session id: another user's sign-in with the same id proves nothing.
    eventRow('thief', at(0), {
      user_key: 'thief',
      user_name: 'thief',
      session_key: key('chosen'),
      activity: 'sign_in',
      evidence: 'mfa',
      vouches_for: [key('chosen')],
    }),
    eventRow('victim', at(10), { ...ann, session_key: key('chosen') }),

    // A role that was assumed with a long-term key: its records have no session id.
    eventRow('with key', at(0), {
      ...aws,
      ...ann,
      session_key: key('long-term'),
      session_implied: true,
      token_key: key('AKIA'),
      activity: 'token_issue',
      vouches_for: [key('ASIA-key')],
    }),
    eventRow('key use', at(10), {
      ...aws,
      session_key: key('by key'),
      session_kind: 'role',
      token_key: key('ASIA-key'),
    }),

    // A provider asserted the sign-in of this one; the provider's own record is not in store.
    eventRow('federated', at(0), {
      ...ann,
      session_key: key('federated'),
      activity: 'sign_in',
      evidence: 'inherited',
      vouches_for: [key('federated')],
    }),
    eventRow('federated use', at(10), { ...ann, session_key: key('federated') }),
    // A remembered device stood in for the factor.
    eventRow('remembered', at(0), {
      ...ann,
      session_key: key('remembered'),
      activity: 'mfa_success',
      evidence: 'bypassed',
      vouches_for: [key('remembered')],
    }),
    eventRow('remembered pwd', at(0), {
      ...ann,
      session_key: key('remembered'),
      activity: 'sign_in',
      evidence: 'credential',
      amr: ['pwd'],
      vouches_for: [key('remembered')],
    }),
    eventRow('remembered use', at(10), { ...ann, session_key: key('remembered') }),

    // No id on the records: user and day stand in for one.
    eventRow('desk sign-in', at(0), {
      ...ann,
      session_key: key('implied'),
      session_implied: true,
      activity: 'sign_in',
      evidence: 'mfa',
      vouches_for: [key('implied')],
    }),
    eventRow('desk use', at(10), { ...ann, session_key: key('implied'), session_implied: true }),
  ],
  sessions: [
    proven('full', at(0, 9), 'start', 'session', {
      evidence: 'mfa',
      assurance_level: 2,
      amr: ['otp', 'pwd'],
      last_credential_at: at(0, 5),
    }),
    proven('by key', at(0), 'with key', 'session', { source: 'cloudtrail', kind: 'role' }),
    sessionRow('long-term', { ...ann, source: 'cloudtrail', kind: 'implied', implied: true }),
    proven('federated', at(0), 'federated', 'asserted', { verdict: 'asserted', evidence: 'inherited' }),
    proven('remembered', at(0), 'remembered pwd', 'session', { evidence: 'credential' }),
    proven('single', at(0), 'pwd only', 'session', { evidence: 'credential' }),
    proven('console 1', at(0), 'login 1', 'derived', { source: 'cloudtrail', kind: 'console' }),
    sessionRow('console 2', {
      ...ann,
      source: 'cloudtrail',
      sources: ['cloudtrail'],
      organization: '111122223333',
      kind: 'console',
      created_at: at(30),
      creation_link: 'asserted',
      first_use: at(10, 1),
      verdict: 'unvouched',
      missing: 'no evidence in store, where sessions of this kind have theirs',
    }),
    proven('role', at(11), 'assume', 'session', { source: 'cloudtrail', kind: 'role', first_use: at(12) }),
    proven('service', at(0), 'by service', 'session', { source: 'cloudtrail', kind: 'role' }),
    sessionRow('forged', {
      ...ann,
      application_id: 'shop',
      first_use: at(10),
      verdict: 'unvouched',
      missing: 'no evidence in store, where sessions of this kind have theirs',
    }),
    sessionRow('claims', {
      ...ann,
      source: 'cloudtrail',
      sources: ['cloudtrail'],
      kind: 'console',
      created_at: at(5),
      creation_link: 'asserted',
      first_use: at(10),
      verdict: 'asserted',
      link: 'asserted',
      missing: 'no evidence in store; too few sessions of this kind have theirs in store for that to count',
    }),
    sessionRow('chosen', {
      ...ann,
      first_use: at(10),
      verdict: 'unproven',
      missing: 'no evidence in store yet',
    }),
    sessionRow('implied', {
      ...ann,
      implied: true,
      kind: 'implied',
      created_at: at(0),
      creation_event_id: key('desk sign-in'),
      creation_link: 'session',
      first_use: at(10),
      verdict: 'unproven',
      link: 'user',
    }),
  ],
  findings: [
    findingRow('forged', {
      ...ann,
      session_key: key('forged'),
      first_event_id: key('forged'),
      first_seen: at(10),
      last_seen: at(10),
    }),
    findingRow('lost', {
      ...ann,
      session_key: key('nobody judged it'),
      first_seen: at(10),
      last_seen: at(10),
    }),
  ],
  closures: [
    // 49 user-days of seven users, one of them open, and of a user whose own do not count.
    ...closureRows('otel||browser|shop', OTHERS, { open: ['user 1'] }),
    ...closureRows('otel||browser|shop', ['ann@x.example'], { open: ['ann@x.example'] }),
    // Too long ago, of the day itself, and of a user whose sessions turned out to be of another kind.
    ...closureRows('otel||browser|shop', ['user 8'], { days: 1, fields: { day: '2026-02-21', closed: 0 } }),
    ...closureRows('otel||browser|shop', ['user 8'], { days: 1, fields: { day: '2026-03-02', closed: 0 } }),
    ...closureRows('otel||browser|shop', ['user 9'], { fields: { sessions: 0, closed: 0 } }),
    // Open with ann's own days, and shut without them.
    ...closureRows('cloudtrail|111122223333|console|', ['ann@x.example', 'user 1', 'user 2'], {
      open: ['user 1'],
    }),
  ],
};
