import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text that is in every planted secret, and in nothing else. No part of it looks like a secret by itself. */
export const NEEDLE = 'PLANTEDNEEDLE';
/** A text like it that is no secret: a search that does not find it proves nothing. */
export const MARKER = 'HARMLESSMARK';

const folder = join(import.meta.dirname, '../processor/normalize/fixtures');

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A log record of a vendor's or application's, as the fixtures hold it. */
export interface LogRecord {
  readonly body?: Json;
  readonly attributes?: { [name: string]: Json };
  readonly resource?: { [name: string]: Json };
  readonly eventName?: string;
}

/** A record with secrets in it, and where they are, for whoever looks for a leak. */
export interface PlantedRecord {
  readonly record: LogRecord;
  readonly where: Map<string, string>;
}

let serial = 0;

/** A new needle: each place has its own, so that a leak says where it came from. */
function needle(where: Map<string, string>, place: string): string {
  const text = `${NEEDLE}${String(++serial).padStart(6, '0')}QX`;
  where.set(text, place);
  return text;
}

/** Secrets by the form that they have anywhere in a text. */
const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => `Bearer ${secret}`,
  (secret) => `Authorization: Basic ${secret}==`,
  (secret) => `eyJhbGciOiJub25lIn0.eyJ${secret}.${secret}`,
  (secret) => `https://portal.example/cb?code=${secret}&state=1`,
  (secret) => `/login?page=1&access_token=${secret}#top`,
  (secret) => `https://portal.example/acs?SAMLResponse=PHNhbWxwOlJlc3BvbnNl${secret}`,
  (secret) => `PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxw${secret}PHNhbWxwOlJlc3BvbnNlIHhtbG5z`,
  (secret) => `IQoJb3JpZ2luX2VjEXAMPLE${secret}${'A'.repeat(48)}`,
  (secret) => `FwoGZXIvYXdzEXAMPLE${secret}${'A'.repeat(48)}`,
  (secret) => `Cookie: theme=dark; sid=${secret}; last=1`,
  (secret) => `Set-Cookie: JSESSIONID=${secret}; Path=/`,
  (secret) => `login failed with password=${secret} today`,
  (secret) => `{"user":"maren","password":"two words ${secret}"}`,
  (secret) => `{"headers":{"Cookie":"a=1; b=${secret}","Authorization":"${secret}"}}`,
  (secret) => `{\\"secretAccessKey\\":\\"${secret}\\",\\"sessionToken\\" : \\"${secret}\\"}`,
  (secret) => `client_secret: "${secret}"`,
  (secret) => `curl -H 'X-Api-Key: ${secret}' https://portal.example/`,
  (secret) => `deploy --user maren --password ${secret} --verbose`,
  (secret) => `deploy --token=${secret}`,
  (secret) => `postgres://maren:${secret}@db.example/orders`,
];

/** Fields that hold secrets by their names, whatever they look like. */
const NAMED: Record<string, (secret: string) => Json> = {
  password: (secret) => secret,
  newPassword: (secret) => secret,
  Password: (secret) => ({ oldValue: secret, newValue: [secret] }),
  authorization: (secret) => [`Digest username="x", response="${secret}"`],
  Authorization: (secret) => secret,
  cookie: (secret) => `a=${secret}; b=2`,
  'Set-Cookie': (secret) => [`a=${secret}`],
  secretAccessKey: (secret) => `wJalr/${secret}/bPxRfi+EXAMPLE`,
  sessionToken: (secret) => secret,
  'http.request.header.cookie': (secret) => [secret],
  'http.request.header.authorization': (secret) => [secret],
  'http.request.header.x-amz-security-token': (secret) => secret,
  clientSecret: (secret) => secret,
  SAMLResponse: (secret) => secret,
  sAMLAssertion: (secret) => secret,
  webIdentityToken: (secret) => secret,
  id_token: (secret) => secret,
  refreshToken: (secret) => secret,
  apiKey: (secret) => secret,
  tokenCode: (secret) => `${secret}`,
};

/** Things that name their secret beside it. */
const PAIRS: readonly ((secret: string) => Json)[] = [
  (secret) => ({ key: 'password', value: secret }),
  (secret) => ({ key: 'Authorization', value: { stringValue: secret } }),
  (secret) => ({ name: 'client_secret', value: secret }),
  (secret) => ({ Name: 'Cookie', Value: secret }),
  (secret) => ({ displayName: 'Password', oldValue: secret, newValue: `["${secret}"]` }),
];

/** An object full of secrets, of every kind, and of the marker. */
function treasure(where: Map<string, string>, place: string): { [name: string]: Json } {
  const texts = FORMS.map((form, i) => form(needle(where, `${place}: form ${i}`)));
  const pairs = PAIRS.map((pair, i) => pair(needle(where, `${place}: pair ${i}`)));
  const named = Object.entries(NAMED).map(([name, value]) => [
    name,
    value(needle(where, `${place}: ${name}`)),
  ]);
  return {
    note: MARKER,
    texts,
    pairs,
    commandLine: ['deploy', '--password', needle(where, `${place}: argument`), '--quiet'],
    named: Object.fromEntries(named),
    asJson: JSON.stringify({ inner: Object.fromEntries(named), texts }),
    ...Object.fromEntries(named),
  };
}

/** Fields whose values say what a record is: with another value it would be none. */
const STRUCTURE =
  /^(?:event(?:Source|Name|Type|Version|Category)|category|operationName|type|outcome|result|signOnModeType|time|.*Time|.*Date(?:Time)?|published|vouchtrail\..*)$/;

