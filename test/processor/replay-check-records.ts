import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/*
 * The logs of a small company in the first week of March 2026, Monday to Saturday, as its four sources write them.
 * Everybody signs in at eight, a session a day, and uses it at nine and at ten.
 */

const PEOPLE: readonly string[] = ['ada', 'ben', 'cid', 'dee'];
const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07'] as const;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

type Json = Record<string, unknown>;

interface Visit {
  readonly person: string;
  readonly day: string;
  readonly address: string;
  /** Of one session of one person on one day. */
  readonly id: string;
}

function visits(people: readonly string[], days: readonly string[]): Visit[] {
  return days.flatMap((day) =>
    people.map((person) => {
      const number = PEOPLE.indexOf(person) + 1;
      return { person, day, address: `198.51.100.${number}`, id: `${person}-${day}` };
    }),
  );
}

const mail = (person: string): string => `${person}@corp.example.com`;

function okta(visit: Visit, time: string, eventType: string, more: Json = {}): Json {
  const { person, day, address, id } = visit;
  return {
    uuid: `okta-${id}-${time}-${eventType}`,
    published: `${day}T${time}.000Z`,
    eventType,
    version: '0',
    severity: 'INFO',
    displayMessage: 'Example',
    outcome: { result: 'SUCCESS', reason: null },
    actor: { id: `00u${person}`, type: 'User', alternateId: mail(person), displayName: person },
    client: { userAgent: { rawUserAgent: FIREFOX }, device: 'Computer', ipAddress: address },
    device: person === 'ada' ? { id: 'guoEXAMPLE0000000001' } : null,
    authenticationContext: { authenticationStep: 0, externalSessionId: `idxEXAMPLE-${id}` },
    securityContext: { asNumber: 64500, asOrg: 'example networks' },
    debugContext: { debugData: {} },
    transaction: { type: 'WEB', id, detail: {} },
    target: null,
    ...more,
  };
}

/** Ada passes a factor as well, ben logs out on Saturday, and dee's sign-in of Thursday is missing. */
export function oktaRecords(): Json[] {
  const wiki = [{ id: '0oaWIKI', type: 'AppInstance', alternateId: 'Wiki', displayName: 'Wiki' }];
  return visits(PEOPLE, DAYS).flatMap((visit) => {
    const { id, person, day } = visit;
    const all = [
      okta(visit, '08:00:00', 'user.session.start'),
      okta(visit, '09:00:00', 'user.authentication.sso', { target: wiki }),
      okta(visit, '10:00:00', 'user.authentication.sso', { target: wiki }),
    ];
    if (id === 'dee-2026-03-05') all.shift();
    if (person === 'ada') all.push(okta(visit, '08:00:05', 'user.mfa.okta_verify'));
    if (person === 'ben' && day === '2026-03-07') all.push(okta(visit, '17:00:00', 'user.session.end'));
    return all;
  });
}

/** Sign-ins with password and code and refreshes, as Microsoft Graph has them; no device is registered. */
function entraRecords(): Json[] {
  return visits(['ada', 'ben', 'cid'], DAYS.slice(0, 5)).flatMap(({ person, day, address, id }) => {
    const signIn = (time: string, more: Json): Json => ({
      id: `entra-${id}-${time}`,
      createdDateTime: `${day}T${time}Z`,
      userId: `5f1a9a30-0000-4000-8000-${person}`,
      userPrincipalName: mail(person),
      appId: 'mail-app',
      appDisplayName: 'Mail',
      ipAddress: address,
      userAgent: FIREFOX,
      conditionalAccessStatus: 'notApplied',
      sessionId: `5f1a9a30-session-${id}`,
      uniqueTokenIdentifier: `token-${id}-${time}`,
      status: { errorCode: 0 },
      deviceDetail: { deviceId: '' },
      ...more,
    });
    const step = (method: string, requirement: string): Json => ({
      authenticationMethod: method,
      authenticationStepRequirement: requirement,
      succeeded: true,
    });
    return [
      signIn('08:10:00', {
        isInteractive: true,
        signInEventTypes: ['interactiveUser'],
        authenticationRequirement: 'multiFactorAuthentication',
        authenticationDetails: [
          step('Password', 'Primary authentication'),
          step('OATH verification code', 'Multifactor authentication'),
        ],
      }),
      ...['09:10:00', '10:10:00'].map((time) =>
        signIn(time, {
          isInteractive: false,
          signInEventTypes: ['nonInteractiveUser'],
          incomingTokenType: 'refreshToken',
        }),
      ),
    ];
  });
}

