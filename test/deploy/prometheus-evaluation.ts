import type { Sample, Scrape } from '../service/metrics-text.js';
import type { Expression, Matcher } from './prometheus-expression.js';

/** A value with its labels; the name of the metric is gone once something was computed. */
type Series = Omit<Sample, 'name'>;

/** Two scrapes of one process, and how far they are apart. */
export interface Scrapes {
  readonly before: Scrape;
  readonly now: Scrape;
  readonly apartSeconds: number;
}

/**
 * What an expression answers at the second scrape, as Prometheus would: comparisons keep the series for which they hold.
 * Increases are taken between the two scrapes, without extrapolation.
 */
export function evaluate(expression: Expression, scrapes: Scrapes): Series[] {
  switch (expression.kind) {
    case 'number':
      return [{ labels: {}, value: expression.value }];
    case 'selector':
      return selected(expression, scrapes.now);
    case 'call':
      return called(expression, scrapes);
    case 'aggregate':
      return aggregated(expression, evaluate(expression.of, scrapes));
    case 'binary':
      return combined(expression, scrapes);
  }
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

function selected({ metric, matchers }: Of<'selector'>, { samples }: Scrape): Sample[] {
  return samples.filter(
    ({ name, labels }) => name === metric && matchers.every((matcher) => matches(matcher, labels)),
  );
}

function matches({ label, operator, value }: Matcher, labels: Sample['labels']): boolean {
  const found = labels[label] ?? '';
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== value;
  return new RegExp(`^(?:${value})$`).test(found) === (operator === '=~');
}

function called({ name, of }: Of<'call'>, scrapes: Scrapes): Series[] {
  if (name === 'absent') return evaluate(of, scrapes).length === 0 ? [{ labels: {}, value: 1 }] : [];
  if (of.kind !== 'selector' || of.rangeSeconds === undefined) throw new Error(`${name} needs a range`);
  const earlier = new Map(selected(of, scrapes.before).map(({ labels, value }) => [keyOf(labels), value]));
  return selected(of, scrapes.now).flatMap(({ labels, value }) => {
    const before = earlier.get(keyOf(labels));
    // One sample alone has no increase: what a counter began with is not seen.
    if (before === undefined) return [];
    const increase = value < before ? value : value - before;
    return [{ labels, value: name === 'rate' ? increase / scrapes.apartSeconds : increase }];
  });
}

function aggregated({ name, by }: Of<'aggregate'>, series: readonly Series[]): Series[] {
  const groups = new Map<string, Series>();
  for (const { labels, value } of series) {
    const kept = Object.fromEntries(by.map((label) => [label, labels[label] ?? '']));
    const group = groups.get(keyOf(kept));
    const together =
      group === undefined ? value : name === 'sum' ? group.value + value : Math.max(group.value, value);
    groups.set(keyOf(kept), { labels: kept, value: together });
  }
  return [...groups.values()];
}

function combined({ operator, left, right }: Of<'binary'>, scrapes: Scrapes): Series[] {
  const reckon = results[operator];
  if (reckon === undefined) throw new Error(`${operator} is not known`);
  return pairs(left, right, scrapes).flatMap(([one, other]) => {
    const value = reckon(one.value, other.value);
    const labels = left.kind === 'number' ? other.labels : one.labels;
    if (typeof value === 'number') return [{ labels, value }];
    return value ? [{ labels, value: left.kind === 'number' ? other.value : one.value }] : [];
  });
}

/** A number stands beside each of the other side; series find those of the same labels. */
function pairs(left: Expression, right: Expression, scrapes: Scrapes): [Series, Series][] {
  const ones = evaluate(left, scrapes);
  const others = evaluate(right, scrapes);
  return ones.flatMap((one) =>
    others
      .filter(
        ({ labels }) =>
          left.kind === 'number' || right.kind === 'number' || keyOf(labels) === keyOf(one.labels),
      )
      .map((other): [Series, Series] => [one, other]),
  );
}

const results: Readonly<Record<string, (one: number, other: number) => number | boolean>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
};

function keyOf(labels: Sample['labels']): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
