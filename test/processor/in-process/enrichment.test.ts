import { DiagLogLevel, diag } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CorporateNetworkError,
  ProcessorOptionError,
  SessionLogRecordProcessor,
} from '../../../processor/index.js';
import { createKeys } from '../../../schema/keys.js';
import { cloudTrailRecord } from '../cloudtrail-record.js';
import { access, KEY, startApplication } from './application.js';

describe('an application that needs neither store nor key', () => {
  it('gets what is known of a record as attributes, keys left out', async () => {
    const { emit, processor } = startApplication();
    const { attributes, body, eventName } = emit(access(1, { 'vouchtrail.amr': ['pwd', 'otp'] }));
    const { attributes: given } = access(1, { 'vouchtrail.amr': ['pwd', 'otp'] });
    expect(attributes).toEqual({
      ...given,
      'user_agent.name': 'Firefox',
      'user_agent.version': '140',
      'user_agent.os.name': 'Linux',
      'vouchtrail.source': 'otel',
      'vouchtrail.activity': 'access',
      'vouchtrail.outcome': 'success',
      'vouchtrail.evidence': 'none',
      'vouchtrail.application.id': 'portal',
      'vouchtrail.application.name': 'portal',
      'vouchtrail.vendor.event.type': 'app.access',
    });
    expect({ body, eventName }).toEqual({ body: 'opened a page', eventName: 'app.access' });
    expect(processor.counters).toMatchObject({ enriched: 1, unrecognised: 0, unreadable: 0, dropped: 0 });
  });

  it('has a processor that is made of no options at all', () => {
    const processor = new SessionLogRecordProcessor();
    onTestFinished(() => processor.shutdown());
    expect(processor.enabled()).toBe(true);
    expect(processor.counters.queued).toBe(0);
  });

  it('understands a vendor’s record as text, as a map and as bytes', () => {
    const { emit } = startApplication();
    const record = cloudTrailRecord(7);
    const text = JSON.stringify(record);
    for (const body of [text, record as never, Buffer.from(text)]) {
      expect(emit({ body }).attributes).toMatchObject({
        'vouchtrail.source': 'cloudtrail',
        'vouchtrail.activity': 'access',
        'log.record.uid': record['eventID'],
      });
    }
  });

  it('leaves a record alone that is not about identity', () => {
    const { emit, processor } = startApplication();
    const { attributes } = emit({ body: 'GET /index.html 200', attributes: { 'http.route': '/' } });
    expect(attributes).toEqual({ 'http.route': '/' });
    expect(processor.counters).toMatchObject({ enriched: 0, unrecognised: 1, unreadable: 0 });
  });

  it('leaves a record of several events alone: no one’s attributes are the record’s', () => {
    const { emit, processor } = startApplication();
    const body = JSON.stringify({ Records: [cloudTrailRecord(1), cloudTrailRecord(2)] });
    expect(emit({ body }).attributes).toEqual({});
    expect(processor.counters.enriched).toBe(1);
  });

  it('counts a record that should have been understood, says so once and not inside onEmit', async () => {
    const said: unknown[][] = [];
    const logger = { error: () => {}, info: () => {}, debug: () => {}, verbose: () => {} };
    diag.setLogger({ ...logger, warn: (...words) => said.push(words) }, DiagLogLevel.ALL);
    onTestFinished(() => diag.disable());
    const { emit, processor } = startApplication();
    for (let i = 0; i < 5; i++) emit({ body: JSON.stringify(cloudTrailRecord(i, { eventName: null })) });
    expect(processor.counters).toMatchObject({ unreadable: 5, enriched: 0 });
    expect(said).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    emit({ body: JSON.stringify(cloudTrailRecord(9, { eventName: null })) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(said).toEqual([
      [
        'vouchtrail',
        '5 log records could not be read and are not enriched:',
        expect.stringContaining('cloudtrail body'),
      ],
    ]);
  });
});

describe('what the application set itself', () => {
  it('stands, whatever it says', () => {
    const { emit } = startApplication();
    const own = {
      'vouchtrail.outcome': 'failure',
      'vouchtrail.application.name': '',
      'user_agent.name': 'Acme Browser',
      'geo.country.iso_code': 'ZZ',
    };
    const { attributes } = emit(access(1, own));
    expect(attributes).toMatchObject(own);
    expect(attributes['vouchtrail.application.id']).toBe('portal');
    expect(attributes['session.id']).toBe('session-of-the-portal-1');
  });
});

describe('an application with a key', () => {
  it('gets the keys that the service would derive', () => {
    const { emit } = startApplication({ key: KEY, policy: { deviceIdIsStrong: true } });
    const keys = createKeys(KEY);
    const scope = { tenant: 'default', source: 'otel', organization: '' };
    const { attributes } = emit(access(1, { 'device.id': 'laptop of ada' }));
    expect(attributes).toMatchObject({
      'vouchtrail.session.key': keys.sessionKey(scope, 'session-of-the-portal-1'),
      'vouchtrail.device.key': keys.deviceKey('default', 'laptop of ada'),
    });
  });

  it('gets other keys for another tenant, be it an option or on the resource', () => {
    const keyOf = (attributes: object) => (attributes as Record<string, string>)['vouchtrail.session.key'];
    const byOption = startApplication({ key: KEY, tenant: 'acme' }).emit(access());
    const onResource = startApplication({ key: KEY }, { 'vouchtrail.tenant': 'acme' }).emit(access());
    const byDefault = startApplication({ key: KEY }).emit(access());
    expect(keyOf(byOption.attributes)).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf(onResource.attributes)).toBe(keyOf(byOption.attributes));
    expect(keyOf(byDefault.attributes)).not.toBe(keyOf(byOption.attributes));
  });
});

describe('a processor whose options cannot be used', () => {
  const url = 'http://127.0.0.1:1';

  it.each([
    ['key', { store: { url } }, /VOUCHTRAIL_KEY of the service/],
    ['key', { key: '' }, /32 characters or more/],
    ['key', { key: new Uint8Array(8), store: { url } }, /too short/],
    ['store.url', { key: KEY, store: { url: 'clickhouse:8123' } }, /http:\/\//],
    ['store', { key: KEY, store: { url, database: 'a-b' } }, /"a-b"/],
    ['store.limits.queueEvents', { key: KEY, store: { url, limits: { queueEvents: 0 } } }, /above 0/],
  ])('says at once that %s is at fault and what to do', (option, options, message) => {
    const fault = (() => {
      try {
        return new SessionLogRecordProcessor(options);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toBeInstanceOf(ProcessorOptionError);
    expect(fault).toMatchObject({ option, message: expect.stringMatching(message) });
  });

  it('says at once which network of the policy is none', () => {
    const policy = { corporateNetworks: ['198.51.100.0/24', 'head office'] };
    expect(() => new SessionLogRecordProcessor({ policy })).toThrow(CorporateNetworkError);
  });
});

describe('a resource whose detectors still run', () => {
  it('is read without waiting and without the SDK’s complaint, and whole when they are done', async () => {
    const complaints: string[] = [];
    const logger = { warn: () => {}, info: () => {}, debug: () => {}, verbose: () => {} };
    diag.setLogger({ ...logger, error: (text) => complaints.push(text) }, DiagLogLevel.ERROR);
    onTestFinished(() => diag.disable());
    let detected = (_: string): void => {};
    const detection = new Promise<string>((resolve) => {
      detected = resolve;
    });
    const resource = resourceFromAttributes({ 'service.name': detection as never, 'cloud.region': 'eu-1' });
    const processor = new SessionLogRecordProcessor({ addresses: false });
    const seen: unknown[] = [];
    const watcher = {
      onEmit: ({ attributes }: { attributes: object }) => seen.push({ ...attributes }),
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const provider = new LoggerProvider({ resource, processors: [processor, watcher] });
    provider.getLogger('portal').emit(access());
    detected('portal of the cloud');
    await resource.waitForAsyncAttributes?.();
    provider.getLogger('portal').emit(access());
    await provider.shutdown();
    expect(complaints).toEqual([]);
    expect(seen[0]).toMatchObject({ 'vouchtrail.activity': 'access' });
    expect(seen[0]).not.toHaveProperty(['vouchtrail.application.name']);
    expect(seen[1]).toMatchObject({ 'vouchtrail.application.name': 'portal of the cloud' });
  });
});

describe('after shutdown', () => {
  it('records pass untouched, and the processor no longer asks for any', async () => {
    const { processor } = startApplication();
    await processor.shutdown();
    await processor.shutdown();
    await processor.forceFlush();
    expect(processor.enabled()).toBe(false);
    const attributes = {};
    processor.onEmit({ attributes } as never);
    expect(processor.counters).toMatchObject({ enriched: 0, unreadable: 0 });
  });
});