/** Two users of the console, and a pipeline with a long-term key. */
function cloudTrailRecords(): Json[] {
  const call = (day: string, time: string, name: string, more: Json): Json => ({
    eventVersion: '1.10',
    eventTime: `${day}T${time}Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: 'eu-central-1',
    userAgent: FIREFOX,
    requestParameters: null,
    responseElements: null,
    eventID: `aws-${name}-${day}-${time}`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...more,
  });
  const identity = (userName: string) => ({
    type: 'IAMUser',
    principalId: `AIDAEXAMPLE${userName}`,
    arn: `arn:aws:iam::111122223333:user/${userName}`,
    accountId: '111122223333',
    userName,
  });
  const console = visits(['cid', 'dee'], DAYS).flatMap(({ person, day, address }) => {
    const attributes = { creationDate: `${day}T08:20:00Z`, mfaAuthenticated: 'true' };
    const inSession = {
      userIdentity: {
        ...identity(person),
        accessKeyId: `ASIAEXAMPLE${person}`,
        sessionContext: { attributes },
      },
      sourceIPAddress: address,
      sessionCredentialFromConsole: 'true',
    };
    return [
      call(day, '08:20:00', person, {
        userIdentity: identity(person),
        sourceIPAddress: address,
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        eventType: 'AwsConsoleSignIn',
        responseElements: { ConsoleLogin: 'Success' },
        additionalEventData: { MFAUsed: 'Yes' },
      }),
      call(day, '09:20:00', person, inSession),
      call(day, '10:20:00', person, inSession),
    ];
  });
  const pipeline = DAYS.map((day) =>
    call(day, '03:00:00', 'ci', {
      userIdentity: { ...identity('ci'), accessKeyId: 'AKIAEXAMPLE00000CI01' },
      sourceIPAddress: '203.0.113.9',
      userAgent: 'aws-cli/2.15.0',
    }),
  );
  return [...console, ...pipeline];
}

/** An application that logs the use of its sessions and not who signed in; its last record is of Saturday noon. */
export function applicationRequest(): Json {
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const logRecords = visits(PEOPLE, DAYS).flatMap(({ person, day, address, id }) =>
    ['09:30:00', '12:00:00'].map((time) => ({
      timeUnixNano: `${Date.parse(`${day}T${time}Z`)}000000`,
      eventName: 'app.access',
      attributes: [
        attribute('session.id', `payroll-session-${id}`),
        attribute('user.name', mail(person)),
        attribute('client.address', address),
      ],
    })),
  );
  const resource = { attributes: [attribute('service.name', 'payroll')] };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: {}, logRecords }] }] };
}

/** Writes the four sources into a folder, each as another kind of file. */
export function writeCompany(folder: string): { okta: string; entra: string; aws: string; app: string } {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const entra = entraRecords();
  const page = (value: Json[]) => ({ '@odata.context': 'https://graph.example/$metadata', value });
  return {
    okta: write('okta.ndjson', lines(oktaRecords())),
    entra: write('entra.jsonl', lines([page(entra.slice(0, 20)), page(entra.slice(20))])),
    aws: write('trail.json.gz', gzipSync(JSON.stringify({ Records: cloudTrailRecords() }))),
    app: write('payroll.json', JSON.stringify(applicationRequest(), null, 1)),
  };
}

export function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
