import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Database } from '../../../schema/store/database.js';
import { parseSqlFile } from '../../../schema/store/sql-file.js';

const Header = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Who published it, and under which name. */
  by: z.string(),
  url: z.url(),
  /** The sources whose records it reads: elsewhere it cannot find anything. */
  sources: z.array(z.enum(['okta', 'entra', 'cloudtrail', 'otel'])),
  /** In what the SQL is not what was published. */
  differs: z.string(),
});

/** Detection logic that others published, as SQL over the same events. */
export type Peer = z.infer<typeof Header> & { readonly sql: string };

/** What a peer's logic raises: at most one a user, session (or what it takes for one) and UTC day. */
export interface PeerAlert {
  readonly user_key: string;
  readonly session_key: string;
  /** When it was raised for the first and the last time on that day, as the store writes times. */
  readonly first_ts: string;
  readonly last_ts: string;
}

/** All of this folder, by id. @throws ZodError where a header lacks a field */
export async function loadPeers(): Promise<readonly Peer[]> {
  const folder = new URL('.', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return await Promise.all(
    files.map(async (name) => {
      const { header, text } = parseSqlFile(name, await readFile(new URL(name, folder), 'utf8'));
      return { ...Header.parse(header), sql: text.replace(/;$/, '') };
    }),
  );
}

/** What the logic raises over all events of a tenant, in the order of time. */
export async function alertsOf(
  database: Database,
  { id, sql }: Peer,
  tenant: string,
): Promise<readonly PeerAlert[]> {
  const { rows } = await database.query<PeerAlert>(
    `SELECT * FROM (${sql}) ORDER BY first_ts, user_key, session_key`,
    { tenant },
    { logComment: `peer:${id}` },
  );
  return rows;
}
