import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitWith, OFFICIAL_EXPORTERS } from '../processor/receiver/official-exporters.js';
import { accessRecord, eventually, send } from '../program.js';
import { promisedMetrics } from './metric-contract.js';
import { metricOf, readScrape, type Scrape } from './metrics-text.js';
import { closeServices, configOf, metricsOf, type StartedService, started } from './service-fixture.js';

afterAll(closeServices);

const unreadable = {
  attributes: [{ key: 'vouchtrail.source', value: { stringValue: 'cloudtrail' } }],
  body: { stringValue: '{"eventVersion": "1.08", "eventName": ' },
};

/** Has a service do all that is measured. */
async function busy(service: StartedService): Promise<void> {
  const { otlpHttpUrl = '', otlpGrpcUrl = '' } = service;
  const record = accessRecord('metrics');
  await send(otlpHttpUrl, [record, record, { body: { stringValue: 'hello' } }, unreadable]);
  await fetch(`${otlpHttpUrl}/v1/logs`, {
    method: 'POST',
    body: 'x',
    headers: { 'content-type': 'text/plain' },
  });
  const overGrpc = OFFICIAL_EXPORTERS.find(({ transport }) => transport === 'grpc');
  if (overGrpc !== undefined) await emitWith(overGrpc.create(otlpGrpcUrl), ['one']);
}

async function scrapeWith(service: StartedService, line: RegExp): Promise<{ text: string; scrape: Scrape }> {
  let text = '';
  const shown = await eventually(async () => {
    text = await metricsOf(service.healthUrl);
    return line.test(text);
  }, 40_000);
  if (!shown) throw new Error(`no line matched ${line}:\n${text}`);
  return { text, scrape: readScrape(text) };
}

describe('the metrics', () => {
  /** With everything on, and with nothing stored: together they show all. */
  let all: { text: string; scrape: Scrape };
  let forwarding: { text: string; scrape: Scrape };
  beforeAll(async () => {
    const next = await started(configOf({}));
    const forward = { VOUCHTRAIL_FORWARD_OTLP: next.otlpHttpUrl ?? '' };
    const service = await started(configOf(forward));
    await busy(service);
    await scrapeWith(
      service,
      /^vouchtrail_correlation_runs_total\{correlation="unvouched-access",result="ok"\} [1-9]/m,
    );
    // Known when the run is over, a moment after what its correlations did.
    all = await scrapeWith(service, /^vouchtrail_cursor_lag_seconds /m);
    const stage = await started(configOf({ ...forward, VOUCHTRAIL_STORE: 'off' }));
    await busy(stage);
    forwarding = await scrapeWith(stage, /^vouchtrail_records_unreadable_total\{source="cloudtrail"\} 1$/m);
  });

  it('are those that docs/metrics.md lists, of the types that it says', () => {
    const shown = new Map([...all.scrape.types, ...forwarding.scrape.types]);
    const promised = promisedMetrics().map(({ name, type }) => `${name} ${type}`);
    expect([...shown].map(([name, type]) => `${name} ${type}`).sort()).toEqual(promised.sort());
  });

  it('have the labels that docs/metrics.md says, and at least one series each', () => {
    const promised = promisedMetrics();
    for (const scrape of [all.scrape, forwarding.scrape]) {
      for (const sample of scrape.samples) {
        const { labels = [] } = promised.find(({ name }) => name === metricOf(scrape, sample)) ?? {};
        const shown = Object.keys(sample.labels).filter((label) => label !== 'le');
        expect({ [sample.name]: shown.sort() }).toEqual({ [sample.name]: labels.toSorted() });
      }
    }
    const seen = [all, forwarding].flatMap(({ scrape }) =>
      scrape.samples.map((sample) => metricOf(scrape, sample)),
    );
    expect(new Set(seen)).toEqual(new Set(promised.map(({ name }) => name)));
  });

  it.each([
    'vouchtrail_otlp_requests_total{transport="http",status="200"} 1',
    'vouchtrail_otlp_requests_total{transport="http",status="415"} 1',
    'vouchtrail_otlp_requests_total{transport="http",status="503"} 0',
    'vouchtrail_otlp_requests_total{transport="grpc",status="OK"} 1',
    'vouchtrail_otlp_refused_total{reason="unsupported"} 1',
    'vouchtrail_otlp_refused_total{reason="queue_full"} 0',
    'vouchtrail_events_accepted_total{source="otel"} 2',
    'vouchtrail_events_accepted_total{source="okta"} 0',
    'vouchtrail_events_duplicate_total 1',
    'vouchtrail_records_unrecognised_total 1',
    'vouchtrail_dead_letters_total{source="cloudtrail"} 1',
    'vouchtrail_dead_letters_total{source="unknown"} 0',
    'vouchtrail_forward_records_total{result="taken"} 4',
    'vouchtrail_forward_records_total{result="refused"} 1',
    'vouchtrail_forward_ready 1',
    'vouchtrail_store_ready 1',
    'vouchtrail_store_restarts_total 0',
    'vouchtrail_queue_rows 0',
    'vouchtrail_findings_standing{severity="critical",state="open"} 0',
    'vouchtrail_correlation_runs_total{correlation="evidence-gap",result="error"} 0',
  ])('count what was done: %s', (line) => {
    expect(all.text.split('\n')).toContain(line);
  });

  it('say how far each stream is behind', () => {
    const stream = all.scrape.samples.find(({ name }) => name === 'vouchtrail_watermark_lag_seconds');
    expect(stream?.labels).toEqual({ tenant: 'default', source: 'otel', organization: '', stream: 'otel' });
    // An application's log is taken to be two minutes late at most.
    expect(stream?.value).toBeGreaterThanOrEqual(120);
    expect(stream?.value).toBeLessThan(240);
  });

  it('count standing findings as analysts left them', async () => {
    const service = await started(configOf({ VOUCHTRAIL_ROLES: 'scheduler' }));
    const finding = (id: string, severity: string, state: string) => ({
      tenant: 'default',
      id,
      severity,
      state,
      raised_at: '2026-01-01 00:00:00.000',
      revision_order: 1,
    });
    await service.database?.insertRows('findings', [
      finding('a', 'high', 'open'),
      finding('b', 'high', 'open'),
      finding('c', 'high', 'open'),
      finding('d', 'low', 'provisional'),
      finding('e', 'low', 'withdrawn'),
    ]);
    const act = (id: string, kind: string) => ({
      tenant: 'default',
      finding_id: id,
      at: '2026-01-01 00:00:01.000',
      id,
      kind,
    });
    await service.database?.insertRows('triage_actions', [act('b', 'acknowledge'), act('c', 'resolve')]);
    const { text } = await scrapeWith(
      service,
      /^vouchtrail_findings_standing\{severity="high",state="open"\} 1$/m,
    );
    expect(text).toMatch(/^vouchtrail_findings_standing\{severity="high",state="acknowledged"\} 1$/m);
    expect(text).toMatch(/^vouchtrail_findings_standing\{severity="low",state="provisional"\} 1$/m);
    expect(text).toMatch(/^vouchtrail_findings_standing\{severity="low",state="open"\} 0$/m);
  });
});
