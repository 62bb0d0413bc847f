import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compare, shortfalls } from './conformance/agreement.js';
import { ConformanceFileError, FILE, readLines } from './conformance/lines.js';
import { createReader } from './conformance/reading.js';
import { reportText } from './conformance/report.js';
import { samplesFolder } from './processor/normalize/log-records.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with a file of these lines; a text is a line as it is. */
function folderOf(lines: readonly (object | string)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  folders.push(folder);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(join(folder, FILE), texts.join('\n'));
  return folder;
}

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

function okta(more: object = {}): string {
  return JSON.stringify({
    uuid: '5c0e0001-1611-11f1-8000-000000000777',
    published: '2026-03-02T09:15:30.250Z',
    eventType: 'user.session.start',
    actor: { id: '00uEXAMPLE', type: 'User', alternateId: 'Maren.Lind@corp.example.com' },
    client: { ipAddress: '2001:DB8:0:0:0:0:0:1', userAgent: { rawUserAgent: agent } },
    outcome: { result: 'SUCCESS' },
    ...more,
  });
}

const expected = {
  user_name: 'maren.lind',
  source_ip: '2001:db8::1',
  outcome: 'success',
  user_agent: agent,
  session_like: { ignored: 1 },
};

const lines = [
  { vendor: 'okta/system', raw: okta(), expected },
  '',
  {
    vendor: 'okta/system',
    raw: okta(),
    expected: { ...expected, source_ip: '198.51.100.1', outcome: 'unknown' },
  },
  { vendor: 'keycloak/log', raw: 'type=LOGIN', expected: { user_id: 'x' } },
  { vendor: 'okta/system', raw: okta().slice(0, -9), expected: { user_id: '00uEXAMPLE' } },
];

function compared(of: readonly (object | string)[]) {
  return compare(readLines(folderOf(of)).map(createReader()));
}

describe('agreement', () => {
  const { bySource, total, disagreements, unsupported } = compared(lines);

  it('is counted per source, over the records that expect the field', () => {
    expect(bySource).toHaveLength(1);
    expect(bySource[0]).toEqual({
      source: 'okta',
      lines: 3,
      recognised: 2,
      deadLetters: 1,
      fields: {
        user: { agreed: 2, expected: 3 },
        address: { agreed: 1, expected: 2 },
        outcome: { agreed: 1, expected: 1 },
        userAgent: { agreed: 2, expected: 2 },
      },
    });
    expect(total).toEqual({ ...bySource[0], source: 'all' });
  });

  it('is of the user if any id, name or mail is the same, in any case', () => {
    const users = [
      { user_id: '00uexample' },
      { user_name: 'MAREN.LIND' },
      { user_email: ['x', 'maren.lind@corp.example.com'] },
    ];
    const each = users.map((user) => compared([{ vendor: 'okta/system', raw: okta(), expected: user }]));
    expect(each.map((comparison) => comparison.total.fields.user.agreed)).toEqual([1, 1, 1]);
    const others = compared([
      { vendor: 'okta/system', raw: okta(), expected: { user_name: 'lind', user_id: '' } },
    ]);
    expect(others.total.fields.user).toEqual({ agreed: 0, expected: 1 });
  });

  it('is not asked of logs that nobody reads, which are named', () => {
    expect([...unsupported]).toEqual([['keycloak/log', 1]]);
  });

  it('that is missing is told by line', () => {
    expect(disagreements.map(({ n, field }) => [n, field])).toEqual([
      [3, 'address'],
      [5, 'recognised'],
    ]);
    const text = reportText(compared(lines));
    expect(text).toContain('line 3 okta/system, address: expected "198.51.100.1", ours "2001:db8::1"');
    expect(text).toContain(
      'line 5 okta/system, recognised: expected "an event", ours "body is not valid JSON',
    );
    expect(text).toContain('Unsupported, counted nowhere above: keycloak/log 1.');
  });

  it('falls short where any share is below the minimum', () => {
    expect(shortfalls(compared(lines), 0.6)).toEqual(['address 0.500 < 0.6']);
    expect(shortfalls(compared(lines), 0.9)).toHaveLength(3);
    expect(shortfalls(compared(lines.slice(0, 1)), 1)).toEqual([]);
  });
});

