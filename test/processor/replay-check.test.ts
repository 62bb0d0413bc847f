import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayCommand } from '../../processor/commands/replay.js';
import type { CheckedSource, CheckReport } from '../../processor/commands/replay-check/check-report.js';
import { cloudTrailRecord } from './cloudtrail-record.js';
import { applicationRequest, lines, oktaRecords } from './replay-check-records.js';
import { firingOf, sourceOf } from './replay-check-report.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchtrail-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Runs the command in this process. */
async function run(args: readonly string[], input = '') {
  const texts = { out: '', err: '' };
  const stream = (name: keyof typeof texts) =>
    new PassThrough().on('data', (chunk) => {
      texts[name] += chunk;
    });
  const code = await replayCommand(args, {
    endpoint: 'http://127.0.0.1:1',
    out: stream('out'),
    err: stream('err'),
    input: Readable.from([Buffer.from(input)]),
  });
  return { code, ...texts };
}

async function reportOf(...files: string[]): Promise<CheckReport> {
  return JSON.parse((await run(['--check', '--json', ...files])).out);
}

describe('what comes to nothing', () => {
  it('is counted by reason, with the line of the first', async () => {
    const path = write(
      'mixed.ndjson',
      [
        JSON.stringify(cloudTrailRecord(1)),
        JSON.stringify({ level: 'info', msg: 'listening' }),
        '"half a line',
        JSON.stringify(cloudTrailRecord(2, { eventName: null })),
        JSON.stringify({ msg: 'bye', level: 'warn' }),
        JSON.stringify(cloudTrailRecord(3, { eventName: null })),
      ].join('\n'),
    );
    const { code, out } = await run(['--check', '--json', path]);
    const report: CheckReport = JSON.parse(out);
    expect(code).toBe(1);
    expect(report.files).toMatchObject(
      [{ records: 5, events: 1, unrecognised: 2, deadLetters: 2, rejected: 1, faults: [/^3: not JSON/] }].map(
        (file) => ({ ...file, faults: [expect.stringMatching(/^3: not JSON/)] }),
      ),
    );
    expect(report.unrecognised).toEqual([
      { source: '', reason: 'JSON, of no log that is known (level, msg)', records: 2, first: `${path}:2` },
    ]);
    expect(report.deadLetters).toEqual([
      {
        source: 'cloudtrail',
        reason: expect.stringMatching(/^body\.eventName /),
        records: 2,
        first: `${path}:4`,
      },
    ]);
    const { out: text } = await run(['--check', path]);
    expect(text).toContain(`${path}:3: not JSON`);
    expect(text).toMatch(/^ +2 {2}JSON, of no log that is known \(level, msg\); the first: .*:2$/m);
    expect(text).toMatch(/^ +2 {2}cloudtrail: body\.eventName .*; the first: .*:4$/m);
  });

  it.each([
    ['a text that is not JSON, without a session or a user', { body: { stringValue: 'GET /index.html' } }],
    ['an empty record', {}],
    [
      'attributes without a session or a user, of no log that is known (http.route)',
      { attributes: [{ key: 'http.route', value: { stringValue: '/' } }] },
    ],
    ['a list of JSON, of no log that is known (a)', { body: { stringValue: '[{"a":1}]' } }],
    ['a text that begins like JSON and is none', { body: { stringValue: '{oh' } }],
    ['a number', { body: { doubleValue: 2.5 } }],
    [
      'a map, of no log that is known (a)',
      { body: { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } } },
    ],
  ])('may be %s', async (reason, record) => {
    const path = write(
      'x.json',
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
    );
    expect((await reportOf(path)).unrecognised).toMatchObject([{ reason, records: 1 }]);
  });

  it('is all there is of a file of something else, which is no fault', async () => {
    const path = write('other.ndjson', lines([{ msg: 'hello' }]));
    const { code, out } = await run(['--check', path]);
    expect(code).toBe(0);
    expect(out).toContain('There is no record about identity. Nothing was sent or stored.');
    expect(await reportOf(path)).toMatchObject({ clock: null, sources: [] });
  });

  it('is what the service would refuse of a request, and the rest is read', async () => {
    const broken = { timeUnixNano: 'noon', body: { stringValue: 'x' } };
    const path = write('x.jsonl', lines([{ resourceLogs: [{ scopeLogs: [{ logRecords: [broken] }] }] }]));
    const other = write('y.ndjson', lines([cloudTrailRecord(1)]));
    const { code, out } = await run(['--check', '--json', path, other]);
    expect(code).toBe(1);
    expect(JSON.parse(out).files).toMatchObject([
      {
        records: 0,
        rejected: 1,
        faults: [expect.stringContaining('1: a request of 1 records from here is refused')],
      },
      { records: 1, events: 1 },
    ]);
  });

  it('cannot steer the terminal', async () => {
    const request = JSON.stringify(applicationRequest()).replaceAll('payroll"', 'pay\\u001b[2Jroll"');
    const { out } = await run(['--check', write('x.json', request)]);
    expect(out).toContain('at pay?[2Jroll');
    expect(out).not.toContain('\u001b');
  });
});

