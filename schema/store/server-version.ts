import type { Database } from './database.js';

/** The oldest ClickHouse that is supported: the long-term release that was newest when this was written. */
export const OLDEST_SERVER = '26.3';

/** The server is too old for the statements of this program. */
export class UnsupportedServerError extends Error {
  readonly version: string;

  constructor(version: string) {
    super(
      `The ClickHouse server is of version ${version}, older than ${OLDEST_SERVER}. Supported are the newest ` +
        'long-term release and the newest stable one: upgrade the server.',
    );
    this.name = 'UnsupportedServerError';
    this.version = version;
  }
}

/**
 * Asks the server for its version.
 * @throws UnsupportedServerError if it is too old, StoreUnavailableError or StoreRejectedError if it does not say
 */
export async function assertSupportedServer(database: Database): Promise<void> {
  const { rows } = await database.query<{ version: string }>('SELECT version() AS version');
  const version = rows[0]?.version ?? '';
  if (!isSupported(version)) throw new UnsupportedServerError(version);
}

/** Whether a version such as `26.7.2.1` is not older than {@link OLDEST_SERVER}. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_SERVER.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