/** Every place in a value that holds a text, as a path. */
function places(value: Json, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !STRUCTURE.test(name))
    .flatMap(([name, field]) => places(field as Json, [...path, name]));
}

function changed(value: Json, path: readonly (string | number)[], change: (text: string) => string): Json {
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? change(value) : value;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  copy[name] = changed(copy[name] as Json, rest, change);
  return copy as unknown as Json;
}

/** @returns also what each fixture says must be nowhere in its event */
function fixtures(): { name: string; record: LogRecord; absent: readonly string[] }[] {
  return readdirSync(folder).flatMap((vendor) =>
    readdirSync(join(folder, vendor)).map((file) => {
      const {
        body,
        attributes,
        resource,
        eventName,
        absent = [],
      } = JSON.parse(readFileSync(join(folder, vendor, file), 'utf8')) as LogRecord & {
        absent?: readonly string[];
      };
      const record = {
        ...(body === undefined ? {} : { body }),
        ...(attributes === undefined ? {} : { attributes }),
        ...(resource === undefined ? {} : { resource }),
        ...(eventName === undefined ? {} : { eventName }),
      };
      return { name: `${vendor}/${file}`, record, absent };
    }),
  );
}

/** Every vendor's and application's record with secrets beside what it says: in its body, its attributes, its resource. */
export function recordsWithTreasures(): PlantedRecord[] {
  return fixtures().map(({ name, record }) => {
    const where = new Map<string, string>();
    const isObject = typeof record.body === 'object' && record.body !== null && !Array.isArray(record.body);
    return {
      where,
      record: {
        ...record,
        ...(isObject
          ? { body: { ...(record.body as object), planted: treasure(where, `${name} body`) } }
          : {}),
        attributes: { ...record.attributes, ...treasure(where, `${name} attributes`) },
        resource: { ...record.resource, ...treasure(where, `${name} resource`) },
      },
    };
  });
}

/** Every such record again and again, each time with a secret at the end of another of its texts. */
export function recordsWithSecretsInPlace(): PlantedRecord[] {
  return fixtures().flatMap(({ name, record }) =>
    (['body', 'attributes', 'resource'] as const).flatMap((part) => {
      const value = record[part];
      if (typeof value !== 'object' || value === null) return [];
      return places(value).map((path) => {
        const where = new Map<string, string>();
        const form = FORMS[serial % FORMS.length] as (typeof FORMS)[number];
        const secret = form(
          needle(where, `${name} ${part}.${path.join('.')}: form ${serial % FORMS.length}`),
        );
        const planted = changed(value, path, (text) => `${text} ${secret}`);
        return { where, record: { ...record, [part]: planted } as LogRecord };
      });
    }),
  );
}

/** Records that cannot be read, or lack what makes them events, full of secrets: they become dead letters. */
export function malformedRecords(): PlantedRecord[] {
  const sources: Record<string, Json> = {
    cloudtrail: { eventVersion: '1.09', eventSource: 'signin.amazonaws.com', eventType: 'AwsApiCall' },
    okta: { uuid: 'x', eventType: 7, published: 'never', actor: {}, outcome: {} },
    entra: { category: 'SignInLogs', operationName: 'Sign-in activity', properties: 7 },
  };
  return Object.entries(sources).flatMap(([source, record]) =>
    [0.35, 0.5, 0.65, 0.8, 0.95, 1].flatMap((part) =>
      [1, 2].map((escaped) => {
        const where = new Map<string, string>();
        const planted = treasure(where, `malformed ${source} ${part} ${escaped}`);
        const whole = JSON.stringify({ ...(record as object), planted });
        const text = escaped === 1 ? whole : JSON.stringify({ message: whole });
        const body = text.slice(0, Math.floor(text.length * part));
        return { where, record: { body, attributes: { 'vouchtrail.source': source } } };
      }),
    ),
  );
}

/** Failed sign-ins of every vendor in which somebody typed the password where the name belongs. */
export function typedPasswords(): PlantedRecord[] {
  const typed = fixtures()
    .filter(({ name }) => name.endsWith('password-as-name.json'))
    .map(({ name, record, absent }) => {
      const where = new Map<string, string>();
      const secret = `Aa1!${needle(where, `${name}: typed as the name`)}`;
      const text = absent.reduce((each, name) => each.replaceAll(name, secret), JSON.stringify(record));
      return { where, record: JSON.parse(text) as LogRecord };
    });
  const where = new Map<string, string>();
  const attributes = {
    'session.id': 'a session',
    'vouchtrail.activity': 'sign_in',
    'vouchtrail.outcome': 'failure',
    'user.name': `Aa1!${needle(where, 'otel: typed as the name')}`,
  };
  return [...typed, { where, record: { attributes } }];
}

/**
 * Records that hold the marker wherever a vendor's text becomes a column of its own. Those of one fixture are the same
 * event by its id: each has a tenant to itself, or a merge would leave one of them.
 */
export function markedRecords(): LogRecord[] {
  return marked().map((record, index) => ({
    ...record,
    resource: { ...record.resource, 'vouchtrail.tenant': `marked-${index}` },
  }));
}

function marked(): LogRecord[] {
  return fixtures().flatMap(({ record }) =>
    (['body', 'attributes', 'resource'] as const).flatMap((part) => {
      const value = record[part];
      if (typeof value !== 'object' || value === null) return [];
      return places(value).map((path) => ({
        ...record,
        [part]: changed(value, path, (text) => `${text} ${MARKER}`),
      }));
    }),
  );
}
