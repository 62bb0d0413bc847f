import { readFile } from 'node:fs/promises';
import type { EnrichPolicy } from '../processor/enrich/enrich.js';
import { type PolicyDocument, PolicyError, readPolicy } from '../schema/policy/policy.js';
import { applyPolicy, type PolicyInForce, policyInForce } from '../schema/policy/policy-store.js';
import type { Database } from '../schema/store/database.js';
import type { Logger } from './logger.js';

const usualTenant = 'default';

/** @throws PolicyError where the file cannot be read or is wrong, with every problem and its line */
export async function readPolicyFile(path: string): Promise<PolicyDocument> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new PolicyError(path, [`it cannot be read (${error.code})`]);
  });
  return readPolicy(text, path);
}

/**
 * Appends the policy of the file if that text is new to the store.
 *
 * @param file undefined where no file is configured
 * @returns the policy that is in force then, which may be another: the newest wins
 */
export async function policyOf(
  database: Database,
  file: PolicyDocument | undefined,
  logger: Logger,
): Promise<PolicyInForce | undefined> {
  if (file !== undefined) {
    const { hash, policy } = file;
    const isNew = await applyPolicy(database, file, 'file', Date.now());
    if (isNew) logger.info({ tenant: policy.tenant, hash }, 'the policy file is new and now in force');
  }
  const inForce = await policyInForce(database, file?.policy.tenant ?? usualTenant);
  if (file !== undefined && inForce !== undefined && inForce.hash !== file.hash) {
    const { author, appliedAt, hash } = inForce;
    logger.warn(
      { author, appliedAt, hash, file: file.hash },
      'the policy file was applied before and another policy since: that one is in force',
    );
  }
  return inForce;
}

/** What enrichment takes from a policy in force. One that this version cannot read is said and left out. */
export function enrichPolicy(inForce: PolicyInForce | undefined, logger: Logger): EnrichPolicy {
  if (inForce === undefined) return {};
  try {
    return enrichPolicyOf(readPolicy(inForce.text, `of ${inForce.appliedAt} by ${inForce.author}`));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    // Another version wrote it: refusing to receive because of it would lose more than its networks.
    logger.error({ problems: error.problems }, 'the policy in force cannot be read by this version');
    return {};
  }
}

export function enrichPolicyOf({ policy }: PolicyDocument): EnrichPolicy {
  return { deviceIdIsStrong: policy.devices.strong, corporateNetworks: policy.networks.corporate };
}
