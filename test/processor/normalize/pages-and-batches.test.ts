import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayRecords } from '../../../processor/commands/replay/replay-records.js';
import { ProcessorCounts } from '../../../processor/counters.js';
import { createEnricher } from '../../../processor/enrich/enrich.js';
import type { Forwarder } from '../../../processor/forward/forwarder.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import type { NormalizeResult } from '../../../processor/normalize/normalized.js';
import { createPipeline } from '../../../processor/pipeline.js';
import type { AnyValue } from '../../../processor/receiver/log-record.js';
import { createKeys } from '../../../schema/keys.js';
import { startApplication } from '../in-process/application.js';
import { anyValueOf, logRecord } from './log-records.js';

const keys = createKeys('a test secret');
const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z'), keys };

type Body = Record<string, unknown> & { properties: Record<string, unknown> };

function fixture(name: string): Body {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/entra', `${name}.json`), 'utf8')).body;
}

function read(body: AnyValue, attributes: object = {}): NormalizeResult {
  return normalize(logRecord({ body, attributes }), context);
}

const types = ({ events }: NormalizeResult) => events.map(({ event }) => event.vendor_event_type);
const claim = { 'vouchtrail.source': 'entra' };

describe("a page of Microsoft Graph's lists", () => {
  const context = 'https://graph.microsoft.com/v1.0/$metadata#auditLogs/';
  const signIns = ['password-and-push', 'refresh', 'previously-satisfied'].map(
    (name) => fixture(name).properties,
  );
  const audits = ['revoke-sessions', 'consent-to-application'].map((name) => fixture(name).properties);
  const page = (kind: string, value: unknown) => ({
    '@odata.context': `${context}${kind}`,
    '@odata.nextLink': 'https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken=00ff',
    value,
  });

  it.each([
    ['sign-ins', page('signIns', signIns), 3],
    ['the audit log', page('directoryAudits', audits), 2],
  ])('of %s is as many events as it has records, however it comes', (_, body, count) => {
    const text = JSON.stringify(body);
    const alone = (body.value as object[]).flatMap((record) => read(JSON.stringify(record)).events);
    expect(alone).toHaveLength(count);
    const ways: AnyValue[] = [
      text,
      Buffer.from(text),
      anyValueOf(body),
      JSON.stringify(body, null, 2),
      JSON.stringify([body]),
      JSON.stringify({ message: text }),
    ];
    for (const way of ways) {
      const { events, failures, unrecognised } = read(way);
      expect({ failures, unrecognised }).toEqual({ failures: [], unrecognised: 0 });
      expect(events.map(({ event }) => event.event_id)).toEqual(alone.map(({ event }) => event.event_id));
      expect(events.map(({ event }) => JSON.parse(event.raw))).toEqual(body.value);
    }
  });

  it('is opened from a replayed file too', () => {
    const body = page('signIns', signIns);
    const records = [...replayRecords({ line: 1, value: body, text: JSON.stringify(body) })];
    const texts = records.map((record) => ('json' in record ? JSON.parse(record.json).body.stringValue : ''));
    expect(texts.flatMap((text) => types(read(text)))).toHaveLength(signIns.length);
  });

  it('of fewer fields than usual is understood by those that it has', () => {
    const { id, createdDateTime, userId, userPrincipalName, isInteractive, status } = signIns[0] as Body;
    const few = { id, createdDateTime, userId, userPrincipalName, isInteractive, status };
    expect(types(read(JSON.stringify(page('signIns', [few]))))).toEqual(['SignInLogs']);
  });

  it('with a broken record keeps that one as a failure', () => {
    const { events, failures } = read(JSON.stringify(page('signIns', [signIns[0], { id: 'x' }, null])));
    expect(events).toHaveLength(1);
    expect(failures).toMatchObject([{ path: 'body.value[1]' }, { path: 'body.value[2]' }]);
  });

  it('of something else is not about identity', () => {
    const users = page('users', [{ id: '1', displayName: 'x', userPrincipalName: 'a@example.com' }]);
    expect(read(JSON.stringify(users))).toEqual({ events: [], failures: [], unrecognised: 1 });
  });

  it('without records is no failure, even where its sender says whose it is', () => {
    for (const empty of [page('signIns', []), { records: [] }, []]) {
      expect(read(JSON.stringify(empty), claim)).toEqual({ events: [], failures: [], unrecognised: 1 });
    }
  });
});

