import Table from 'cli-table3';
import { type Agreement, type Comparison, FIELDS, type Tally } from './agreement.js';

const TITLES = [
  'source',
  'records',
  'recognised',
  'user',
  'address',
  'outcome',
  'user agent',
  'dead letters',
];

/** The comparison as text: a table with a row a source, what disagrees, and what nobody here reads. */
export function reportText({ bySource, total, disagreements, unsupported }: Comparison): string {
  const table = new Table({ head: TITLES, style: { head: [], border: [] } });
  for (const tally of [...bySource, total]) table.push(rowOf(tally));
  const lines = [table.toString(), ''];
  if (disagreements.length > 0) lines.push('Disagreements (docs/disagreements.md says who is right):');
  for (const { n, vendor, field, expected, ours } of disagreements) {
    lines.push(`  line ${n} ${vendor}, ${field}: expected ${short(expected)}, ours ${short(ours)}`);
  }
  if (unsupported.size > 0) {
    const logs = [...unsupported].map(([vendor, count]) => `${vendor} ${count}`);
    lines.push(`Unsupported, counted nowhere above: ${logs.join(', ')}.`);
  }
  return `${lines.join('\n')}\n`;
}

function rowOf({ source, lines, recognised, deadLetters, fields }: Tally): string[] {
  const agreements = FIELDS.map((field) => share(fields[field]));
  return [source, `${lines}`, `${recognised}`, ...agreements, `${deadLetters}`];
}

function share({ agreed, expected }: Agreement): string {
  return expected === 0 ? '-' : `${agreed}/${expected} ${(agreed / expected).toFixed(3)}`;
}

function short(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length > 100 ? `${quoted.slice(0, 97)}..."` : quoted;
}
