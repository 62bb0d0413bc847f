import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lines } from './replay-check-records.js';

/*
 * Sessions whose evidence is not filed under their own id: by a principal and the time, by a token, by an identity
 * provider's record; and such as only seem to have any. Two days, so that there is a day to judge the next by.
 */

type Json = Record<string, unknown>;

const ACCOUNT = '111122223333';
const AGENT = 'aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0';
const ADDRESS = '198.51.100.20';

let made = 0;

function aws(time: string, fields: Json): Json {
  made += 1;
  return {
    eventVersion: '1.09',
    eventTime: time,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: 'eu-central-1',
    sourceIPAddress: ADDRESS,
    userAgent: AGENT,
    requestParameters: null,
    responseElements: null,
    eventID: `0b1f6c1e-0000-4000-9000-${String(made).padStart(12, '0')}`,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...fields,
  };
}

/** A use of a role's session that was created at a time. */
function roleUse(time: string, name: string, createdAt: string, more: Json = {}): Json {
  return aws(time, {
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLEROLE000001:${name}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/${name}`,
      accountId: ACCOUNT,
      accessKeyId: `ASIAEXAMPLE${name}`,
      sessionContext: { attributes: { creationDate: createdAt, mfaAuthenticated: 'false' } },
    },
    ...more,
  });
}

/** An issue of a role's session by a long-term key; without response, as members of other accounts see it. */
function assumeRole(time: string, name: string, responseElements: Json | null = null): Json {
  return aws(time, {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEBUILD00001',
      arn: `arn:aws:iam::${ACCOUNT}:user/build`,
      accountId: ACCOUNT,
      userName: 'build',
      accessKeyId: 'AKIAEXAMPLEKEY000001',
    },
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/team/Deploy`, roleSessionName: name },
    responseElements,
  });
}

function saml(time: string, user: string): Json {
  const assumedRoleUser = {
    assumedRoleId: `AROAEXAMPLEROLE000001:${user}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/${user}`,
  };
  return aws(time, {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRoleWithSAML',
    userIdentity: { type: 'SAMLUser', principalId: `idp=:${user}`, userName: user },
    requestParameters: { roleSessionName: user, roleArn: `arn:aws:iam::${ACCOUNT}:role/Deploy` },
    responseElements: { assumedRoleUser },
  });
}

function okta(time: string, user: string, eventType: string, more: Json = {}): Json {
  made += 1;
  return {
    uuid: `okta-way-${made}`,
    published: time,
    eventType,
    version: '0',
    severity: 'INFO',
    displayMessage: 'Example',
    outcome: { result: 'SUCCESS', reason: null },
    actor: { id: `00u-${user}`, type: 'User', alternateId: user, displayName: user },
    client: { userAgent: { rawUserAgent: AGENT }, ipAddress: ADDRESS },
    device: null,
    authenticationContext: { externalSessionId: `idxEXAMPLE-${user}` },
    securityContext: {},
    debugContext: { debugData: {} },
    transaction: { type: 'WEB', id: 'x', detail: {} },
    target: null,
    ...more,
  };
}

function application(time: string, user: string, session: string, activity: string): Json {
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const record = {
    timeUnixNano: `${Date.parse(time)}000000`,
    eventName: activity,
    attributes: [
      attribute('session.id', session),
      attribute('user.name', user),
      attribute('client.address', ADDRESS),
      attribute('vouchtrail.activity', activity),
      attribute('vouchtrail.application.name', 'payroll'),
    ],
  };
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
}

function records(): Json[] {
  const console = [{ id: '0oaAWS', type: 'AppInstance', alternateId: 'AWS', displayName: 'AWS Console' }];
  return [
    // By principal and time: the record of the issue has neither the session's id nor its token.
    assumeRole('2026-03-02T09:00:00Z', 'by-time'),
    roleUse('2026-03-02T09:01:00Z', 'by-time', '2026-03-02T09:00:02Z'),
    // One issue for two sessions of a principal: it is that of the nearer.
    assumeRole('2026-03-02T09:10:00Z', 'two'),
    roleUse('2026-03-02T09:11:00Z', 'two', '2026-03-02T09:10:01Z'),
    roleUse('2026-03-02T09:12:00Z', 'two', '2026-03-02T09:10:03Z'),
    // Too far away in time.
    assumeRole('2026-03-02T09:20:00Z', 'too-late'),
    roleUse('2026-03-02T09:21:00Z', 'too-late', '2026-03-02T09:20:04Z'),
    // By its token.
    assumeRole('2026-03-02T09:30:00Z', 'other-name', {
      credentials: { accessKeyId: 'ASIAEXAMPLEby-token' },
    }),
    roleUse('2026-03-02T09:40:00Z', 'by-token', '2026-03-02T09:39:00Z'),
    // Evidence that comes too late for the first use.
    roleUse('2026-03-02T09:50:00Z', 'after', '2026-03-02T09:45:00Z'),
    assumeRole('2026-03-02T09:56:00Z', 'another-name', {
      credentials: { accessKeyId: 'ASIAEXAMPLEafter' },
    }),
    // Asserted by a provider that has a record of it, and by one that has none.
    okta('2026-03-02T09:55:00Z', 'fay@corp.example.com', 'user.session.start'),
    okta('2026-03-02T09:59:00Z', 'fay@corp.example.com', 'user.authentication.sso', { target: console }),
    saml('2026-03-02T10:00:00Z', 'fay@corp.example.com'),
    roleUse('2026-03-02T10:01:00Z', 'fay@corp.example.com', '2026-03-02T10:00:00Z'),
    saml('2026-03-02T10:10:00Z', 'gil@corp.example.com'),
    roleUse('2026-03-02T10:11:00Z', 'gil@corp.example.com', '2026-03-02T10:10:00Z'),
    // A session id that a client chose: it is another user's.
    application('2026-03-02T10:20:00Z', 'hal@corp.example.com', 'payroll-session-chosen', 'sign_in'),
    application('2026-03-02T10:21:00Z', 'ivy@corp.example.com', 'payroll-session-chosen', 'access'),
    application('2026-03-02T10:30:00Z', 'hal@corp.example.com', 'payroll-session-own-id', 'sign_in'),
    application('2026-03-02T10:31:00Z', 'hal@corp.example.com', 'payroll-session-own-id', 'access'),
    application('2026-03-03T10:31:00Z', 'hal@corp.example.com', 'payroll-session-own-id', 'access'),
    application('2026-03-03T18:00:00Z', 'hal@corp.example.com', 'payroll-session-own-id', 'session_end'),
  ];
}

/** Writes them into a file of a folder, in the opposite of their order. Returns its path. */
export function writeWays(folder: string): string {
  const path = join(folder, 'ways.ndjson');
  writeFileSync(path, lines(records().reverse()));
  return path;
}
