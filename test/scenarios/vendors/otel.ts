import type { Chance } from '../chance.js';
import type { Seat } from '../people.js';
import { SECOND } from '../time.js';
import type { Proof, Session, Teller, Told } from '../told.js';

const METHODS: Readonly<Record<Proof, readonly string[]>> = {
  password: ['pwd'],
  push: ['pwd', 'mfa'],
  totp: ['pwd', 'otp', 'mfa'],
  'phishing-resistant': ['pop', 'user'],
  remembered: ['pwd'],
  federated: [],
  'device-code': ['pwd', 'mfa'],
  transfer: ['pwd', 'mfa'],
};

const ROUTES = ['/invoices', '/people/{id}', '/reports', '/search', '/documents/{id}', '/settings'];

/** An application's own records, by OpenTelemetry's names. The application of a session is its service. */
export function otelTeller(chance: Chance): Teller {
  const entry = (
    session: Session,
    seat: Seat | undefined,
    at: number,
    eventName: string,
    attributes: Readonly<Record<string, string | readonly string[]>> = {},
  ): Told => ({
    at,
    stream: 'otel',
    who: session.person.login,
    eventName,
    attributes: {
      'session.id': session.id,
      'user.id': session.person.id,
      'user.name': session.person.login,
      'log.record.uid': chance.uuid(),
      ...(seat && { 'client.address': seat.address, 'user_agent.original': seat.userAgent }),
      ...attributes,
    },
    resource: { 'service.name': session.application, 'service.version': '4.2.0' },
  });
  const withoutSession = (told: Told): Told => {
    const { 'session.id': _, ...attributes } = told.attributes ?? {};
    return { ...told, attributes };
  };
  return {
    session: (person, at, application = 'portal') => ({
      person,
      id: `s-${chance.hex(32)}`,
      createdAt: at,
      application,
    }),
    signIn(session, seat, at, proof) {
      if (proof === 'federated') {
        return [
          entry(session, seat, at, 'session.start', {
            'vouchtrail.activity': 'sign_in',
            'vouchtrail.evidence': 'inherited',
          }),
        ];
      }
      return [
        entry(session, seat, at, 'user.login', {
          'vouchtrail.activity': 'sign_in',
          'vouchtrail.amr': METHODS[proof],
          ...(proof === 'phishing-resistant' && { 'vouchtrail.evidence': 'phishing_resistant' }),
        }),
        entry(session, seat, at + SECOND, 'session.start'),
      ];
    },
    use: (session, seat, at, application = session.application) => [
      entry({ ...session, application }, seat, at, 'app.access', {
        'http.request.method': chance.happens(0.8) ? 'GET' : 'POST',
        'http.route': chance.oneOf(ROUTES),
      }),
    ],
    refresh: (session, seat, at) => [
      entry(session, seat, at, 'token.refresh', { 'vouchtrail.activity': 'session_refresh' }),
    ],
    logOut: (session, seat, at) => [entry(session, seat, at, 'session.end')],
    revoke: (person, at) => [
      withoutSession(
        entry({ person, id: '', createdAt: at, application: 'portal' }, undefined, at, 'sessions.revoked', {
          'vouchtrail.activity': 'session_revoke',
        }),
      ),
    ],
    refuse: (person, seat, at) => [
      withoutSession(
        entry({ person, id: '', createdAt: at, application: 'portal' }, seat, at, 'mfa.refused', {
          'vouchtrail.activity': 'mfa_failure',
        }),
      ),
    ],
    fail: (person, seat, at) => [
      withoutSession(
        entry({ person, id: '', createdAt: at, application: 'portal' }, seat, at, 'user.login', {
          'vouchtrail.activity': 'sign_in',
          'vouchtrail.outcome': 'failure',
        }),
      ),
    ],
    change: (session, seat, at, what) => [
      entry(session, seat, at, `account.${what}.changed`, {
        'vouchtrail.activity': 'admin',
        'http.request.method': 'POST',
        'http.route': what === 'credential' ? '/account/password/change' : `/account/${what}`,
      }),
    ],
  };
}