describe("an application's own record", () => {
  const user = { key: 'user.name', value: { stringValue: 'maren.lind@corp.example.com' } };
  const attributes = [
    { key: 'session.id', value: { stringValue: 's-1' } },
    { key: 'client.address', value: { stringValue: '2001:DB8::1' } },
    { key: 'user_agent.original', value: { stringValue: agent } },
    user,
  ];
  const record = { timeUnixNano: '1772442930000000000', eventName: 'app.access', attributes };
  const flat = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

  it.each([
    ['an OTLP request', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }],
    ['a log record', record],
    ['its attributes', flat],
  ])('is read from %s', (_, raw) => {
    const { total } = compared([{ vendor: 'otel/logs', raw: JSON.stringify(raw), expected }]);
    expect(total).toMatchObject({ recognised: 1, deadLetters: 0 });
    for (const { agreed } of Object.values(total.fields)) expect(agreed).toBe(1);
  });
});

describe('a file of samples', () => {
  it.each([
    ['is not there', [], 'cannot be read'],
    ['has a line that is no JSON', [lines[0] ?? '', '{'], 'line 2 is not JSON'],
    [
      'has a line without a record',
      [{ vendor: 'okta/system', expected: {} }],
      'line 1 lacks one of vendor, raw',
    ],
  ])('that %s is refused', (_, given, reason) => {
    const folder = given.length === 0 ? tmpdir() : folderOf(given);
    expect(() => readLines(folder)).toThrow(ConformanceFileError);
    expect(() => readLines(folder)).toThrow(reason);
  });
});

describe('npm run conformance', () => {
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'commands/conformance.ts'), ...args],
      {
        encoding: 'utf8',
      },
    );

  it('prints a line a record, numbered as in the file, and ends with 1 below the minimum', () => {
    const { status, stdout, stderr } = run(folderOf(lines), '--json', '--min', '0.97');
    const printed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(printed.map(({ n }) => n)).toEqual([1, 3, 4, 5]);
    expect(printed[0]).toEqual({
      n: 1,
      recognised: true,
      source: 'okta',
      user: { id: '00uEXAMPLE', name: 'Maren.Lind', email: 'Maren.Lind@corp.example.com' },
      address: '2001:db8::1',
      outcome: 'success',
      userAgent: agent,
    });
    expect(printed[2]).toMatchObject({
      recognised: false,
      source: '',
      user: { id: '', name: '', email: '' },
    });
    expect(stderr).toContain('address 0.500 < 0.97');
    expect(status).toBe(1);
  });

  it('prints a table otherwise, and asks for no minimum that is not given', () => {
    const { status, stdout } = run(folderOf(lines));
    expect(stdout).toMatch(/okta +│ 3 +│ 2 +│ 2\/3 0\.667/);
    expect(status).toBe(0);
  });

  it('says what is wrong with what it is asked', () => {
    expect(run(folderOf(lines), '--min', '97%')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--min 97% is no share'),
    });
    expect(run(tmpdir())).toMatchObject({ status: 2 });
    expect(run()).toMatchObject({ status: 2 });
  });
});

const samples = samplesFolder('.');

describe.skipIf(samples === undefined)('the public sample of records', () => {
  const comparison = compare(samples === undefined ? [] : readLines(samples).map(createReader()));

  it('is recognised whole and agreed upon, field by field and source by source', () => {
    expect(comparison.total.lines).toBeGreaterThanOrEqual(66);
    expect(shortfalls(comparison, 0.97)).toEqual([]);
    for (const { lines, recognised, deadLetters } of comparison.bySource) {
      expect({ recognised, deadLetters }).toEqual({ recognised: lines, deadLetters: 0 });
    }
  });
});