describe('a history that is short', () => {
  const until = (day: string) => oktaRecords().filter(({ published }) => String(published) < `${day}T23`);

  it('of one day has neither gates nor a past', async () => {
    const report = await reportOf(write('x.ndjson', lines(until('2026-03-02'))));
    const okta = sourceOf(report, 'okta');
    expect(okta).toMatchObject({ days: 1, users: 4, usersWithPast: 0 });
    expect(firingOf(okta, 'unvouched-access')).toMatchObject({
      cell: null,
      canFire: false,
      reason: expect.stringMatching(
        /^no session was used here in the eight days before 2026-03-02; source too young/,
      ),
    });
    expect(firingOf(okta, 'evidence-elsewhere')).toEqual(
      expect.objectContaining({
        canFire: false,
        reason: 'too little history: none of its 4 users has 3 earlier days to compare with',
      }),
    );
    expect(firingOf(okta, 'session-fork')).toMatchObject({
      canFire: true,
      reason: expect.stringMatching(
        /0 of 4 users have 3 earlier days to compare with \(others are compared with their session only\); LOW at most before 2026-03-07T08:00:00Z/,
      ),
    });
    expect(firingOf(okta, 'ended-session-use')).toMatchObject({
      canFire: false,
      reason: 'no log-out and no revocation is recorded',
    });
  });

  it('of two days has a gate that lacks user-days, of three no past, of four both', async () => {
    const of = async (day: string) =>
      sourceOf(await reportOf(write(`${day}.ndjson`, lines(until(day)))), 'okta');
    const [two, three, four] = (await Promise.all(['2026-03-03', '2026-03-04', '2026-03-05'].map(of))) as [
      CheckedSource,
      CheckedSource,
      CheckedSource,
    ];
    expect(firingOf(two, 'unvouched-access')).toMatchObject({
      canFire: false,
      reason: expect.stringMatching(/^too few user-days \(4 of 5\)/),
    });
    expect(firingOf(three, 'unvouched-access')).toMatchObject({
      canFire: true,
      gate: { userDays: 8, users: 4 },
    });
    expect([two, three, four].map(({ usersWithPast }) => usersWithPast)).toEqual([0, 0, 4]);
    expect(firingOf(four, 'evidence-elsewhere').canFire).toBe(true);
  });
});

describe('records that lack something', () => {
  it('without addresses and without session ids let no correlation fire', async () => {
    const bare = oktaRecords().map((record) => {
      return { ...record, client: {}, authenticationContext: {}, securityContext: {} };
    });
    const okta = sourceOf(await reportOf(write('x.ndjson', lines(bare))), 'okta');
    expect(okta).toMatchObject({
      shares: { sessionId: 0, address: 0, userAgent: 0 },
      bestLink: 'user',
      sessions: { kinds: {}, links: {} },
    });
    expect(okta.firings.filter(({ canFire }) => canFire)).toEqual([]);
    expect(firingOf(okta, 'ended-session-use').reason).toBe(
      'no session ids: none of its 78 records names a session; no addresses: none of its 78 records has one; no log-out and no revocation is recorded',
    );
    expect(firingOf(okta, 'unvouched-access').reason).toBe(
      'no session ids: none of its 78 records names a session',
    );
  });

  it('of an application alone are tied to nothing', async () => {
    const path = write('app.json', JSON.stringify(applicationRequest()));
    expect(sourceOf(await reportOf(path), 'otel')).toMatchObject({
      bestLink: 'none',
      sessions: { links: { none: 24 } },
    });
  });
});

describe('the command', () => {
  it('takes a page of Microsoft Graph apart, and nothing else that has a value', async () => {
    const value = [{ a: 1 }, { a: 2 }];
    const page = write('page.json', JSON.stringify({ '@odata.nextLink': 'https://graph.example/2', value }));
    const other = write('other.ndjson', lines([{ value, count: 2 }, { value: [1, 2] }]));
    expect((await reportOf(page, other)).files).toMatchObject([{ unrecognised: 2 }, { unrecognised: 2 }]);
  });

  it('reads the standard input, and several values on it', async () => {
    const { code, out } = await run(['--check', '--json', '-'], lines(oktaRecords()));
    expect(code).toBe(0);
    expect(JSON.parse(out).files).toMatchObject([{ path: '-', records: 78 }]);
  });

  it('explains wrong usage and exits with 2', async () => {
    const path = write('a.ndjson', lines([cloudTrailRecord(1)]));
    for (const [args, words] of [
      [['--check'], /Name at least one file/],
      [['--json', path], /--json is for --check only/],
      [['--check', '--endpoint', 'http://127.0.0.1:4318', path], /leave --endpoint out/],
      [['--check', join(folder, 'missing.json')], /There is no file/],
    ] as const) {
      const { code, out, err } = await run(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(words);
    }
    expect((await run(['--help'])).out).toContain('--check');
  });
});
