import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { AnyValue } from '@opentelemetry/api-logs';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SessionLogRecordProcessor } from '../../../processor/index.js';
import { cloudTrailRecord } from '../cloudtrail-record.js';
import { access, KEY, startApplication } from './application.js';
import { arbitraryRecord } from './arbitrary-records.js';

const thrower = (): never => {
  throw new Error('not to be read');
};

/** Values that break a reader which trusts them. */
const hostileValues: Record<string, () => unknown> = {
  'a map that holds itself': () => {
    const map: Record<string, unknown> = { eventName: 'x' };
    map['self'] = map;
    return map;
  },
  'a list that holds itself often': () => {
    const list: unknown[] = [];
    for (let i = 0; i < 10; i++) list.push(list);
    return list;
  },
  'a map of few values that unfolds to more than there are atoms': () => {
    let value: unknown = 'leaf';
    for (let i = 0; i < 60; i++) value = [value, value, value, value];
    return value;
  },
  'a getter that throws': () => Object.defineProperty({}, 'x', { enumerable: true, get: thrower }),
  'a getter that always gives another such map': () => {
    const next = (): object => Object.defineProperty({}, 'x', { enumerable: true, get: next });
    return next();
  },
  'a proxy that throws': () => new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
  'bytes that are none': () => Object.create(new Uint8Array(3)),
  'a list of a length that it does not have': () => Object.assign([1], { length: 2 ** 32 - 1 }),
  'a huge string': () => 'session'.repeat(10_000_000),
  'a huge key': () => ({ ['k'.repeat(50_000_000)]: 1 }),
  'a function, a symbol, a bigint and a date': () => [() => 1, Symbol('s'), 10n ** 40n, new Date(0)],
  'a text that cannot be parsed for a megabyte': () =>
    `{"eventSource":"x","eventVersion":1,"userIdentity":${'['.repeat(400_000)}`,
  'what JSON cannot write': () => ({ toJSON: thrower, __proto__: { toString: thrower } }),
};

describe('onEmit', () => {
  it.each(Object.entries(hostileValues))('survives a body that is %s', (_, make) => {
    const { processor, emit } = startApplication({ key: KEY });
    const body = make() as AnyValue;
    const { attributes } = emit({ ...access(), body });
    expect(attributes['session.id']).toBe('session-of-the-portal-1');
    const { enriched, unreadable } = processor.counters;
    expect(enriched + unreadable).toBe(1);
    if (enriched === 1) expect(attributes['vouchtrail.activity']).toBe('access');
    // The next record is none the worse for it.
    expect(emit(access()).attributes['vouchtrail.activity']).toBe('access');
  });

  it.each(Object.entries(hostileValues))('survives an attribute that is %s', (_, make) => {
    const processor = new SessionLogRecordProcessor({ key: KEY, addresses: false });
    onTestFinished(() => processor.shutdown());
    for (const name of ['session.id', 'vouchtrail.amr', 'user.id', 'anything']) {
      const record = bareRecord({ 'user.id': 'ada', [name]: make() });
      expect(() => processor.onEmit(record as never)).not.toThrow();
    }
    const { enriched, unreadable, unrecognised } = processor.counters;
    expect(enriched + unreadable + unrecognised).toBe(4);
  });

  it('survives records that are none, and a record that takes no attributes', () => {
    const { processor } = startApplication();
    const refusing = { ...bareRecord({ 'user.id': 'ada' }), setAttribute: thrower };
    const times = { ...bareRecord({}), hrTime: [Number.NaN, Number.POSITIVE_INFINITY] };
    for (const record of [undefined, null, 1, {}, [], Object.create(null), refusing, times]) {
      expect(() => processor.onEmit(record as never)).not.toThrow();
    }
  });

  it('survives a listener to diagnostics that throws or emits records itself', async () => {
    const { processor, emit } = startApplication();
    const body = JSON.stringify(cloudTrailRecord(1, { eventName: null }));
    let calls = 0;
    const answer = (): never => {
      if (calls++ < 100) emit({ body });
      throw new Error('no listener');
    };
    const quiet = () => undefined;
    diag.setLogger(
      { error: answer, warn: answer, info: answer, debug: quiet, verbose: quiet },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
    onTestFinished(() => diag.disable());
    emit({ body });
    expect(calls).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls).toBe(1);
    expect(processor.counters.unreadable).toBe(2);
  });

  it('never throws, whatever is emitted, and accounts for every record', () => {
    const makers = Object.values(hostileValues).filter((make) => !String(make).includes('0_000_000'));
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom(...makers).map((make) => make()),
    );
    const { processor } = startApplication({ key: KEY });
    let records = 0;
    fc.assert(
      fc.property(arbitraryRecord, anything, anything, fc.string(), (record, body, value, name) => {
        const attributes = { ...record.attributes, [name]: value };
        processor.onEmit({ ...bareRecord(attributes), ...record, body, attributes } as never);
        records += 1;
        const { enriched, unreadable, unrecognised } = processor.counters;
        expect(enriched + unreadable + unrecognised).toBe(records);
      }),
      { numRuns: 400 },
    );
  });
});

/** A record as the SDK would hand it over, without the SDK's own checks. */
function bareRecord(attributes: Record<string, unknown>) {
  return {
    hrTime: [1_790_000_000, 0],
    hrTimeObserved: [1_790_000_000, 0],
    resource: { attributes: {} },
    instrumentationScope: { name: 'portal' },
    attributes,
    droppedAttributesCount: 0,
    setAttribute(name: string, value: unknown) {
      attributes[name] = value;
    },
  };
}
