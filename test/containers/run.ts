/**
 * Runs the store's, the judging's and the API's cases on ClickHouse servers in containers.
 *   npm run test:containers -- [VERSION...]   tags of the image; without any, the oldest supported and the newest
 * With VOUCHTRAIL_TEST_CLICKHOUSE_URL (and _USER, _PASSWORD) the cases run on the server there and no container is
 * started. Exits 0 if all passed, and also where no Docker daemon answers: it says so in one line.
 */
import { OLDEST_SERVER } from '../../schema/store/server-version.js';
import { type CaseServer, runCases } from './cases.js';
import { type ClickHouseContainer, startClickHouse } from './clickhouse.js';
import { dockerAnswers } from './docker.js';

/** The newest stable release, whichever that is: the service takes it. */
const NEWEST = 'latest';

const given = process.argv.slice(2);
const versions = given.length > 0 ? given : [OLDEST_SERVER, NEWEST];

function say(line: string): void {
  process.stdout.write(`test:containers: ${line}\n`);
}

/** @returns whether nothing failed */
async function run(): Promise<boolean> {
  const server = givenServer(process.env);
  if (server !== undefined) return runCases(server);
  if (!(await dockerAnswers())) {
    say(
      `skipped: no Docker daemon answers at DOCKER_HOST or the usual sockets, so nothing ran on ClickHouse ${versions.join(' and ')}. ` +
        'Start Docker and run it again, or set VOUCHTRAIL_TEST_CLICKHOUSE_URL to a server; ' +
        '`npm test` runs the same cases on the embedded store.',
    );
    return true;
  }
  let passed = true;
  for (const version of versions) passed = (await runOn(version)) && passed;
  return passed;
}

async function runOn(version: string): Promise<boolean> {
  say(`starting ClickHouse ${version}`);
  let server: ClickHouseContainer;
  try {
    server = await startClickHouse(version);
  } catch (error) {
    say(`ClickHouse ${version} did not start: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  try {
    const passed = await runCases(server);
    say(`the cases ${passed ? 'passed' : 'failed'} on ClickHouse ${version}`);
    return passed;
  } finally {
    await server.stop();
  }
}

function givenServer({
  VOUCHTRAIL_TEST_CLICKHOUSE_URL: url,
  VOUCHTRAIL_TEST_CLICKHOUSE_USER: username = 'default',
  VOUCHTRAIL_TEST_CLICKHOUSE_PASSWORD: password = '',
}: NodeJS.ProcessEnv): CaseServer | undefined {
  return url ? { url, username, password } : undefined;
}

// A daemon that does not answer keeps its connection open.
process.exit((await run()) ? 0 : 1);
