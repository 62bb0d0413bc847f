import { afterEach, beforeEach, expect, it } from 'vitest';
import { access, HOUR, MINUTE, signIn } from '../schema/detection/event-rows.js';
import { type Judging, judging } from '../schema/detection/judging-fixture.js';
import { startTestApi, type TestApi } from './api-fixture.js';

const NOON = Date.UTC(2026, 10, 20, 12);
const home = { asn: 3320, network: '198.51.100.0/24', country: 'DE', device_key: 'laptop' } as const;
const hosting = { asn: 14061, network: '203.0.113.0/24', country: 'US', network_class: 'hosting' } as const;

let judge: Judging;
let api: TestApi;
beforeEach(async () => {
  judge = await judging({ alone: true });
  api = await startTestApi(judge.database, { correlations: judge.correlations });
});
afterEach(async () => {
  await api.close();
  await judge.close();
});

it('shows the strands of a session with both distances, what vouches for each, and distinct events', async () => {
  const stolen = access(NOON, 'ada', 'today', { ...hosting, browser: '', os: '', client_kind: 'tool' });
  const rows = [
    signIn(NOON - HOUR, 'ada', 'today', home),
    access(NOON - 30 * MINUTE, 'ada', 'today', home),
    stolen,
    access(NOON + MINUTE, 'ada', 'today', { ...hosting, browser: '', os: '', client_kind: 'tool' }),
  ];
  await judge.deliver(rows);
  await judge.deliver([stolen]);
  const { data, errors } = await api.query(`{ session(key: "today") { strands {
    network networkClass client deviceKey firstSeen lastSeen eventCount vouchedBy sessionDistance userDistance concurrent
  } } }`);
  expect(errors).toBeUndefined();
  expect(data.session.strands).toEqual([
    {
      network: 'AS3320, DE (198.51.100.0/24)',
      networkClass: 'RESIDENTIAL',
      client: 'Chrome on Windows',
      deviceKey: 'laptop',
      firstSeen: '2026-11-20T11:00:00Z',
      lastSeen: '2026-11-20T11:30:00Z',
      eventCount: 2,
      vouchedBy: 'EVIDENCE',
      sessionDistance: null,
      userDistance: null,
      concurrent: false,
    },
    {
      network: 'AS14061, US (203.0.113.0/24)',
      networkClass: 'HOSTING',
      client: 'tool',
      deviceKey: null,
      firstSeen: '2026-11-20T12:00:00Z',
      lastSeen: '2026-11-20T12:01:00Z',
      eventCount: 2,
      vouchedBy: 'NONE',
      // Hosting 4, a script out of a browser's session 3, the device lost 1.
      sessionDistance: 8,
      userDistance: null,
      concurrent: false,
    },
  ]);
});
