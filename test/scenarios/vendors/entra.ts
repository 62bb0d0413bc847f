import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import type { Change, Proof, Session, Teller, Told } from '../told.js';
import { auditRecord, graphRecord, type SignInFields, serviceRecord, signInRecord } from './entra-record.js';

const STEPS: Readonly<
  Record<Proof, readonly (readonly [method: string, detail: string, requirement: string])[]>
> = {
  password: [['Password', 'Correct password', 'Primary authentication']],
  push: [
    ['Password', 'Correct password', 'Primary authentication'],
    ['Mobile app notification', 'MFA successfully completed', 'Multifactor authentication'],
  ],
  totp: [
    ['Password', 'Correct password', 'Primary authentication'],
    ['OATH verification code', 'MFA successfully completed', 'Multifactor authentication'],
  ],
  'phishing-resistant': [['Passkey (device-bound)', 'MFA successfully completed', 'Primary authentication']],
  remembered: [
    ['Password', 'Correct password', 'Primary authentication'],
    ['', 'MFA requirement skipped due to remembered device', 'Multifactor authentication'],
  ],
  federated: [
    [
      'Federated',
      'MFA requirement satisfied by claim provided by external provider',
      'Primary authentication',
    ],
  ],
  'device-code': [
    ['Password', 'Correct password', 'Primary authentication'],
    ['Mobile app notification', 'MFA successfully completed', 'Multifactor authentication'],
  ],
  transfer: [
    ['Password', 'Correct password', 'Primary authentication'],
    ['Mobile app notification', 'MFA successfully completed', 'Multifactor authentication'],
  ],
};
const PREVIOUSLY = [
  ['Previously satisfied', 'MFA requirement satisfied by claim in the token', 'Multifactor authentication'],
] as const;

/** Microsoft Entra ID's sign-in, audit and Graph activity logs as diagnostic settings export them. */
export interface EntraTeller extends Teller {
  /** A token renewed by one application of the session. */
  refreshBy(session: Session, seat: Seat, at: number, application: string, token?: string): readonly Told[];
  /** A request to Microsoft Graph with a token of the session. */
  graph(session: Session, seat: Seat, at: number, application: string): readonly Told[];
  serviceSignIn(name: string, seat: Seat, at: number): readonly Told[];
  resetFactors(person: Person, at: number): readonly Told[];
}

export function entraTeller(chance: Chance): EntraTeller {
  const sign = (fields: SignInFields): Told => signInRecord(fields, chance);
  const audit = (
    person: Person,
    at: number,
    operation: string,
    seat: Seat | undefined,
    byOwner: boolean,
  ): Told => auditRecord({ person, at, operation, seat, byOwner }, chance);
  return {
    session: (person, at, application = 'office-suite') => ({
      person,
      id: chance.uuid(),
      createdAt: at,
      application,
    }),
    signIn: (session, seat, at, proof) => [
      sign({
        session,
        person: session.person,
        seat,
        at,
        application: session.application,
        isInteractive: true,
        steps: STEPS[proof],
        incomingToken: proof === 'federated' ? 'saml20' : 'none',
        ...(proof === 'device-code' && { protocol: 'deviceCode' }),
        ...(proof === 'transfer' && {
          protocol: 'authenticationTransfer',
          transfer: 'authenticationTransfer',
        }),
      }),
    ],
    use: (session, seat, at, application = 'mail') => [
      sign({
        session,
        person: session.person,
        seat,
        at,
        application,
        isInteractive: true,
        steps: PREVIOUSLY,
        incomingToken: seat.device === '' ? 'none' : 'primaryRefreshToken',
      }),
    ],
    refresh(session, seat, at) {
      return this.refreshBy(
        session,
        seat,
        at,
        session.application,
        seat.device === '' ? 'refreshToken' : 'primaryRefreshToken',
      );
    },
    refreshBy: (session, seat, at, application, token = 'refreshToken') => [
      sign({
        session,
        person: session.person,
        seat,
        at,
        application,
        isInteractive: false,
        steps: PREVIOUSLY,
        incomingToken: token,
      }),
    ],
    graph: (session, seat, at, application) => [graphRecord(session, seat, at, application, chance)],
    // Entra ID logs no log-out: the record of the page that ends the session is the application's.
    logOut: () => [],
    revoke: (person, at) => [
      audit(person, at, 'Update StsRefreshTokenValidFrom Timestamp', undefined, false),
    ],
    resetFactors: (person, at) => [audit(person, at, 'Admin deleted security info', undefined, false)],
    refuse: (person, seat, at) => [
      sign({
        session: undefined,
        person,
        seat,
        at,
        application: 'office-suite',
        isInteractive: true,
        steps: [['Password', 'Correct password', 'Primary authentication']],
        incomingToken: 'none',
        errorCode: 500121,
        failureReason: 'Authentication failed during strong authentication request.',
      }),
    ],
    fail: (person, seat, at) => [
      sign({
        session: undefined,
        person,
        seat,
        at,
        application: 'office-suite',
        isInteractive: true,
        steps: [],
        incomingToken: 'none',
        errorCode: 50126,
        failureReason: 'Error validating credentials due to invalid username or password.',
      }),
    ],
    change: (session, seat, at, what) => [audit(session.person, at, OPERATIONS[what], seat, true)],
    serviceSignIn: (name, seat, at) => [serviceRecord(name, seat, at, chance)],
  };
}

const OPERATIONS: Readonly<Record<Change, string>> = {
  factor: 'User registered security info',
  consent: 'Consent to application',
  credential: 'Change user password',
};
