import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import type { CaseServer } from './cases.js';

const HTTP_PORT = 8123;
/** The image is some hundred megabytes, and a first start takes its time. */
const START_MS = 180_000;

/** A ClickHouse server in a container. */
export interface ClickHouseContainer extends CaseServer {
  stop(): Promise<void>;
}

/**
 * Starts a server of its own, with one user who may do everything, and waits until it answers.
 *
 * @param version a tag of the image `clickhouse/clickhouse-server`, such as `26.3` or `latest`
 * @throws what testcontainers says when the image cannot be had or the server does not answer in time
 */
export async function startClickHouse(version: string): Promise<ClickHouseContainer> {
  const username = 'vouchtrail';
  const password = randomBytes(24).toString('base64url');
  const container = await new GenericContainer(`clickhouse/clickhouse-server:${version}`)
    .withEnvironment({ CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password })
    .withUlimits({ nofile: { soft: 262_144, hard: 262_144 } })
    .withExposedPorts(HTTP_PORT)
    .withWaitStrategy(Wait.forHttp('/ping', HTTP_PORT))
    .withStartupTimeout(START_MS)
    .start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(HTTP_PORT)}`,
    username,
    password,
    stop: async () => void (await container.stop()),
  };
}
