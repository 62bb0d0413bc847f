import { ForwardOptionsError, targetUrl } from '../../processor/forward/forward-options.js';
import { isLoopback } from '../loopback.js';
import type { GivenSettings, Values } from './given.js';
import { settingNamed } from './settings.js';

// What no setting can say alone: each looks at several, and adds what is wrong to the problems.

export function checkStore(given: GivenSettings, roles: Values<'Work'>['VOUCHTRAIL_ROLES']): void {
  const external = given.isSet('VOUCHTRAIL_CLICKHOUSE_URL');
  if (given.all.get('VOUCHTRAIL_STORE')?.text === 'off') {
    if (!given.isSet('VOUCHTRAIL_FORWARD_OTLP')) {
      given.wrong('VOUCHTRAIL_FORWARD_OTLP', 'is required where VOUCHTRAIL_STORE is off');
    }
    if (external) given.wrong('VOUCHTRAIL_CLICKHOUSE_URL', 'contradicts VOUCHTRAIL_STORE = off');
    if (roles?.some((role) => role !== 'processor')) {
      given.wrong('VOUCHTRAIL_ROLES', 'must be processor where VOUCHTRAIL_STORE is off');
    }
  } else if (external && !given.isSet('VOUCHTRAIL_KEY')) {
    const allowed = settingNamed('VOUCHTRAIL_KEY')?.allowed;
    given.wrong('VOUCHTRAIL_KEY', `is required with VOUCHTRAIL_CLICKHOUSE_URL and must be ${allowed}`);
  }
}

/** Without its evidence, a session that is judged again would look like one that nothing vouches for. */
export function checkRetention(given: GivenSettings, retention: Values<'Retention'>): void {
  const { VOUCHTRAIL_RETENTION_EVENTS: events, VOUCHTRAIL_RETENTION_EVIDENCE: evidence } = retention;
  if (evidence < events) {
    given.wrong(
      'VOUCHTRAIL_RETENTION_EVIDENCE',
      `must not be below VOUCHTRAIL_RETENTION_EVENTS: ${evidence} days are fewer than ${events}`,
    );
  }
}

export function checkPorts(given: GivenSettings, network: Values<'Network'>): void {
  const names = ['VOUCHTRAIL_OTLP_HTTP_PORT', 'VOUCHTRAIL_OTLP_GRPC_PORT', 'VOUCHTRAIL_API_PORT'] as const;
  for (const [index, name] of names.entries()) {
    const same = names.slice(0, index).find((other) => network[other] === network[name]);
    if (same !== undefined && network[name] !== 0) given.wrong(name, `must differ from ${same}`);
  }
}

export function checkForwarding(
  given: GivenSettings,
  forwarding: Values<'Forwarding'>,
  network: Values<'Network'>,
): void {
  const { VOUCHTRAIL_FORWARD_OTLP: url, VOUCHTRAIL_FORWARD_OTLP_PROTOCOL: protocol } = forwarding;
  if (url === undefined) return;
  try {
    const { hostname, port } = targetUrl({ url, protocol });
    const own = [network.VOUCHTRAIL_OTLP_HTTP_PORT, network.VOUCHTRAIL_OTLP_GRPC_PORT];
    // Each record would come back, and go round for ever.
    if (isLoopback(hostname.replace(/^\[|\]$/g, '')) && own.includes(Number(port))) {
      given.wrong('VOUCHTRAIL_FORWARD_OTLP', 'is where this service itself receives');
    }
  } catch (error) {
    if (!(error instanceof ForwardOptionsError)) throw error;
    given.wrong('VOUCHTRAIL_FORWARD_OTLP', error.message);
  }
}
