import type { Company, Person, Visit } from './company.js';
import { type GeneratedRecord, text, vendorRecord } from './record.js';

const APPLICATIONS = [
  'Wiki',
  'Payroll',
  'Tickets',
  'Chat',
  'CRM',
  'Expenses',
  'Source Control',
  'Calendar',
  'AWS',
];

/** What the System Log of a company is mostly made of: how many of a hundred, which, and how it is shown. */
const EVENTS: readonly (readonly [count: number, eventType: string, message: string])[] = [
  [48, 'user.authentication.sso', 'User single sign on to app'],
  [14, 'policy.evaluate_sign_on', 'Evaluation of sign-on policy'],
  [11, 'user.authentication.auth_via_mfa', 'Authentication of user via MFA'],
  [7, 'user.authentication.verify', 'Verify user identity'],
  [6, 'app.oauth2.token.grant.access_token', 'OAuth2 access token is granted'],
  [4, 'user.session.end', 'User logout from Okta'],
  [4, 'user.account.update_profile', 'Update user profile for Okta'],
  [3, 'group.user_membership.add', 'Add user to group membership'],
  [3, 'user.session.context.change', 'User session context changed'],
];
const HUNDRED_EVENTS = EVENTS.flatMap(([count, type, message]) =>
  Array.from({ length: count }, () => ({ type, message })),
);
const SIGN_IN = { type: 'user.session.start', message: 'User login to Okta' };

/** An event of Okta's System Log, as a poller of its API writes it. */
export function oktaRecord(company: Company): GeneratedRecord {
  const { chance } = company;
  const visit = company.visit('okta', () => `idx${chance.letters(22)}`);
  const at = company.tick();
  const { type: eventType, message: displayMessage } = visit.isFirst ? SIGN_IN : chance.pick(HUNDRED_EVENTS);
  const request = chance.letters(27);
  const isDenied = eventType === 'user.session.start' && chance.happens(0.04);
  const place = placeOf(visit);
  const record = {
    actor: {
      id: visit.actor.oktaId,
      type: 'User',
      alternateId: visit.actor.login,
      displayName: visit.actor.name,
      detailEntry: null,
    },
    client: {
      userAgent: { rawUserAgent: visit.agent, os: 'Windows 10', browser: 'CHROME' },
      zone: 'null',
      device: 'Computer',
      id: null,
      ipAddress: visit.address,
      geographicalContext: place,
    },
    device: {
      id: `guo${visit.actor.oktaId.slice(3)}`,
      name: 'Laptop',
      os_platform: 'WINDOWS',
      os_version: '10.0.22631',
      managed: true,
      registered: true,
      device_integrator: null,
      disk_encryption_type: 'ALL_INTERNAL_VOLUMES',
      screen_lock_type: 'BIOMETRIC',
      jailbreak: null,
      secure_hardware_present: true,
    },
    authenticationContext: {
      authenticationProvider: eventType.includes('mfa') ? 'FACTOR_PROVIDER' : null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId: visit.session,
      externalSessionId: visit.session,
    },
    displayMessage,
    eventType,
    outcome: outcomeOf(eventType, isDenied),
    published: new Date(at).toISOString(),
    securityContext: {
      asNumber: 3320,
      asOrg: 'example telecom',
      isp: 'example telecom',
      domain: '.',
      isProxy: false,
    },
    severity: isDenied ? 'WARN' : 'INFO',
    debugContext: { debugData: debugData(company, eventType, request) },
    legacyEventType: `core.${eventType.replace('user.', 'user_')}`,
    transaction: { type: 'WEB', id: request, detail: {} },
    uuid: chance.uuid(),
    version: '0',
    request: { ipChain: [{ ip: visit.address, geographicalContext: place, version: 'V4', source: null }] },
    target: targets(company, visit, eventType),
  };
  return vendorRecord(record, at, 20_000 + chance.below(40_000), [text('okta.domain', 'corp.okta.example')]);
}

function placeOf({ address }: Visit<Person>) {
  const isOdd = address.length % 2 === 1;
  return {
    city: isOdd ? 'Hamburg' : 'Lyon',
    state: isOdd ? 'Hamburg' : 'Rhone',
    country: isOdd ? 'Germany' : 'France',
    postalCode: isOdd ? '20095' : '69001',
    geolocation: isOdd ? { lat: 53.55, lon: 9.99 } : { lat: 45.76, lon: 4.83 },
  };
}

function outcomeOf(eventType: string, isDenied: boolean) {
  if (isDenied) return { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' };
  if (eventType.startsWith('policy.'))
    return { result: 'ALLOW', reason: 'Sign-on policy evaluation resulted in ALLOW' };
  return { result: 'SUCCESS', reason: null };
}

function debugData(company: Company, eventType: string, request: string) {
  const { chance } = company;
  return {
    requestId: request,
    dtHash: chance.hex(64),
    deviceFingerprint: chance.hex(32),
    requestUri: eventType.endsWith('.sso')
      ? `/app/wiki/exk${chance.letters(17)}/sso/saml`
      : '/idp/idx/identify',
    url: eventType.endsWith('.sso') ? `/app/wiki/exk${chance.letters(17)}/sso/saml?` : '/idp/idx/identify?',
    threatSuspected: 'false',
    risk: '{level=LOW}',
    behaviors:
      '{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}',
    ...(eventType.includes('mfa') ? { factor: 'OKTA_VERIFY_PUSH' } : {}),
    ...(eventType.startsWith('app.oauth2')
      ? { grantType: 'authorization_code' }
      : { signOnMode: 'SAML 2.0' }),
  };
}

function targets(company: Company, { actor }: Visit<Person>, eventType: string) {
  const { chance } = company;
  const { oktaId, login, name } = actor;
  const user = { id: oktaId, type: 'User', alternateId: login, displayName: name, detailEntry: null };
  if (eventType.startsWith('user.session') || eventType.startsWith('user.account')) return [user];
  if (eventType.startsWith('group.')) {
    return [
      user,
      {
        id: `00g${chance.letters(17)}`,
        type: 'UserGroup',
        alternateId: 'unknown',
        displayName: 'Staff',
        detailEntry: null,
      },
    ];
  }
  const application = chance.pickUnevenly(APPLICATIONS);
  const instance = {
    id: `0oa${application.length}a1B2c3D4e5F6g7h8`,
    type: 'AppInstance',
    alternateId: application,
    displayName: application,
    detailEntry: { signOnModeType: 'SAML_2_0', signOnModeEvaluationResult: null },
  };
  if (eventType.startsWith('app.oauth2')) {
    return [
      instance,
      {
        id: `AT.${chance.letters(43)}`,
        type: 'access_token',
        alternateId: null,
        displayName: 'Access Token',
        detailEntry: { expires: '2026-03-02T10:00:00.000Z', subject: oktaId, hash: '' },
      },
    ];
  }
  return [
    instance,
    {
      id: `0ua${oktaId.slice(3)}`,
      type: 'AppUser',
      alternateId: login,
      displayName: name,
      detailEntry: null,
    },
  ];
}
