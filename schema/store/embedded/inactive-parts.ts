import type { Session } from 'chdb';
import type { Engine } from './engine.js';
import { sqlName } from './quoting.js';

const EVERY_MS = 60_000;

/** Tables that hold parts which merges have replaced, and which no merge works on now. */
const CANDIDATES = `
SELECT DISTINCT database, table
FROM system.parts
WHERE NOT active AND database != 'system'
  AND (database, table) NOT IN (SELECT database, table FROM system.merges)
ORDER BY database, table`;

/**
 * Removes the parts that merges have replaced. The embedded engine does so only at its start; dropping a
 * partition that does not exist makes it do it at once. That also cancels merges of the table, hence only
 * where none runs.
 */
export async function dropInactiveParts(session: Session): Promise<void> {
  const found = await session.queryAsync(CANDIDATES, { format: 'JSONCompactEachRow' });
  for (const line of found.text().split('\n')) {
    if (line === '') continue;
    const [database, table] = JSON.parse(line) as [string, string];
    await session.queryAsync(`ALTER TABLE ${sqlName(database)}.${sqlName(table)} DROP PARTITION ID 'nope'`);
  }
}

/**
 * Does so every minute.
 * @returns ends it, and resolves when the last round is over
 */
export function reclaimInactiveParts(engine: Engine, onError: (error: unknown) => void): () => Promise<void> {
  const session = engine.connect();
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() => dropInactiveParts(session)).catch(onError);
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await round;
    session.close();
  };
}
