import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProcessorCounts } from '../../../processor/counters.js';
import {
  createGroupCommit,
  type EventWriter,
  type GroupCommitOptions,
} from '../../../processor/export/group-commit.js';
import { normalize } from '../../../processor/normalize/normalize.js';
import { createPipeline } from '../../../processor/pipeline.js';
import type { EmbeddedStore } from '../../../schema/store/embedded/start.js';
import { migrate } from '../../../schema/store/migrate.js';
import { type TestStore, testStore } from '../../schema/store-fixture.js';
import { silentLogger } from '../export/silent-logger.js';
import { until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';
import { TRANSPORTS } from './transports.js';

const request = identityLogsRequest(10, seededRandom(71));

let store: TestStore;
let counters: ProcessorCounts;
let writer: EventWriter;

beforeAll(async () => {
  store = await testStore();
  await migrate(store.database);
});
afterAll(() => store?.close());
afterEach(() => writer.close());

/** What receivers hand batches to: the real pipeline and writer in front of the real store. */
function startWriter(options: Pick<GroupCommitOptions, 'limits' | 'hindrance'> = {}) {
  counters = new ProcessorCounts();
  writer = createGroupCommit({ database: store.database, logger: silentLogger, counters, ...options });
  return createPipeline({ normalize, enrich: ({ event }) => event, writer, counters });
}

describe.each(TRANSPORTS)('$name, when it cannot store, says why', ({ start, encode, send }) => {
  const body = encode(request);

  it('that the disk is nearly full', async () => {
    const reason = 'The disk of /data is nearly full: 1 MiB are free, and 512 MiB must stay free.';
    const receiver = await start({ accept: startWriter({ hindrance: { reason } }) });
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 2,
      message: expect.stringContaining(reason),
    });
  });

  it('that it is shutting down', async () => {
    const receiver = await start({ accept: startWriter() });
    await writer.close();
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 1,
      message: expect.stringContaining('shutting down'),
    });
  });

  it('that the queue is full', async () => {
    const receiver = await start({ accept: startWriter({ limits: { queueRows: 10, gatherMs: 60_000 } }) });
    const held = writer.begin(10, 1000);
    expect(await send(receiver, body)).toMatchObject({
      status: 'UNAVAILABLE',
      retryAfterSeconds: 1,
      message: expect.stringContaining('queue is full: 10 records'),
    });
    held.abandon();
  });

  describe.skipIf(process.env['VOUCHTRAIL_TEST_CLICKHOUSE_URL'] !== undefined)('and the store', () => {
    it('that it is too slow or does not answer, to those who wait and to those who come later', async () => {
      const receiver = await start({ accept: startWriter({ limits: { insertTimeoutMs: 300 } }) });
      const { pid } = store.embedded as EmbeddedStore & { pid: number };
      process.kill(pid, 'SIGSTOP');
      try {
        for (const reply of [await send(receiver, body), await send(receiver, body)]) {
          expect(reply).toMatchObject({
            status: 'UNAVAILABLE',
            retryAfterSeconds: 1,
            message: expect.stringMatching(/store cannot take events now.* took over 300 ms/),
          });
        }
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await until(() => writer.canStore);
    });
  });
});
