import DataLoader from 'dataloader';
import type { Context } from '../context.js';

/** Keys looked up by one statement at most; more are cut into several. */
const LARGEST_BATCH = 1_000;

/**
 * A loader that gathers the keys which one request asks for and looks them up together. A key without an entry in
 * the answer resolves to undefined.
 */
export function batchLoader<V>(
  load: (keys: readonly string[], context: Context) => Promise<ReadonlyMap<string, V>>,
): (context: Context) => DataLoader<string, V | undefined> {
  const loaders = new WeakMap<Context, DataLoader<string, V | undefined>>();
  return (context) => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = new DataLoader(
        async (keys: readonly string[]) => {
          const found = await load(keys, context);
          return keys.map((key) => found.get(key));
        },
        { maxBatchSize: LARGEST_BATCH },
      );
      loaders.set(context, loader);
    }
    return loader;
  };
}

/** Rows by the key that they carry; of several rows with one key, the first. */
export function byKey<R>(rows: readonly R[], key: (row: R) => string): Map<string, R> {
  const found = new Map<string, R>();
  for (const row of rows) if (!found.has(key(row))) found.set(key(row), row);
  return found;
}

/** Rows in groups by the key that they carry, in their order. */
export function groupedBy<R>(rows: readonly R[], key: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
