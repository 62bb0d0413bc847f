import { installDefinitions } from '../../schema/store/definitions.js';
import { migrate } from '../../schema/store/migrate.js';
import { type TestStore, testStore } from '../schema/store-fixture.js';

/** A store with all tables and nothing in them. */
export async function migratedStore(): Promise<TestStore> {
  const store = await testStore();
  await migrate(store.database);
  await installDefinitions(store.database);
  return store;
}
