import { toStoreTime } from '../detection/time.js';
import type { Database } from '../store/database.js';
import { type PolicyDocument, reauthenticationLimits } from './policy.js';

/** Which policy is in force for a tenant. */
export interface PolicyInForce {
  readonly tenant: string;
  readonly hash: string;
  readonly author: string;
  /** RFC 3339-like text in UTC, with milliseconds. */
  readonly appliedAt: string;
  readonly text: string;
}

/** The newest policy of a tenant; `undefined` if there is none. */
export async function policyInForce(database: Database, tenant: string): Promise<PolicyInForce | undefined> {
  const { rows } = await database.query<PolicyInForce>(
    `SELECT tenant, hash, author, toString(applied_at) AS appliedAt, document AS text
    FROM policies
    WHERE tenant = {tenant:String}
    ORDER BY applied_at DESC
    LIMIT 1`,
    { tenant },
  );
  return rows[0];
}

/**
 * Appends a policy as the newest version, unless this very text was applied before: a file that lies there unchanged
 * must not undo what was changed since by other means.
 * @returns whether it was appended
 */
export async function applyPolicy(
  database: Database,
  document: PolicyDocument,
  author: string,
  now: number,
): Promise<boolean> {
  const { policy, text, hash } = document;
  const { rows } = await database.query<{ known: number }>(
    'SELECT count() AS known FROM policies WHERE tenant = {tenant:String} AND hash = {hash:String}',
    { tenant: policy.tenant, hash },
  );
  if ((rows[0]?.known ?? 0) > 0) return false;
  await database.insertRows('policies', [
    {
      tenant: policy.tenant,
      applied_at: toStoreTime(now),
      hash,
      author,
      document: text,
      complete_sources: policy.complete.map(({ source, organization = '', application = '' }) => ({
        source,
        organization,
        application,
      })),
      applications: policy.applications.map((application) => {
        const { max, idle } = reauthenticationLimits(application);
        return { id: application.id, level: application.level, maximum_seconds: max, idle_seconds: idle };
      }),
      privileged_users: policy.privileged.users,
      privileged_roles: policy.privileged.roles,
    },
  ]);
  return true;
}
