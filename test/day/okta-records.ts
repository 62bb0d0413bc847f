import { address } from '../../deploy/demo/story/networks.js';
import type { Person } from '../../deploy/demo/story/people.js';
import type { Chance } from '../../deploy/demo/story/random.js';
import type { LogOrigin, OtlpLogRecord } from '../demo/sample.js';

/** What a poller of Okta's System Log says about itself. */
export const OKTA_ORIGIN: LogOrigin = {
  resource: {
    attributes: [
      { key: 'service.name', value: { stringValue: 'okta-poller' } },
      { key: 'okta.domain', value: { stringValue: 'larkfield.okta.example' } },
    ],
  },
  scope: { name: 'day' },
};

/** Somebody's session at Okta, and what holds its cookie. */
export interface OktaSession {
  readonly id: string;
  readonly person: Person;
}

/** The id of a session at Okta, as Okta makes them: long, and unknown to everybody else. */
export function newOktaSession(chance: Chance, person: Person): OktaSession {
  return { id: `idx${chance.hex(22)}`, person };
}

/** `user.session.start`: the password was right and the session begins. */
export const signedIn = (chance: Chance, session: OktaSession, at: number): OtlpLogRecord =>
  record(chance, session, at, { eventType: 'user.session.start', displayMessage: 'User login to Okta' });

/** `user.authentication.auth_via_mfa`: a push was accepted. */
export const passedFactor = (chance: Chance, session: OktaSession, at: number): OtlpLogRecord =>
  record(chance, session, at, {
    eventType: 'user.authentication.auth_via_mfa',
    displayMessage: 'Authentication of user via MFA',
    factor: 'OKTA_VERIFY_PUSH',
  });

/** `user.authentication.sso`: an application was opened from the session. */
export const openedApplication = (
  chance: Chance,
  session: OktaSession,
  at: number,
  application: string,
): OtlpLogRecord =>
  record(chance, session, at, {
    eventType: 'user.authentication.sso',
    displayMessage: 'User single sign on to app',
    application,
  });

interface Told {
  readonly eventType: string;
  readonly displayMessage: string;
  readonly factor?: string;
  readonly application?: string;
}

function record(
  chance: Chance,
  { id, person }: OktaSession,
  at: number,
  { eventType, displayMessage, factor, application }: Told,
): OtlpLogRecord {
  const { desk, email, login } = person;
  const ipAddress = address(desk.network, desk.host);
  const event = {
    actor: { id: oktaId(login), type: 'User', alternateId: email, displayName: login, detailEntry: null },
    client: {
      userAgent: { rawUserAgent: desk.userAgent },
      zone: 'null',
      device: 'Computer',
      id: null,
      ipAddress,
    },
    device: null,
    authenticationContext: { authenticationStep: 0, rootSessionId: id, externalSessionId: id },
    displayMessage,
    eventType,
    outcome: { result: 'SUCCESS', reason: null },
    published: new Date(at).toISOString(),
    severity: 'INFO',
    debugContext: {
      debugData: { requestUri: '/idp/idx/identify', ...(factor === undefined ? {} : { factor }) },
    },
    transaction: { type: 'WEB', id: chance.hex(27), detail: {} },
    uuid: chance.uuid(),
    version: '0',
    request: { ipChain: [{ ip: ipAddress, version: 'V4', source: null }] },
    target: application === undefined ? [] : [instanceOf(application)],
  };
  return {
    timeUnixNano: `${at}000000`,
    observedTimeUnixNano: `${at}000000`,
    body: { stringValue: JSON.stringify(event) },
    attributes: [{ key: 'vouchtrail.source', value: { stringValue: 'okta' } }],
  };
}

const oktaId = (login: string): string => `00u${login.replace('.', '').padEnd(17, 'x').slice(0, 17)}`;

function instanceOf(application: string): object {
  const id = `0oa${application.padEnd(17, '0')}`;
  return { id, type: 'AppInstance', alternateId: application, displayName: application, detailEntry: null };
}
