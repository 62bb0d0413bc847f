import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { accessRecord, eventually, send } from '../program.js';
import { promisedMetrics } from '../service/metric-contract.js';
import { readScrape } from '../service/metrics-text.js';
import { closeServices, configOf, metricsOf, started } from '../service/service-fixture.js';
import { evaluate } from './prometheus-evaluation.js';
import { ExpressionError, metricsIn, parseExpression } from './prometheus-expression.js';

afterEach(closeServices);

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** What Prometheus takes of a file of rules, as far as ours use it. */
const rulesFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string().min(1),
      rules: z
        .array(
          z.strictObject({
            alert: z.string().regex(/^Vouchtrail[A-Za-z]+$/),
            expr: z.string().min(1),
            for: z
              .string()
              .regex(/^\d+[smhd]$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(20) }),
          }),
        )
        .min(1),
    }),
  ),
});

const { groups } = rulesFile.parse(parseYaml(read('deploy/alerts.yaml')));
const rules = groups.flatMap((group) => group.rules);
const ruleOf = (alert: string) => {
  const rule = rules.find((one) => one.alert === alert);
  if (rule === undefined) throw new Error(`there is no rule ${alert}`);
  return rule;
};

/** What an alert answers for two scrapes ten minutes apart. */
function answer(alert: string, before: string, now: string) {
  const scrapes = { before: readScrape(before), now: readScrape(now), apartSeconds: 600 };
  return evaluate(parseExpression(ruleOf(alert).expr), scrapes);
}

/** Scrapes at which a rule must fire, and what it then names; the one before it must stay silent with itself. */
const fires: readonly [alert: string, before: string, now: string, labels: object][] = [
  ['VouchtrailGone', 'vouchtrail_build_info{version="1"} 1', '', {}],
  [
    'VouchtrailSendersTurnedAway',
    'vouchtrail_otlp_requests_total{transport="grpc",status="UNAVAILABLE"} 0',
    'vouchtrail_otlp_requests_total{transport="grpc",status="UNAVAILABLE"} 3',
    { instance: '' },
  ],
  [
    'VouchtrailRequestsRefused',
    'vouchtrail_otlp_requests_total{transport="http",status="413"} 7',
    'vouchtrail_otlp_requests_total{transport="http",status="413"} 8',
    { instance: '', status: '413' },
  ],
  [
    'VouchtrailDeadLetters',
    'vouchtrail_dead_letters_total{source="okta"} 0\nvouchtrail_dead_letters_total{source="entra"} 4',
    'vouchtrail_dead_letters_total{source="okta"} 1\nvouchtrail_dead_letters_total{source="entra"} 4',
    { source: 'okta' },
  ],
  [
    'VouchtrailRecordsUnreadable',
    'vouchtrail_records_unreadable_total{source="okta"} 0',
    'vouchtrail_records_unreadable_total{source="okta"} 1',
    { source: 'okta' },
  ],
  ['VouchtrailStoreDown', 'vouchtrail_store_ready 1', 'vouchtrail_store_ready 0', {}],
  ['VouchtrailStoreRestarts', 'vouchtrail_store_restarts_total 1', 'vouchtrail_store_restarts_total 4', {}],
  [
    'VouchtrailDiskLow',
    'vouchtrail_disk_free_bytes 2001\nvouchtrail_disk_minimum_bytes 1000',
    'vouchtrail_disk_free_bytes 1999\nvouchtrail_disk_minimum_bytes 1000',
    {},
  ],
  ['VouchtrailInsertsFail', 'vouchtrail_insert_failures_total 2', 'vouchtrail_insert_failures_total 3', {}],
  [
    'VouchtrailInsertsSlow',
    'vouchtrail_insert_seconds_sum 10\nvouchtrail_insert_seconds_count 10',
    'vouchtrail_insert_seconds_sum 35\nvouchtrail_insert_seconds_count 20',
    {},
  ],
  ['VouchtrailJudgingBehind', 'vouchtrail_cursor_lag_seconds 6', 'vouchtrail_cursor_lag_seconds 301', {}],
  [
    'VouchtrailCorrelationFails',
    'vouchtrail_correlation_runs_total{correlation="unvouched-access",result="error"} 0',
    'vouchtrail_correlation_runs_total{correlation="unvouched-access",result="error"} 1',
    { correlation: 'unvouched-access' },
  ],
  [
    'VouchtrailCorrelationSlow',
    'vouchtrail_correlation_run_seconds_sum{correlation="a"} 1\nvouchtrail_correlation_run_seconds_count{correlation="a"} 10',
    'vouchtrail_correlation_run_seconds_sum{correlation="a"} 7\nvouchtrail_correlation_run_seconds_count{correlation="a"} 11',
    { correlation: 'a' },
  ],
  [
    'VouchtrailStreamLate',
    'vouchtrail_watermark_lag_seconds{tenant="default",source="okta",organization="acme",stream="okta"} 3500',
    'vouchtrail_watermark_lag_seconds{tenant="default",source="okta",organization="acme",stream="okta"} 3700',
    { tenant: 'default', source: 'okta', organization: 'acme', stream: 'okta' },
  ],
  [
    'VouchtrailFindingsOpen',
    'vouchtrail_findings_standing{severity="high",state="provisional"} 1\nvouchtrail_findings_standing{severity="low",state="open"} 1',
    'vouchtrail_findings_standing{severity="high",state="open"} 1',
    { severity: 'high' },
  ],
  ['VouchtrailNextReceiverDown', 'vouchtrail_forward_ready 1', 'vouchtrail_forward_ready 0', {}],
  [
    'VouchtrailForwardRefused',
    'vouchtrail_forward_records_total{result="refused"} 0\nvouchtrail_forward_records_total{result="taken"} 1',
    'vouchtrail_forward_records_total{result="refused"} 2\nvouchtrail_forward_records_total{result="taken"} 9',
    { result: 'refused' },
  ],
  [
    'VouchtrailEventLoopBusy',
    'nodejs_eventloop_lag_p99_seconds 0.4',
    'nodejs_eventloop_lag_p99_seconds 0.6',
    {},
  ],
];