describe("a batch of an event hub that all of Azure's services share", () => {
  const subscription = '/SUBSCRIPTIONS/5F1A9A30-0000-4000-8000-00000000C009/RESOURCEGROUPS/RG';
  const others = [
    {
      time: '2026-03-02T09:15:30Z',
      resourceId: `${subscription}/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V`,
      category: 'AuditEvent',
      operationName: 'SecretGet',
      properties: { id: 'https://v.vault.azure.net/secrets/s' },
    },
    {
      time: '2026-03-02T09:15:31Z',
      resourceId: subscription,
      operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
      category: 'Administrative',
      resultType: 'Success',
    },
    {
      time: '2026-03-02T09:15:32Z',
      resourceId: `${subscription}/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/C`,
      category: 'AuditLogs',
      operationName: 'x',
      properties: { log: '{}' },
    },
    {
      count: 3,
      total: 9,
      resourceId: subscription,
      time: '2026-03-02T09:15:00Z',
      metricName: 'Transactions',
    },
    {
      time: '2026-03-02T09:15:33Z',
      tenantId: 't',
      operationName: 'Publish',
      category: 'AdvancedHunting-DeviceEvents',
      properties: {},
    },
    { TenantId: 'w', TimeGenerated: '2026-03-02T09:15:33Z', Type: 'AzureActivity', Level: 'Informational' },
  ];
  const own = [fixture('password'), fixture('graph-activity')];

  it('loses none of the directory, and counts the others without keeping them as failures', () => {
    const records = [others[0], own[0], ...others.slice(1), own[1]];
    for (const attributes of [{}, claim]) {
      const result = read(Buffer.from(JSON.stringify({ records })), attributes);
      expect(types(result)).toEqual(['SignInLogs', 'MicrosoftGraphActivityLogs']);
      expect(result.failures).toEqual([]);
      expect(result.unrecognised).toBe(others.length);
    }
  });

  it('with one record of the directory leaves without what is known of that one: it is not about the others', async () => {
    const records = [own[0], others[0]];
    const appended = async (body: string): Promise<number | undefined> => {
      let enriched: number | undefined;
      const forwarder: Forwarder = {
        ready: true,
        admit: () => {},
        forward: (_batch, { enriched: count }) => {
          enriched = count;
          return Promise.resolve({ rejected: 0 });
        },
        close: () => Promise.resolve(),
      };
      const counters = new ProcessorCounts();
      const accept = createPipeline({ normalize, enrich: createEnricher({ keys }), counters, forwarder });
      const batch = { encoding: 'json', receivedAt: context.receivedAt, body: new Uint8Array() } as const;
      await accept({ ...batch, records: [logRecord({ body })] });
      return enriched;
    };
    expect(await appended(JSON.stringify({ records }))).toBe(0);
    expect(await appended(JSON.stringify({ records: [own[0]] }))).toBe(1);

    const { emit, processor } = startApplication();
    expect(emit({ body: JSON.stringify({ records }) }).attributes).toEqual({});
    expect(emit({ body: JSON.stringify({ records: [own[0]] }) }).attributes).not.toEqual({});
    expect(processor.counters).toMatchObject({ enriched: 2, unrecognised: 1, unreadable: 0 });
  });

  it('without any of the directory is not about identity, whatever its sender says of it', () => {
    for (const attributes of [{}, claim]) {
      const result = read(JSON.stringify({ records: others }), attributes);
      expect(result).toEqual({ events: [], failures: [], unrecognised: 1 });
    }
    const result = read(JSON.stringify(others[1]), claim);
    expect(result).toEqual({ events: [], failures: [], unrecognised: 1 });
  });

  it('keeps what is broken of the directory, and what is no record of anything', () => {
    const [password] = own;
    const { properties: _, ...envelope } = password as Body;
    const { resourceId: __, ...nameless } = envelope;
    const broken = [envelope, nameless, { resourceId: password?.['resourceId'] }, { hello: 1 }, 'x'];
    const { events, failures, unrecognised } = read(
      JSON.stringify({ records: [own[1], ...broken, others[0]] }),
    );
    expect(events).toHaveLength(1);
    expect(failures.map(({ path }) => path.slice(0, 15)).sort()).toEqual(
      [1, 2, 3, 4, 5].map((i) => `body.records[${i}]`),
    );
    expect(unrecognised).toBe(1);
  });
});
