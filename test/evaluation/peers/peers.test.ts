import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installDefinitions } from '../../../schema/store/definitions.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { alertsOf, loadPeers, type Peer } from './peers.js';

const NINE = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const home = {
  address: '198.51.100.7',
  network: '198.51.100.0/24',
  asn: 3320,
  country: 'DE',
  network_class: 'residential',
  os: 'macOS',
  browser: 'Safari',
  user_agent: MAC,
};
const away = {
  address: '203.0.113.9',
  network: '203.0.113.0/24',
  asn: 14061,
  country: 'US',
  network_class: 'hosting',
  os: 'Windows',
  browser: 'Chrome',
  user_agent: WINDOWS,
};

type Fields = Readonly<Record<string, unknown>>;
let serial = 0;

function event(minutes: number, ...fields: readonly Fields[]): Fields {
  const ts = new Date(NINE + minutes * MINUTE).toISOString().replace('T', ' ').replace('Z', '');
  return Object.assign(
    {
      ts,
      ingested_at: ts,
      event_id: `event-${++serial}`,
      source: 'otel',
      stream: 'otel',
      activity: 'access',
      outcome: 'success',
      user_key: 'ada@example.com',
      session_key: 'one',
      session_kind: 'browser',
    },
    ...fields,
  );
}

function okta(minutes: number, type: string, place: Fields, dtHash: string, more: Fields = {}): Fields {
  const raw = JSON.stringify({
    authenticationContext: { externalSessionId: 'idx1' },
    debugContext: { debugData: { dtHash } },
  });
  return event(minutes, { source: 'okta', vendor_event_type: type, raw }, place, more);
}

function aws(minutes: number, place: Fields, service: string, type = 'IAMUser'): Fields {
  const raw = JSON.stringify({ eventSource: service, userIdentity: { type } });
  return event(minutes, { source: 'cloudtrail', token_id: 'ASIA1', raw }, place);
}

const signIn = { activity: 'sign_in' };
const allowed = { policy_result: 'allow' };

/** What each raises, and the nearest thing that it does not. */
const CASES: Readonly<Record<string, { raises: readonly Fields[]; silent: readonly Fields[] }>> = {
  'several-device-hashes': {
    raises: [okta(0, 'user.mfa.factor.activate', home, 'a'), okta(8, 'user.mfa.factor.activate', away, 'b')],
    silent: [okta(0, 'user.mfa.factor.activate', home, 'a'), okta(10, 'user.mfa.factor.activate', away, 'b')],
  },
  'new-network-and-agent': {
    raises: [okta(0, 'user.session.start', home, 'a'), okta(600, 'user.authentication.sso', away, 'a')],
    silent: [
      okta(0, 'user.session.start', home, 'a'),
      okta(600, 'user.authentication.sso', { ...away, user_agent: MAC.replace('26.0', '26.1') }, 'a'),
      okta(610, 'user.authentication.sso', { ...home, user_agent: WINDOWS }, 'a'),
      okta(1500, 'user.authentication.sso', away, 'a'),
    ],
  },
  'cookie-on-another-client': {
    raises: [
      okta(0, 'policy.evaluate_sign_on', home, 'a', allowed),
      okta(50, 'policy.evaluate_sign_on', away, 'a', allowed),
    ],
    silent: [
      okta(0, 'policy.evaluate_sign_on', home, 'a', allowed),
      okta(70, 'policy.evaluate_sign_on', away, 'a', allowed),
    ],
  },
  'several-addresses': {
    raises: [event(0, home), event(2000, { ...home, address: '198.51.100.8' })],
    silent: [event(0, home), event(1, home), event(2, away, { session_implied: true })],
  },
  'several-networks-of-a-key': {
    raises: [aws(0, home, 's3.amazonaws.com'), aws(5, away, 'iam.amazonaws.com')],
    silent: [
      aws(0, home, 's3.amazonaws.com'),
      aws(5, away, 's3.amazonaws.com'),
      aws(40, away, 'iam.amazonaws.com'),
      aws(3, away, 'iam.amazonaws.com', 'AssumedRole'),
    ],
  },
  'network-and-system-differ': {
    raises: [event(0, home), event(30, away)],
    silent: [event(0, home), event(30, away, { os: 'macOS' }), event(100, home, { os: 'Windows' })],
  },
  'impossible-travel': {
    raises: [event(0, signIn, home), event(90, signIn, away)],
    silent: [
      event(0, signIn, home),
      event(60, signIn, { ...away, network_class: 'vpn' }),
      event(70, signIn, home),
      event(800, signIn, away),
    ],
  },
};

describe("peers' published logic", () => {
  let peers: readonly Peer[];
  let store: TestStore;

  beforeAll(async () => {
    peers = await loadPeers();
    store = await testStore();
    await migrate(store.database);
    await installDefinitions(store.database);
    const rows = Object.entries(CASES).flatMap(([id, { raises, silent }]) => [
      ...raises.map((row) => ({ ...row, tenant: `${id} raises` })),
      ...silent.map((row) => ({ ...row, tenant: `${id} silent` })),
    ]);
    await store.database.insertRows('events', rows);
    // Queues deliver twice: that must change nothing.
    await store.database.insertRows('events', rows);
  });
  afterAll(() => store.close());

  const peerOf = (id: string): Peer => {
    const found = peers.find((peer) => peer.id === id);
    if (found === undefined) throw new Error(`no peer ${id}`);
    return found;
  };

  it('has a case here for every file', () => {
    expect(peers.map(({ id }) => id)).toEqual(Object.keys(CASES).sort());
  });

  it.each(Object.keys(CASES))('%s raises what it was written for, once', async (id) => {
    expect(await alertsOf(store.database, peerOf(id), `${id} raises`)).toMatchObject([
      { user_key: 'ada@example.com' },
    ]);
  });

  it.each(Object.keys(CASES))('%s is silent on what lies just beside', async (id) => {
    expect(await alertsOf(store.database, peerOf(id), `${id} silent`)).toEqual([]);
  });
});
