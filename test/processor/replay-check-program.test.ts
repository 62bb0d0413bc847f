import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../processor/commands/replay-check/check-report.js';
import { loadCorrelations } from '../../schema/detection/correlation-file.js';
import { endAll, finished, throughNode } from '../program.js';
import { writeCompany } from './replay-check-records.js';
import { firingOf, sourceOf } from './replay-check-report.js';

describe('npm run replay -- --check', () => {
  let company: string;
  let report: CheckReport;
  let run: Awaited<ReturnType<typeof finished>>;
  let dataDir: string;
  beforeAll(async () => {
    company = mkdtempSync(join(tmpdir(), 'vouchtrail-company-'));
    dataDir = join(company, 'no such folder');
    writeCompany(company);
    // Neither a service nor a port to send to.
    const env = { VOUCHTRAIL_DATA_DIR: dataDir, VOUCHTRAIL_OTLP_HTTP_PORT: '0' };
    run = await finished([...throughNode, 'replay', '--check', '--json', company], env);
    report = JSON.parse(run.stdout);
  });
  afterAll(async () => {
    rmSync(company, { recursive: true, force: true });
    await endAll();
  });

  it('checks every kind of file without a service, and leaves nothing behind', () => {
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(dataDir)).toBe(false);
    const counts = report.files.map(({ path, records, events }) => [
      path.slice(company.length + 1),
      records,
      events,
    ]);
    expect(counts).toEqual([
      ['entra.jsonl', 45, 45],
      ['okta.ndjson', 78, 78],
      ['payroll.json', 48, 48],
      ['trail.json.gz', 42, 42],
    ]);
    expect(report).toMatchObject({
      clock: '2026-03-07T17:00:00Z',
      unrecognised: [],
      deadLetters: [],
      leftOut: [],
    });
  });

  it('tells of Okta: sessions with all but one sign-in, one device of four', () => {
    expect(sourceOf(report, 'okta')).toMatchObject({
      events: 78,
      shares: { sessionId: 1, device: 24 / 78, address: 1, userAgent: 1, mfa: 6 / 78 },
      bestLink: 'session',
      first: '2026-03-02T08:00:00Z',
      last: '2026-03-07T17:00:00Z',
      days: 6,
      users: 4,
      usersWithPast: 4,
      sessions: { kinds: { browser: 24 }, links: { session: 23, none: 1 } },
      withoutSessionId: 0,
    });
    expect(firingOf(sourceOf(report, 'okta'), 'unvouched-access')).toMatchObject({
      cell: { application: '0oaWIKI', applicationName: 'Wiki', sessionKind: 'browser' },
      canFire: true,
      reason: expect.stringMatching(/^open: on 19 of 20 user-days of 4 users/),
      gate: { userDays: 20, closed: 19, users: 4, needed: 0.8 },
    });
  });

  it('tells of Entra: a gate that its three users hold open for anybody but themselves', () => {
    expect(sourceOf(report, 'entra')).toMatchObject({
      events: 45,
      shares: { sessionId: 1, device: 0, address: 1, userAgent: 1, mfa: 15 / 45 },
      bestLink: 'session',
      days: 5,
      users: 3,
      sessions: { kinds: { browser: 15 }, links: { session: 15 } },
    });
    expect(firingOf(sourceOf(report, 'entra'), 'unvouched-access')).toMatchObject({
      canFire: true,
      reason: expect.stringContaining('without their own days it is shut for 3 of these users'),
      gate: { userDays: 15, closed: 15, users: 3 },
    });
  });

  it('tells of CloudTrail: sessions by creation time, a long-term key, too few users for a gate', () => {
    const source = sourceOf(report, 'cloudtrail');
    expect(source).toMatchObject({
      events: 42,
      shares: { sessionId: 36 / 42, device: 0, address: 1, userAgent: 1, mfa: 36 / 42 },
      bestLink: 'derived',
      users: 3,
      sessions: { kinds: { console: 12 }, links: { derived: 12 } },
      withoutSessionId: 6,
    });
    expect(firingOf(source, 'unvouched-access')).toMatchObject({
      cell: { organization: '111122223333', sessionKind: 'console' },
      canFire: false,
      reason: 'too few users (2 of 3)',
    });
    expect(firingOf(source, 'evidence-gap')).toMatchObject({ canFire: false });
  });

  it('tells of an application that does not log who signs in', () => {
    const source = sourceOf(report, 'otel');
    expect(source).toMatchObject({
      events: 48,
      shares: { sessionId: 1, device: 0, address: 1, userAgent: 0, mfa: 0 },
      // The same people give their credentials elsewhere.
      bestLink: 'user',
      sessions: { kinds: { browser: 24 }, links: { none: 24 } },
    });
    expect(firingOf(source, 'unvouched-access')).toMatchObject({
      canFire: false,
      reason: expect.stringMatching(/^closure 0\.00 of 0\.8 needed; source too young/),
      gate: { userDays: 20, closed: 0, users: 4, closure: 0 },
    });
    expect(firingOf(source, 'session-moved')).toMatchObject({
      canFire: true,
      reason:
        'strands are told apart by address (on 100 % of its records); 4 of 4 users have 3 earlier days to compare with',
    });
  });

  it('tells of every correlation that there is, for every source', async () => {
    const ids = (await loadCorrelations()).map(({ id }) => id);
    for (const { firings } of report.sources) {
      expect([...new Set(firings.map(({ correlation }) => correlation))]).toEqual(ids);
    }
  });

  it('goes by the policy, and tells it all in a text', async () => {
    const policy = join(company, 'policy.yaml');
    writeFileSync(policy, 'complete: [{ source: cloudtrail, organization: "111122223333" }]\n');
    const env = { VOUCHTRAIL_POLICY: policy };
    const { code, stdout } = await finished(
      [...throughNode, 'replay', '--check', join(company, 'trail.json.gz')],
      env,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +42 +42 +0 +0 +0 {2}.*trail\.json\.gz$/m);
    expect(stdout).toMatch(/^ +42 +86 % +0 % +100 % +100 % +86 % +6 {2}derived +cloudtrail$/m);
    expect(stdout).toMatch(/could fire console sessions of 111122223333 at AWS: declared complete by policy/);
    expect(stdout).toMatch(/could not {2}.*token-lineage/);
    expect(stdout).toMatch(/Nothing was sent or stored\.\n$/);

    writeFileSync(policy, 'complete: 7\n');
    const wrong = await finished([...throughNode, 'replay', '--check', join(company, 'trail.json.gz')], env);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('complete') });
  });
});
