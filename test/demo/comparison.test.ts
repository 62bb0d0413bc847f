import { describe, expect, test } from 'vitest';
import type { Planted } from '../../deploy/demo/story/planted.js';
import { compare, differences, isAsPlanted } from './comparison.js';
import type { Finding } from './finding.js';

const HOUR = 3_600_000;

const attack: Planted = {
  id: 'console-session-without-login',
  what: 'A console session without any log-in',
  correlation: 'unvouched-access',
  source: 'cloudtrail',
  kind: 'CONSOLE',
  user: 'tom.baker',
  firstUse: '2026-07-23T14:40:06.000Z',
  lastUse: '2026-07-23T14:50:46.000Z',
  records: 9,
  operator: 'OVH',
};

const finding: Finding = {
  id: 'RmluZGluZzox',
  severity: 'MEDIUM',
  state: 'OPEN',
  title: 'Session used that nothing vouches for',
  summary: 'tom.baker used a session',
  link: 'NONE',
  points: 5,
  pointReasons: [{ name: 'no evidence', points: 4, text: 'none is in store' }],
  correlation: { id: 'unvouched-access' },
  user: { name: 'tom.baker' },
  session: { kind: 'CONSOLE', source: 'cloudtrail' },
  firstSeen: '2026-07-23T15:40:06.000000000Z',
  lastSeen: '2026-07-23T15:50:46.000000000Z',
  eventCount: 9,
};

function judged(...findings: Finding[]) {
  const comparison = compare([attack], findings, HOUR);
  return { asPlanted: isAsPlanted(comparison), differences: differences(comparison) };
}

describe('what was planted beside what was found', () => {
  test('agrees when the finding is about the planted session, moved in time with the sample', () => {
    expect(judged(finding)).toEqual({ asPlanted: true, differences: [] });
  });

  test.each<[string, Partial<Finding>]>([
    ['another user', { user: { name: 'jonas.weber' } }],
    ['no user', { user: null }],
    ['another kind of session', { session: { kind: 'ROLE', source: 'cloudtrail' } }],
    ['another source', { session: { kind: 'CONSOLE', source: 'otel' } }],
    ['another correlation', { correlation: { id: 'session-moved' } }],
    ['another time', { firstSeen: '2026-07-23T14:40:06.000000000Z' }],
  ])('says both that it is missing and that there is another one: %s', (_, differing) => {
    const { asPlanted, differences: told } = judged({ ...finding, ...differing });
    expect(asPlanted).toBe(false);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('Not found at MEDIUM or above: A console session without any log-in');
    expect(told[0]).toContain('nothing was found of it');
    expect(told[1]).toContain('Found, but not planted: MEDIUM');
  });

  test.each<[string, Partial<Finding>]>([
    ['is LOW', { severity: 'LOW' }],
    ['was withdrawn', { state: 'WITHDRAWN' }],
  ])('counts a finding that %s as not found, and accuses nobody by it', (_, differing) => {
    const { asPlanted, differences: told } = judged({ ...finding, ...differing });
    expect(asPlanted).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('it was found, but');
  });

  test('does not let a second finding about the same session pass', () => {
    expect(judged(finding, { ...finding, id: 'RmluZGluZzoy' }).asPlanted).toBe(false);
  });

  test('accepts LOW and withdrawn findings on others', () => {
    const others = [
      { ...finding, id: 'a', user: { name: 'jonas.weber' }, severity: 'LOW' as const },
      { ...finding, id: 'b', user: { name: 'noah.miller' }, state: 'WITHDRAWN' as const },
    ];
    expect(judged(finding, ...others)).toEqual({ asPlanted: true, differences: [] });
  });
});
