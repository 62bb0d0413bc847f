import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, type RunningService, startedService, temporaryFolder } from '../program.js';
import { readingStore } from './kept-records.js';
import {
  type LogRecord,
  MARKER,
  malformedRecords,
  markedRecords,
  NEEDLE,
  recordsWithSecretsInPlace,
  recordsWithTreasures,
  typedPasswords,
} from './planted-secrets.js';
import { SpoolWatch } from './spool-watch.js';
import { type Find, inBase64, searchStore } from './store-search.js';

/*
 * Secrets are planted wherever a record may hold one, sent as senders do, and then looked for wherever the program
 * writes. Each has a number of its own; `planted` says where it was.
 */

const planted = new Map<string, string>();
let dataDir = '';
let service: RunningService;
let spool: SpoolWatch;

type Json = unknown;

function anyValue(value: Json): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: keyValues(value) } };
  return {};
}

const keyValues = (object: object) =>
  Object.entries(object).map(([key, value]) => ({ key, value: anyValue(value) }));

/** In which form a record's body is sent: as a structure, as JSON text, as bytes. */
const BODIES: readonly ((body: Json) => object)[] = [
  anyValue,
  (body) => (typeof body === 'string' ? anyValue(body) : { stringValue: JSON.stringify(body) }),
  (body) => ({
    bytesValue: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
  }),
];

function resourceLogs({ body, attributes, resource, eventName }: LogRecord, form: number): object {
  const logRecord = {
    timeUnixNano: `${Date.now()}000000`,
    ...(eventName === undefined ? {} : { eventName }),
    ...(body === undefined ? {} : { body: BODIES[form % BODIES.length]?.(body) }),
    attributes: keyValues(attributes ?? {}),
  };
  return { resource: { attributes: keyValues(resource ?? {}) }, scopeLogs: [{ logRecords: [logRecord] }] };
}

async function send(records: readonly LogRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += 250) {
    const body = JSON.stringify({
      resourceLogs: records.slice(from, from + 250).map((record, i) => resourceLogs(record, from + i)),
    });
    for (let status = 0; status !== 200; ) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${service.otlpHttpUrl}/v1/logs`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      ({ status } = response);
      expect([200, 503]).toContain(status);
      if (status === 503) await delay(200);
    }
  }
}

beforeAll(async () => {
  dataDir = temporaryFolder();
  service = await startedService(dataDir, {
    VOUCHTRAIL_LOG_LEVEL: 'trace',
    // A warning, so that the logs hold the marker.
    [`VOUCHTRAIL_${MARKER}`]: 'x',
  });
  spool = new SpoolWatch(dataDir);
  const inPlace = recordsWithSecretsInPlace();
  const all = [...recordsWithTreasures(), ...inPlace, ...malformedRecords(), ...typedPasswords()];
  for (const { where } of all) for (const [secret, place] of where) planted.set(secret, place);
  await send(all.map(({ record }) => record));
  await send(markedRecords());
  // What the judging writes of it.
  await delay(6_000);
  await spool.end();
}, 180_000);
afterAll(endAll);

/** What was found, with the place where the secret had been planted. */
function leaks(finds: readonly Find[]): string[] {
  return finds.map(
    ({ column, text }) => `${column} holds ${text}: ${planted.get(text.toUpperCase()) ?? 'encoded'}`,
  );
}

/** What the files hold; those that the store removes meanwhile are gone, and with them what they held. */
function filesBelow(folder: string): Buffer[] {
  const orNothing = <T>(read: () => T[]): T[] => {
    try {
      return read();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return orNothing(() => readdirSync(folder, { withFileTypes: true })).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? orNothing(() => [readFileSync(path)]) : [];
  });
}

const search = (text: string) => readingStore(dataDir, (database) => searchStore(database, text));

it('the search knows a text in Base64, wherever it begins', () => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const encoded = Buffer.from(`${before}${NEEDLE}123`).toString('base64');
    expect(inBase64(NEEDLE).filter((each) => encoded.includes(each))).toHaveLength(1);
  }
});

describe('secrets of every kind in records of every vendor', () => {
  it('are many, and are taken', async () => {
    expect(planted.size).toBeGreaterThan(5_000);
    const { rows } = await readingStore(dataDir, (database) =>
      database.query<{ source: string; events: number; letters: number }>(
        `SELECT source, count() AS events,
          (SELECT count() FROM dead_letters) AS letters FROM events GROUP BY source ORDER BY source`,
      ),
    );
    expect(rows.map(({ source }) => source)).toEqual(
      readdirSync(join(import.meta.dirname, '../processor/normalize/fixtures')).sort(),
    );
    for (const { events, letters } of rows) {
      expect(events).toBeGreaterThan(50);
      expect(letters).toBeGreaterThan(10);
    }
  });

  it('are in no column of any table, where the search finds what is harmless', async () => {
    expect(leaks(await search(NEEDLE))).toEqual([]);
    const columns = new Set((await search(MARKER)).map(({ column }) => column));
    const holding = [
      'events.raw',
      'events.attributes',
      'events.resource_attributes',
      'events.user_agent',
      'events.user_name',
      'events.user_key',
      'events.service_name',
      'events.vendor_risks',
      'user_events.user_key',
      'sessions.application_name',
      'session_states.user_name',
      'dead_letters.raw',
    ];
    expect(holding.filter((column) => !columns.has(column))).toEqual([]);
  });

  it('are in none of the logs', () => {
    const said = service.stdout() + service.stderr();
    expect(said).toContain(MARKER);
    expect(said.match(new RegExp(`.{0,80}${NEEDLE}.{0,20}`, 'gi')) ?? []).toEqual([]);
  });

  it('are in no file of the spool, nor anywhere else in the data folder', () => {
    const spooled = spool.files;
    expect(spooled.filter((file) => file.includes(MARKER)).length).toBeGreaterThan(0);
    const files = filesBelow(dataDir);
    expect(files.length).toBeGreaterThan(10);
    for (const sought of [NEEDLE, ...inBase64(NEEDLE)]) {
      expect([...spooled, ...files].some((file) => file.includes(sought))).toBe(false);
    }
  });
});
