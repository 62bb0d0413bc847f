import type { Config, ReadConfig } from '../config.js';
import { PolicyError } from '../schema/policy/policy.js';
import { type PolicyInForce, policyInForce } from '../schema/policy/policy-store.js';
import { type Database, openDatabase } from '../schema/store/database.js';
import { readEmbeddedEndpoint } from '../schema/store/embedded/endpoint-file.js';
import { StoreError } from '../schema/store/errors.js';
import { readPolicyFile } from './policy.js';
import { type Setting, settings, shownValue } from './settings/settings.js';

/**
 * The settings in force, secrets masked, where each comes from, and the policy: the one in force if the store can be
 * asked, and the file's.
 */
export async function printedConfig({ config, given }: ReadConfig): Promise<string> {
  const lines = settings.map((setting) => printedSetting(setting, given));
  return [...lines, '', ...(await printedPolicy(config)), ''].join('\n');
}

function printedSetting({ name, fallback }: Setting, given: ReadConfig['given']): string {
  const found = given.get(name);
  if (found === undefined) return `${name} is not set: ${fallback}`;
  const from = found.place === undefined ? '' : `   (${found.place})`;
  return `${name}=${shownValue(name, found.text)}${from}`;
}

async function printedPolicy(config: Config): Promise<string[]> {
  const file = await filePolicy(config.policyFile);
  const inForce = await storePolicy(config, file.tenant);
  return [inForce, file.line];
}

async function filePolicy(path: string | undefined): Promise<{ line: string; tenant: string }> {
  if (path === undefined) return { line: 'policy file: none', tenant: 'default' };
  try {
    const { hash, policy } = await readPolicyFile(path);
    return { line: `policy file: ${path}, hash ${hash}, tenant ${policy.tenant}`, tenant: policy.tenant };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { line: error.message, tenant: 'default' };
  }
}

async function storePolicy(config: Config, tenant: string): Promise<string> {
  const database = await runningStore(config);
  if (database === undefined) return 'policy in force: unknown, since no store runs';
  try {
    return printedInForce(await policyInForce(database, tenant), tenant);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return `policy in force: unknown, since the store does not say (${error.message})`;
  } finally {
    await database.close();
  }
}

function printedInForce(policy: PolicyInForce | undefined, tenant: string): string {
  if (policy === undefined) return `policy in force: none (tenant ${tenant})`;
  const { hash, author, appliedAt } = policy;
  return `policy in force: hash ${hash}, by ${author}, since ${appliedAt} UTC (tenant ${tenant})`;
}

/** Read-only where it is the embedded store of a service that runs. */
async function runningStore({ store, dataDir }: Config): Promise<Database | undefined> {
  if (store.kind === 'off') return undefined;
  if (store.kind === 'external') return openDatabase({ ...store, requestTimeoutMs: 5_000 });
  const endpoint = await readEmbeddedEndpoint(dataDir);
  return endpoint && openDatabase(endpoint);
}
