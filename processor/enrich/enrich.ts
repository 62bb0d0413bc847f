import type { Event } from '../../schema/event.js';
import type { Keys } from '../../schema/keys.js';
import type { Issued, Normalized } from '../normalize/normalized.js';
import { type AddressFacts, createAddressFacts } from './address-facts.js';
import type { AsnDatabase } from './asn-database.js';
import type { CountryDatabase } from './country-database.js';
import type { NetworkLists } from './network-list-folder.js';
import { type Client, createClientParser } from './user-agent.js';

/** What an operator decides about enrichment. */
export interface EnrichPolicy {
  /** Whether applications' `device.id` names one device and cannot be copied: false unless stated. */
  readonly deviceIdIsStrong?: boolean;
  /** Networks of the company's own egress, in CIDR notation. */
  readonly corporateNetworks?: readonly string[];
}

export interface EnricherOptions {
  /** Without keys no `*_key` column and no `vouches_for` is filled: ids are never stored unkeyed. */
  readonly keys?: Keys;
  readonly country?: CountryDatabase;
  readonly asn?: AsnDatabase;
  readonly policy?: EnrichPolicy;
  /** Networks that an operator lists by class. */
  readonly networkLists?: NetworkLists;
}

const NANOS_PER_DAY = 86_400_000_000_000n;

/**
 * Adds what is not on the record: place and network of the address, the client behind the user agent, keys, assurance.
 * Fills in and returns the normalised event itself, since this runs for every record. `ingested_at` is the
 * writer's to set.
 * @throws {CorporateNetworkError} at once, if a network of the policy is none.
 */
export function createEnricher(options: EnricherOptions): (normalized: Normalized) => Event {
  const { keys, country, asn, networkLists, policy = {} } = options;
  const factsOf = createAddressFacts({
    ...(country && { country }),
    ...(asn && { asn }),
    ...(policy.corporateNetworks && { corporateNetworks: policy.corporateNetworks }),
    ...(networkLists && { networkLists }),
  });
  const clientOf = createClientParser();

  return (normalized) => {
    const { event } = normalized;
    addAddress(event, factsOf(event.address));
    addClient(event, clientOf(event.user_agent));
    event.assurance_level = assuranceLevel(event);
    if (keys !== undefined) addKeys(normalized, keys, policy.deviceIdIsStrong === true);
    return event;
  };
}

function addAddress(event: Event, facts: AddressFacts): void {
  event.address = facts.address;
  event.network = facts.network;
  // Where our databases know nothing, the vendor's word stands.
  event.country = facts.country || event.country;
  if (facts.asn !== 0) {
    event.asn = facts.asn;
    event.as_organization = facts.asOrganization;
  }
  event.network_class = facts.networkClass;
}

function addClient(event: Event, client: Client): void {
  // Where the user agent says nothing, what the vendor itself read of the client stands.
  if (client.kind === 'unknown' && client.browser === '' && client.os === '') return;
  // A vendor that says the caller was its own service knows better than the user agent.
  const isService = event.client_kind === 'service';
  if (!isService) event.client_kind = client.kind;
  if (client.kind === 'service' || isService) return;
  event.browser = client.browser;
  event.browser_version = client.browserVersion;
  event.os = client.os;
  event.os_version = client.osVersion;
}

/**
 * NIST SP 800-63B level of what the event proves, 0 for none: our mapping, since no vendor states one. Level 3 asks
 * for hardware, which only `hwk` says.
 */
function assuranceLevel(event: Event): number {
  switch (event.evidence) {
    case 'credential':
      return 1;
    case 'mfa':
      return 2;
    case 'phishing_resistant':
      return event.amr.includes('hwk') ? 3 : 2;
    default:
      return 0;
  }
}

function addKeys({ event, identifiers }: Normalized, keys: Keys, deviceIdIsStrong: boolean): void {
  const { tenant } = event;
  if (identifiers.session !== '') event.session_key = keys.sessionKey(event, identifiers.session);
  else if (event.session_implied) {
    const day = Number(event.ts / NANOS_PER_DAY);
    const { source, user_key: user, application_id: application } = event;
    event.session_key = keys.impliedSessionKey(tenant, source, user, application, day);
  }
  if (identifiers.aliases.length > 0) {
    event.session_aliases = identifiers.aliases.map((id) => keys.sessionKey(event, id));
  }
  event.token_key = keys.tokenKey(tenant, identifiers.token);
  event.principal_key = keys.principalKey(tenant, identifiers.principal);
  const strong = identifiers.deviceIsStrong || (deviceIdIsStrong && event.source === 'otel');
  if (strong) event.device_key = keys.deviceKey(tenant, identifiers.device);
  if (event.evidence !== 'none' && event.outcome === 'success') {
    event.vouches_for = vouchedKeys(event, identifiers.issued, keys);
  }
}

/**
 * What evidence vouches for. An issue vouches for what it gave out; everything else for its own session (unless that
 * is a made-up one, of which absence is never judged) and its principal's, and for sessions that it names besides.
 */
function vouchedKeys(event: Event, issued: Issued, keys: Keys): readonly string[] {
  const vouched: string[] = [];
  if (event.activity !== 'token_issue') {
    if (event.session_key !== '' && !event.session_implied) vouched.push(event.session_key);
    vouched.push(...event.session_aliases);
    if (event.principal_key !== '') vouched.push(event.principal_key);
  }
  for (const id of issued.tokens) vouched.push(keys.tokenKey(event.tenant, id));
  for (const id of issued.sessions) vouched.push(keys.sessionKey(event, id));
  for (const principal of issued.principals) vouched.push(keys.principalKey(event.tenant, principal));
  return vouched;
}
