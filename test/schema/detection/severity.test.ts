import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadCorrelations } from '../../../schema/detection/correlation-file.js';
import { severityOf, severityRank, weigh } from '../../../schema/detection/severity.js';
import { SEVERITIES } from '../../../schema/words.js';

// Columns are padded to read well; their width says nothing.
const page = (await readFile(new URL('../../../docs/severity.md', import.meta.url), 'utf8')).replace(
  / +/g,
  ' ',
);

describe('severity', () => {
  it('is decided by points as the table in the docs says', () => {
    const rows = [...page.matchAll(/^\| (?:under )?(\d+)(?:-(\d+)| and more)? \| ([A-Z]+) \|$/gm)];
    expect(rows.map((row) => row[3]?.toLowerCase())).toEqual([...SEVERITIES]);
    for (const [text, first, last, name = ''] of rows) {
      const points = text.includes('under')
        ? [Number(first) - 1, -5]
        : [Number(first), Number(last ?? Number(first) + 90)];
      for (const value of points) expect([value, severityOf(value)]).toEqual([value, name.toLowerCase()]);
    }
  });

  it('has a rank that orders as its points do', () => {
    expect(SEVERITIES.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is lower by two points while provisional, for a named reason, and reasons add up to points', () => {
    const reasons = [{ name: 'no evidence', points: 4, text: 'none' }];
    expect(weigh(reasons, false)).toMatchObject({ points: 4, severity: 'medium' });
    const provisional = weigh(reasons, true);
    expect(provisional).toMatchObject({ points: 2, severity: 'low' });
    expect(provisional.reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(2);
  });

  it('is documented for every point that a correlation gives by default', async () => {
    for (const correlation of await loadCorrelations()) {
      for (const parameter of correlation.parameters.filter(({ name }) => name.endsWith('Points'))) {
        expect(page).toMatch(new RegExp(`\\| ${parameter.default} \\| \`${correlation.id}\` \\|`));
      }
    }
  });
});
