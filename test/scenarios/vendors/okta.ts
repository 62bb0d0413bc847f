import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import { isoTime, SECOND } from '../time.js';
import type { Change, Proof, Session, Teller, Told } from '../told.js';

const FACTORS: Partial<Record<Proof, string>> = {
  push: 'OKTA_VERIFY_PUSH',
  totp: 'OKTA_SOFT_TOKEN',
  'phishing-resistant': 'SIGNED_NONCE',
};

const APPLICATIONS: Readonly<Record<string, string>> = {
  'office-suite': 'Nordlicht Office Suite',
  'customer-desk': 'Customer Desk',
  'code-forge': 'Code Forge',
  payroll: 'Payroll',
  aws: 'AWS IAM Identity Center',
};

const ADMINISTRATOR = { id: '00uadministrator00001', login: 'it.desk@nordlicht.example' };
const RESOURCE = { 'okta.domain': 'nordlicht.okta.example' };

/** What differs from one event of the System Log to another. */
interface Entry {
  readonly type: string;
  readonly at: number;
  readonly who: string;
  readonly actor: Readonly<Record<string, unknown>>;
  readonly seat?: Seat;
  readonly session?: OktaSession;
  readonly result?: string;
  readonly reason?: string;
  readonly credential?: string;
  readonly debug?: Readonly<Record<string, string>>;
  readonly target?: readonly object[];
  readonly clientId?: string;
}

export interface OktaSession extends Session {
  /** Changes after the sign-in, as Okta's does: the root stays. */
  readonly signInExternal: string;
  readonly external: string;
  /** Older organizations name no root. */
  readonly hasRoot: boolean;
}

/** Okta's System Log, by the fields of its API reference. */
export interface OktaTeller extends Teller {
  session(person: Person, at: number, application?: string): OktaSession;
  /** A back end redeems a grant: a token is issued out of a session, or out of an earlier token. */
  grant(session: Session, seat: Seat, at: number, grantType: string, client: string): readonly Told[];
  reuse(session: Session, seat: Seat, at: number, client: string): readonly Told[];
  /** An administrator resets the factors of a person. */
  resetFactors(person: Person, at: number): readonly Told[];
  /** The Admin Console signs in at Okta inside the session, with a client of its own. */
  adminHop(session: Session, seat: Seat, at: number): readonly Told[];
}

export function oktaTeller(chance: Chance): OktaTeller {
  const entry = (given: Entry): Told => record(given, chance);
  const actorOf = (person: Person) => ({
    id: person.id,
    type: 'User',
    alternateId: person.login,
    displayName: person.name,
    detailEntry: null,
  });
  const own = (session: Session, seat: Seat, at: number, type: string, more: Partial<Entry> = {}): Told =>
    entry({
      type,
      at,
      who: session.person.login,
      actor: actorOf(session.person),
      seat,
      session: session as OktaSession,
      ...more,
    });
  const byAdministrator = (person: Person, at: number, type: string): Told =>
    entry({
      type,
      at,
      who: person.login,
      actor: { id: ADMINISTRATOR.id, type: 'User', alternateId: ADMINISTRATOR.login, displayName: 'IT desk' },
      target: [{ id: person.id, type: 'User', alternateId: person.login, displayName: person.name }],
    });

  return {
    session: (person, at, application = 'office-suite') => {
      const hasRoot = !person.id.endsWith('0') && !person.id.endsWith('1');
      const external = `${hasRoot ? 'idx' : '102'}${chance.hex(20)}`;
      return {
        person,
        id: hasRoot ? `idx${chance.hex(20)}` : external,
        createdAt: at,
        application,
        signInExternal: external,
        external: hasRoot ? `idx${chance.hex(20)}` : external,
        hasRoot,
      };
    },
    signIn(session, seat, at, proof) {
      const { signInExternal } = session as OktaSession;
      const begun = { ...(session as OktaSession), external: signInExternal };
      if (proof === 'federated') {
        return [
          own(begun, seat, at, 'user.session.start', { debug: { requestUri: '/sso/saml2/0oapartner' } }),
        ];
      }
      const factor = FACTORS[proof];
      const steps: Told[] = [];
      if (factor !== undefined) {
        steps.push(own(begun, seat, at, 'user.authentication.auth_via_mfa', { debug: { factor } }));
      }
      steps.push(
        own(begun, seat, at + SECOND, 'user.session.start', { credential: 'PASSWORD' }),
        own(begun, seat, at + 2 * SECOND, 'policy.evaluate_sign_on', {
          result: 'ALLOW',
          reason: 'Sign-on policy evaluation resulted in ALLOW',
        }),
      );
      return steps;
    },
    use(session, seat, at, application = session.application) {
      const name = APPLICATIONS[application] ?? application;
      const target = [{ id: `0oa${application}`, type: 'AppInstance', alternateId: name, displayName: name }];
      return [
        own(session, seat, at, 'user.authentication.sso', { target, debug: { signOnMode: 'SAML 2.0' } }),
      ];
    },
    refresh(session, seat, at) {
      return this.grant(session, seat, at, 'refresh_token', 'Nordlicht Mobile');
    },
    grant(session, seat, at, grantType, client) {
      return [
        own(session, seat, at, 'app.oauth2.as.token.grant.access_token', {
          debug: { grantType, grantedScopes: 'openid, profile, offline_access' },
          clientId: `0oa${client.toLowerCase().replaceAll(' ', '-')}`,
          target: [
            {
              id: `0oa${client.toLowerCase().replaceAll(' ', '-')}`,
              type: 'PublicClientApp',
              alternateId: client,
              displayName: client,
            },
            {
              id: `AT.${chance.hex(24)}`,
              type: 'access_token',
              alternateId: null,
              displayName: 'Access Token',
            },
          ],
        }),
      ];
    },
    reuse(session, seat, at, client) {
      return [
        own(session, seat, at, 'app.oauth2.as.token.detect_reuse', {
          result: 'FAILURE',
          reason: 'invalid_grant',
          clientId: `0oa${client.toLowerCase().replaceAll(' ', '-')}`,
        }),
      ];
    },
    logOut: (session, seat, at) => [own(session, seat, at, 'user.session.end')],
    revoke: (person, at) => [byAdministrator(person, at, 'user.session.clear')],
    resetFactors: (person, at) => [byAdministrator(person, at, 'user.mfa.factor.reset_all')],
    refuse: (person, seat, at) => [
      entry({
        type: 'system.push.send_factor_verify_push',
        at,
        who: person.login,
        actor: actorOf(person),
        seat,
        debug: { factor: 'OKTA_VERIFY_PUSH' },
      }),
      entry({
        type: 'user.mfa.okta_verify.deny_push',
        at: at + 20 * SECOND,
        who: person.login,
        actor: actorOf(person),
        seat,
        result: 'SUCCESS',
      }),
    ],
    fail: (person, seat, at) => [
      entry({
        type: 'user.session.start',
        at,
        who: person.login,
        actor: actorOf(person),
        seat,
        result: 'FAILURE',
        reason: 'INVALID_CREDENTIALS',
        credential: 'PASSWORD',
      }),
    ],
    change: (session, seat, at, what) => [changed(own, session, seat, at, what)],
    adminHop: (session, seat, at) => [
      own(
        session,
        { ...seat, userAgent: 'Okta-Internal-Client/1.0' },
        at,
        'app.oauth2.token.grant.access_token',
        {
          clientId: 'okta.b58d5b75-07d4-5f25-bf59-368a1261a405',
          debug: { grantType: 'authorization_code' },
        },
      ),
      own(session, seat, at + SECOND, 'user.session.access_admin_app'),
    ],
  };
}

