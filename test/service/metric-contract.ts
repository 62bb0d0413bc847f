import { readFileSync } from 'node:fs';

/** A metric as docs/metrics.md promises it. */
export interface PromisedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

const row = /^\| `(?<name>\w+)` +\| (?<type>\w+) +\| (?<labels>[^|]*)\|/gm;

/** The table of docs/metrics.md. */
export function promisedMetrics(): PromisedMetric[] {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  return [...page.matchAll(row)].map(({ groups: { name = '', type = '', labels = '' } = {} }) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
  }));
}
