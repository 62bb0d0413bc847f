/**
 * Keys: how ids become the columns that events are joined by. Ids that an application hands out may be the cookie
 * itself, so what is stored is HMAC-SHA-256 under the installation's secret, truncated to 128 bits: 32 hex digits.
 * The same id gives the same key whatever log it came in; ids of different kinds never share a key.
 */
import { createHmac, hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Whose id it is. An event is one. */
export interface KeyScope {
  readonly tenant: string;
  readonly source: string;
  readonly organization: string;
}

/** Derives keys under one secret. Every method gives 32 lower-case hex digits, or '' for an empty id. */
export interface Keys {
  /** Identifies the secret without giving it away: a store written under one secret must not be fed under another. */
  readonly fingerprint: string;
  /** Key of a session id; ids under 16 characters are not unique in the world and are scoped to who issued them. */
  sessionKey(scope: KeyScope, id: string): string;
  /** Key of the session that records without any id are put into. `utcDay`: whole days since 1970-01-01. */
  impliedSessionKey(
    tenant: string,
    source: string,
    userKey: string,
    application: string,
    utcDay: number,
  ): string;
  tokenKey(tenant: string, id: string): string;
  principalKey(tenant: string, principal: string): string;
  deviceKey(tenant: string, id: string): string;
}

/** The secret that keys are derived under is empty, which would make them plain hashes. */
export class EmptySecretError extends Error {
  override readonly name = 'EmptySecretError';

  constructor() {
    super(
      'The secret that session keys are derived under is empty: set VOUCHTRAIL_KEY to 16 random bytes or more',
    );
  }
}

const HEX_DIGITS = 32;
const GLOBALLY_UNIQUE_LENGTH = 16;
/** Longer ids are derived afresh each time, so that a sender cannot fill memory with them. */
const LONGEST_CACHED = 256;
const DEFAULT_CACHE_SIZE = 65_536;

/** Joins parts so that no other list of parts gives the same text: ('ab', 'c') differs from ('a', 'bc'). */
function encode(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}

/**
 * Keys under `secret`. The most recent `cacheSize` are remembered: a session's id comes with each of its events and
 * an HMAC costs more than all the rest of deriving.
 * @throws {EmptySecretError}
 */
export function createKeys(secret: string | Uint8Array, options: { cacheSize?: number } = {}): Keys {
  if (secret.length === 0) throw new EmptySecretError();
  const recent = new LRUCache<string, string>({ max: options.cacheSize ?? DEFAULT_CACHE_SIZE });

  const derive = (domain: string, ...parts: readonly string[]): string => {
    const message = domain + encode(parts);
    const known = recent.get(message);
    if (known !== undefined) return known;
    const key = createHmac('sha256', secret).update(message).digest('hex').slice(0, HEX_DIGITS);
    if (message.length <= LONGEST_CACHED) recent.set(message, key);
    return key;
  };

  return {
    fingerprint: keyFingerprint(secret),
    sessionKey: ({ tenant, source, organization }, id) => {
      if (id === '') return '';
      if (id.length >= GLOBALLY_UNIQUE_LENGTH) return derive('session/', tenant, id);
      return derive('scoped-session/', tenant, source, organization, id);
    },
    impliedSessionKey: (tenant, source, userKey, application, utcDay) =>
      derive('implied-session/', tenant, source, userKey, application, String(utcDay)),
    tokenKey: (tenant, id) => (id === '' ? '' : derive('token/', tenant, id)),
    principalKey: (tenant, principal) => (principal === '' ? '' : derive('principal/', tenant, principal)),
    deviceKey: (tenant, id) => (id === '' ? '' : derive('device/', tenant, id)),
  };
}

/** A fingerprint of the secret, 32 hex digits, safe to store and to print. */
export function keyFingerprint(secret: string | Uint8Array): string {
  return createHmac('sha256', secret).update('fingerprint/').digest('hex').slice(0, HEX_DIGITS);
}

/** The id of an event that its vendor gave an id: the same however and how often the record arrives. 32 hex digits. */
export function eventId(source: string, vendorEventId: string): string {
  return hash('sha256', encode([source, vendorEventId]), 'hex').slice(0, HEX_DIGITS);
}

/** The id of a record whose vendor gave it none: a hash of what it says. 32 hex digits. */
export function recordHash(record: string | Uint8Array): string {
  return hash('sha256', record, 'hex').slice(0, HEX_DIGITS);
}

/** What a record says about who the user is; '' where it says nothing. */
export interface UserNames {
  readonly source: string;
  /** Identity-provider tenant or cloud account in which `name` is unique. */
  readonly organization: string;
  readonly name: string;
  readonly id: string;
  readonly email: string;
}

/** A name that says where it belongs: a UPN, a mail address, DOMAIN\name. */
function isFullLogin(name: string): boolean {
  return name.includes('@') || name.includes('\\');
}

/**
 * The key that a user's events are joined by: the lower-cased login name, mail address or id, whichever first says
 * where it belongs; else a bare name scoped to its organization (the `admin` of two accounts is two people); else
 * the vendor's id scoped to its source. '' if nothing is known.
 */
export function userKey({ source, organization, name, id, email }: UserNames): string {
  if (isFullLogin(name)) return name.toLowerCase();
  if (isFullLogin(email)) return email.toLowerCase();
  if (isFullLogin(id)) return id.toLowerCase();
  if (name !== '') return `${source}:${organization}:${name.toLowerCase()}`;
  return id === '' ? '' : `${source}:${id}`;
}
