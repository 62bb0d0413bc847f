import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogBatch } from '../../../processor/receiver/log-batch.js';
import {
  type OtlpReceivers,
  type OtlpReceiversOptions,
  startOtlpReceivers,
} from '../../../processor/receiver/otlp-receivers.js';
import { PortInUseError } from '../../../processor/receiver/port-in-use-error.js';
import { call, startGrpcReceiver } from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { heldStore, PROTOBUF, send, startReceiver, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const body = encodeLogsRequest(identityLogsRequest(100, seededRandom(52)));
const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

async function start(options: Partial<OtlpReceiversOptions> = {}): Promise<OtlpReceivers> {
  const receivers = await startOtlpReceivers({
    host: '127.0.0.1',
    accept: async () => ({ rejected: 0 }),
    logger,
    http: { port: 0 },
    grpc: { port: 0 },
    ...options,
  });
  onTestFinished(() => receivers.close());
  return receivers;
}

describe('the receivers of both transports', () => {
  it('share the memory there is: either finds it full with what the other holds', async () => {
    const batches: LogBatch[] = [];
    let store = heldStore();
    const { http, grpc } = await start({
      limits: { maxBytesInFlight: body.length },
      accept: (batch) => {
        batches.push(batch);
        return store.accept();
      },
    });
    if (grpc === undefined) throw new Error('no gRPC');
    const overHttp = () => send(http, PROTOBUF, body).then(({ status }) => status);
    const overGrpc = () => call(grpc, body).then(({ status }) => status);

    const first = overHttp();
    await until(() => batches.length === 1);
    expect([await overHttp(), await overGrpc()]).toEqual([503, 'UNAVAILABLE']);
    store.open();
    expect(await first).toBe(200);

    store = heldStore();
    const second = overGrpc();
    await until(() => batches.length === 2);
    expect([await overHttp(), await overGrpc()]).toEqual([503, 'UNAVAILABLE']);
    store.open();
    expect([await second, await overHttp(), await overGrpc()]).toEqual(['OK', 200, 'OK']);
  });

  it('close together', async () => {
    const { http, grpc, close } = await start();
    await close();
    for (const port of [http.port, grpc?.port as number]) expect(await isOpen(port)).toBe(false);
  });

  it('are one without a port for gRPC', async () => {
    expect((await start({ grpc: undefined })).grpc).toBeUndefined();
  });

  it('leave nothing listening if one of the ports is taken', async () => {
    const taken = (await startGrpcReceiver()).port;
    const free = await startReceiver();
    await free.close();
    const failed = start({ http: { port: free.port }, grpc: { port: taken, portSetting: 'GRPC_PORT' } });
    await expect(failed).rejects.toBeInstanceOf(PortInUseError);
    await expect(failed).rejects.toMatchObject({ port: taken });
    expect(await isOpen(free.port)).toBe(false);
  });
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
