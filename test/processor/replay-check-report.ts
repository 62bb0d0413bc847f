import type {
  CheckedFiring,
  CheckedSource,
  CheckReport,
} from '../../processor/commands/replay-check/check-report.js';

/** What a report says of a source; it must be there. */
export function sourceOf({ sources }: CheckReport, name: string): CheckedSource {
  const found = sources.find(({ source }) => source === name);
  if (found === undefined) throw new Error(`There is nothing of ${name}.`);
  return found;
}

/** What it says of a correlation, where it says one thing. */
export function firingOf(source: CheckedSource, correlation: string): CheckedFiring {
  const [found, ...more] = source.firings.filter((firing) => firing.correlation === correlation);
  if (found === undefined || more.length > 0) throw new Error(`There is not one ${correlation}.`);
  return found;
}
