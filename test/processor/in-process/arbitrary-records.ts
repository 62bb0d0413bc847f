import type { AnyValue, LogRecord } from '@opentelemetry/api-logs';
import fc from 'fast-check';
import { cloudTrailRecord } from '../cloudtrail-record.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });

/** Whatever OTLP can carry, with what is awkward in it: large integers, not a number, lone surrogates, holes. */
const scalar: fc.Arbitrary<AnyValue> = fc.oneof(
  text,
  fc.constantFrom('\ud800', 'a\udc00b', '__proto__', ''),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.constantFrom(2 ** 53, -(2 ** 60), 2 ** 63, 1e300, -0, 0.5),
  fc.uint8Array({ maxLength: 8 }),
  fc.constantFrom(null, undefined),
);

// Not `__proto__`, which the SDK assigns to as if it were any other key.
const name = fc.oneof(
  text.filter((key) => key !== '' && key !== '__proto__'),
  fc.constantFrom('constructor', '\udfff'),
);

const value: fc.Arbitrary<AnyValue> = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { arbitrary: scalar, weight: 4 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }), weight: 1 },
    { arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 4 }), weight: 1 },
  ),
})).value;

/** What applications say of sessions, and sometimes something else under the same names. */
const identity = fc.record(
  {
    'session.id': fc.oneof(fc.constantFrom('s', 'session-of-the-portal-1'), value),
    'user.id': fc.oneof(fc.constantFrom('ada@example.com', 'ada'), value),
    'user.name': fc.constantFrom('ada', 'Corr3ct!Horse', 'CORP\\ada'),
    'client.address': fc.oneof(fc.ipV4(), fc.ipV6(), text),
    'user_agent.original': fc.constantFrom('curl/8.1', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ''),
    'vouchtrail.activity': fc.constantFrom('sign_in', 'access', 'mfa_success', 'no such thing'),
    'vouchtrail.amr': fc.oneof(fc.subarray(['pwd', 'otp', 'hwk', 'mfa']), value),
    'vouchtrail.evidence': fc.constantFrom('mfa', 'none', 'x'),
    'device.id': text,
    'error.type': fc.constantFrom('timeout', ''),
    'http.route': fc.constantFrom('/orders/{id}', ''),
  },
  { requiredKeys: [] },
);

const cloudTrail = fc
  .tuple(fc.nat(1000), fc.record({ eventName: fc.constantFrom('ConsoleLogin', 'RunInstances', null) }))
  .map(([id, fields]) => cloudTrailRecord(id, fields));

/** A log record that an application may emit. */
export const arbitraryRecord: fc.Arbitrary<LogRecord> = fc.record(
  {
    timestamp: fc.tuple(fc.integer({ min: 1, max: 2_000_000_000 }), fc.nat(999_999_999)),
    observedTimestamp: fc.tuple(fc.constant(1_790_000_000), fc.nat(999_999_999)),
    eventName: fc.constantFrom('session.start', 'session.end', 'app.access', 'sign_in', '\ud800'),
    severityNumber: fc.nat(24),
    severityText: text,
    body: fc.oneof(
      value,
      cloudTrail.map((record) => JSON.stringify(record)),
      cloudTrail as fc.Arbitrary<AnyValue>,
    ),
    attributes: fc
      .tuple(identity, fc.dictionary(name, value, { maxKeys: 3 }))
      .map(([known, other]) => ({ ...other, ...known }) as Record<string, AnyValue>),
  },
  { requiredKeys: ['timestamp', 'observedTimestamp'] },
);
