import { type Database, openDatabase } from '../../schema/store/database.js';
import { ProcessorOptionError } from './processor-option-error.js';
import type { SessionStoreOptions, StoreQueueLimits } from './store-options.js';

/** Opens the store; nothing is sent yet. @throws {ProcessorOptionError} */
export function openStore(options: SessionStoreOptions, { insertTimeoutMillis }: StoreQueueLimits): Database {
  const { url, username = 'default', password = '', database = 'vouchtrail' } = options;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    const problem = `is ${JSON.stringify(url)}: give the http:// or https:// URL of ClickHouse's HTTP interface`;
    throw new ProcessorOptionError('store.url', problem);
  }
  try {
    const requestTimeoutMs = insertTimeoutMillis;
    return openDatabase({ url, username, password, database, requestTimeoutMs, maxConnections: 2 });
  } catch (cause) {
    const problem = `cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ProcessorOptionError('store', problem, { cause });
  }
}
