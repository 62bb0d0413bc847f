import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyError, readPolicy, reauthenticationLimits } from '../../../schema/policy/policy.js';
import { applyPolicy, policyInForce } from '../../../schema/policy/policy-store.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../store-fixture.js';

const FULL = `
applications:
  - id: payroll
    level: high
  - id: wiki
    level: low
    reauthentication: { max: 7d, idle: 30 min }
privileged:
  users: [root@example.com]
  roles: [Admin]
complete:
  - source: otel
    application: payroll
devices: { strong: true }
networks: { corporate: [192.0.2.0/24, '2001:db8::/48'] }
`;

function problemsOf(text: string): readonly string[] {
  try {
    readPolicy(text, 'policy.yaml');
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  throw new Error('the policy was taken');
}

describe('a policy file', () => {
  it('says who is privileged, which sources are complete, and each application with its limits', () => {
    const { policy } = readPolicy(FULL, 'policy.yaml');
    expect(policy).toMatchObject({
      tenant: 'default',
      privileged: { users: ['root@example.com'], roles: ['Admin'] },
      complete: [{ source: 'otel', application: 'payroll' }],
      devices: { strong: true },
    });
    expect(policy.applications.map(reauthenticationLimits)).toEqual([
      { max: 12 * 3600, idle: 900 },
      { max: 7 * 86400, idle: 1800 },
    ]);
  });

  it('may be empty', () => {
    expect(readPolicy('', 'policy.yaml').policy).toMatchObject({ applications: [], complete: [] });
  });

  it('is refused with line, place and what is allowed, all problems at once', () => {
    const problems = problemsOf(`applications:
  - id: payroll
    level: highest
  - id: payroll
complete:
  - source: otle
    aplication: payroll
networks:
  corporate: [192.0.2.0]
`);
    expect(problems).toEqual([
      expect.stringMatching(/^line 3: applications\.0\.level: .*"low"\|"normal"\|"high"/),
      expect.stringMatching(/^line 6: complete\.0\.source: .*"otel"/),
      expect.stringMatching(/^line 6: complete\.0: Unrecognized key: "aplication"/),
      expect.stringMatching(/^line 9: networks\.corporate\.0: must be a network in CIDR notation/),
    ]);
    expect(problemsOf('applications: [{ id: a }, { id: a }]')).toEqual([
      'line 1: applications: names an application twice',
    ]);
  });

  it('is refused with the line of what is no YAML', () => {
    expect(problemsOf('applications:\n  - id: "payroll\n')).toEqual([expect.stringMatching(/^line [23]: /)]);
  });
});

describe('policies in the store', () => {
  let opened: TestStore;
  beforeEach(async () => {
    opened = await testStore();
    await migrate(opened.database);
  });
  afterEach(() => opened.close());

  it('are appended when their text is new, and the newest is in force', async () => {
    const { database } = opened;
    const first = readPolicy(FULL, 'policy.yaml');
    const second = readPolicy('complete: []', 'policy.yaml');
    expect(await policyInForce(database, 'default')).toBeUndefined();
    expect(await applyPolicy(database, first, 'file', 1_000)).toBe(true);
    expect(await applyPolicy(database, first, 'file', 2_000)).toBe(false);
    expect(await applyPolicy(database, second, 'ada', 3_000)).toBe(true);
    // The file still lies there: starting again with it does not undo what was changed since.
    expect(await applyPolicy(database, first, 'file', 4_000)).toBe(false);
    expect(await policyInForce(database, 'default')).toMatchObject({ hash: second.hash, author: 'ada' });
  });
});
