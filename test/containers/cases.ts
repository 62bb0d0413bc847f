import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A ClickHouse by URL. */
export interface CaseServer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/**
 * What must be the same on every ClickHouse: the store and the writer into it, the judging, and what GraphQL
 * answers. Each of these files makes a database of its own on whichever server it is given.
 */
export const cases: readonly string[] = [
  'test/schema/store/',
  'test/schema/policy/',
  'test/schema/detection/',
  'test/schema/row-types/',
  'test/processor/export/',
  'test/durability/five-times.test.ts',
  'test/durability/view-repair.test.ts',
  'test/api/',
];

/** Among those, what is about the embedded store's own process. */
export const embeddedOnly: readonly string[] = [
  'test/schema/store/embedded/',
  'test/processor/export/store-outage.test.ts',
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/**
 * Runs the cases on a server; their report goes to this process's own output.
 * @returns whether all passed
 */
export async function runCases({ url, username, password }: CaseServer): Promise<boolean> {
  const left = embeddedOnly.map((path) => `--exclude=${path}${path.endsWith('/') ? '**' : ''}`);
  const child = spawn(process.execPath, [vitest, 'run', ...cases, ...left], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      VOUCHTRAIL_TEST_CLICKHOUSE_URL: url,
      VOUCHTRAIL_TEST_CLICKHOUSE_USER: username,
      VOUCHTRAIL_TEST_CLICKHOUSE_PASSWORD: password,
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