describe('the alerts of deploy/alerts.yaml', () => {
  it('are each called once, and each has a case here', () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(fires.map(([alert]) => alert).sort()).toEqual(names.sort());
  });

  it.each(rules)('$alert reads only metrics and labels that docs/metrics.md promises', ({ expr }) => {
    const promised = promisedMetrics();
    const names = promised.flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_sum`, `${name}_count`, `${name}_bucket`] : [name],
    );
    const used = metricsIn(parseExpression(expr));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
    // Prometheus itself adds the instance.
    const labels = new Set([...promised.flatMap((metric) => metric.labels), 'instance']);
    const named = [...expr.matchAll(/(\w+)(?==|!=)|by \(([^)]*)\)/g)].flatMap(([, one, by]) =>
      (one ?? by ?? '').split(',').map((label) => label.trim()),
    );
    expect(named.filter((label) => !labels.has(label))).toEqual([]);
  });

  it.each(fires)('%s fires when it must, and not before', (alert, before, now, labels) => {
    expect(answer(alert, before, before)).toEqual([]);
    expect(answer(alert, before, now)).toMatchObject([{ labels }]);
    expect(Object.keys(answer(alert, before, now)[0]?.labels ?? {})).toEqual(Object.keys(labels));
  });

  it('stay silent on a service at work', async () => {
    const next = await started(configOf({}));
    const service = await started(
      configOf({ VOUCHTRAIL_FORWARD_OTLP: next.otlpHttpUrl ?? '', VOUCHTRAIL_MINIMUM_FREE_DISK: '1MiB' }),
    );
    const before = await metricsOf(service.healthUrl);
    await send(service.otlpHttpUrl ?? '', [accessRecord('ada'), accessRecord('bob')]);
    const now = await metricsOf(service.healthUrl);
    expect(now).toMatch(/^vouchtrail_events_accepted_total\{source="otel"\} 2$/m);
    // Busy machines may keep the loop waiting; that is what this one is about.
    const others = rules.filter(({ alert }) => alert !== 'VouchtrailEventLoopBusy');
    expect(others.filter(({ alert }) => answer(alert, before, now).length > 0)).toEqual([]);
    // The metrics that they read are there to be read; those of correlations once one has run.
    const names = others
      .flatMap(({ expr }) => metricsIn(parseExpression(expr)))
      .filter((name) => !/records_unreadable|run_seconds/.test(name));
    const missing = async () => {
      const shown = new Set(readScrape(await metricsOf(service.healthUrl)).samples.map(({ name }) => name));
      return names.filter((name) => !shown.has(name));
    };
    await eventually(async () => (await missing()).length === 0, 20_000);
    expect(await missing()).toEqual([]);
  });

  it('tell to ask what can be asked', async () => {
    const texts = rules.map(({ annotations }) => annotations.description);
    const queries = texts.flatMap((text) => /\{ findings.*\}/.exec(text)?.[0] ?? []);
    expect(queries).toHaveLength(1);
    const schema = buildSchema(read('schema/schema.graphql'));
    expect(queries.flatMap((query) => validate(schema, parse(query)))).toEqual([]);
    const statements = texts.flatMap((text) => /npm run sql -- '([^']+)'/.exec(text)?.[1] ?? []);
    expect(statements).toHaveLength(1);
    const { database } = await started(configOf({ VOUCHTRAIL_ROLES: 'api' }));
    for (const statement of statements) expect((await database?.query(statement))?.rows).toEqual([]);
  });
});

describe('what the test reads of PromQL', () => {
  it.each(['sum(a)', 'a offset 5m', 'a{b="c"', 'a > ', 'topk(3, a)', 'a b', 'a[5x]', ''])(
    'refuses %j, which it would not evaluate as Prometheus does',
    (text) => expect(() => parseExpression(text)).toThrow(ExpressionError),
  );

  it.each([
    ['1 + 2 * 3 - 4 / 2', [5]],
    ['(1 + 2) * 3', [9]],
    ['a', [1, 3]],
    ['a{l="x"} + 1', [2]],
    ['a{l!="x"}', [3]],
    ['a{l=~"x|z"}', [1]],
    ['a{l!~"x.*"}', [3]],
    ['2 * a > 2', [6]],
    ['a / a', [1, 1]],
    ['sum by (k) (a)', [4]],
    ['max by (k) (a)', [3]],
    ['increase(a[10m])', [1, 2]],
    ['rate(a[10m]) * 600', [1, 2]],
    ['increase(reset[10m])', [2]],
    ['increase(young[10m])', []],
    ['absent(nothing)', [1]],
    ['absent(a)', []],
    ['a == 3', [3]],
  ])('reckons %s as Prometheus does', (text, values) => {
    const before = readScrape('a{l="x",k="1"} 0\na{l="y",k="1"} 1\nreset 9');
    const now = readScrape('a{l="x",k="1"} 1\na{l="y",k="1"} 3\nreset 2\nyoung 5');
    const answered = evaluate(parseExpression(text), { before, now, apartSeconds: 600 });
    expect(answered.map(({ value }) => value)).toEqual(values);
  });
});