type Own = (session: Session, seat: Seat, at: number, type: string, more?: Partial<Entry>) => Told;

function changed(own: Own, session: Session, seat: Seat, at: number, what: Change): Told {
  const { person } = session;
  const target = [{ id: person.id, type: 'User', alternateId: person.login, displayName: person.name }];
  switch (what) {
    case 'factor':
      return own(session, seat, at, 'user.mfa.factor.activate', {
        target,
        reason: 'User set up OKTA_VERIFY_PUSH factor',
      });
    case 'consent':
      return own(session, seat, at, 'app.oauth2.as.consent.grant', {
        target: [
          {
            id: '0oamailarchiver',
            type: 'PublicClientApp',
            alternateId: 'Mail Archiver',
            displayName: 'Mail Archiver',
          },
        ],
      });
    case 'credential':
      return own(session, seat, at, 'user.account.update_password', { target });
  }
}

function record(given: Entry, chance: Chance): Told {
  const { type, at, who, actor, seat, session } = given;
  const body = {
    uuid: chance.uuid(),
    published: isoTime(at),
    eventType: type,
    version: '0',
    severity: 'INFO',
    legacyEventType: null,
    displayMessage: type,
    actor,
    client: {
      userAgent: { rawUserAgent: seat?.userAgent ?? null, os: 'Unknown', browser: 'UNKNOWN' },
      zone: 'null',
      device: 'Computer',
      id: given.clientId ?? null,
      ipAddress: seat?.address ?? null,
      geographicalContext: null,
    },
    device:
      seat === undefined || seat.device === ''
        ? null
        : { id: seat.device, name: 'managed', managed: true, registered: true },
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: given.credential ?? null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId: session?.hasRoot === true ? session.id : 'unknown',
      externalSessionId: session?.external ?? `trs${chance.hex(20)}`,
    },
    outcome: { result: given.result ?? 'SUCCESS', reason: given.reason ?? null },
    target: given.target ?? null,
    transaction: { type: 'WEB', id: chance.hex(27), detail: {} },
    debugContext: {
      debugData: { requestId: chance.hex(32), ...(seat && { dtHash: seat.cookie }), ...given.debug },
    },
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: false },
    request: {
      ipChain:
        seat === undefined
          ? []
          : [{ ip: seat.address, geographicalContext: null, version: 'V4', source: null }],
    },
  };
  return { at, stream: 'okta', who, body: JSON.stringify(body), resource: RESOURCE };
}
