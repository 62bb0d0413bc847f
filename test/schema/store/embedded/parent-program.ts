/**
 * A program that runs an embedded store, for tests that kill or signal programs.
 * Arguments: data folder. Prints one line of JSON when it is ready; at SIGINT or SIGTERM it stores a last row
 * and stops.
 */
import { openDatabase } from '../../../../schema/store/database.js';
import { startEmbeddedStore } from '../../../../schema/store/embedded/start.js';

const [dataDir = ''] = process.argv.slice(2);
try {
  const store = await startEmbeddedStore({ dataDir });
  const { url, username, password, database, reader, pid } = store;
  const db = openDatabase({ url, username, password, database });
  await db.command('CREATE TABLE IF NOT EXISTS t (a UInt64) ENGINE = MergeTree ORDER BY a');
  const end = async () => {
    // Time for a signal that went to the whole group to do its worst to the child.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await db.insertRows('t', [{ a: 7 }]);
    await db.close();
    await store.stop();
  };
  process.once('SIGINT', () => void end());
  process.once('SIGTERM', () => void end());
  console.log(JSON.stringify({ url, username, password, database, reader, pid }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).name, message: (error as Error).message }));
  process.exitCode = 1;
}
