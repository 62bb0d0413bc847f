import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PortInUseError } from '../../../processor/receiver/port-in-use-error.js';
import {
  answerOf,
  beginCall,
  call,
  exportThrough,
  frame,
  newClient,
  openSession,
  startGrpcReceiver,
} from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { heldStore, openSocket, startReceiver, until } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const body = encodeLogsRequest(identityLogsRequest(1, seededRandom(41)));

describe('connections of the OTLP/gRPC receiver', () => {
  it('reports the free port that it took', async () => {
    const receiver = await startGrpcReceiver();
    expect(receiver.port).toBeGreaterThan(0);
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`);
  });

  it('says of a port in use, by whichever receiver, which it is and what to set', async () => {
    for (const { port } of [await startGrpcReceiver(), await startReceiver()]) {
      const second = startGrpcReceiver({ port, portSetting: 'OTLP_GRPC_PORT' });
      await expect(second).rejects.toBeInstanceOf(PortInUseError);
      await expect(second).rejects.toMatchObject({ port, host: '127.0.0.1' });
      await expect(second).rejects.toThrow('set OTLP_GRPC_PORT to a free port');
    }
  });

  it('answers the calls under way, tells their connections to go away, and ends, when it closes', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({ accept: store.accept });
    const [idle, busy] = [openSession(receiver), openSession(receiver)];
    await once(idle, 'connect');
    const stream = beginCall(busy);
    stream.end(frame(body));
    const answer = answerOf(stream);
    await until(() => receiver.batches.length === 1);
    const goneAway = Promise.all([idle, busy].map((session) => once(session, 'goaway')));
    let closed = false;
    const closing = receiver.close().then(() => {
      closed = true;
    });
    expect((await goneAway).map(([code]) => code)).toEqual([0, 0]);
    await until(() => idle.destroyed);
    expect(closed).toBe(false);
    store.open();
    expect((await answer).status).toBe('OK');
    await closing;
  });

  it('takes no connection any more once it closes, and a sender that knows gRPC finds its successor', async () => {
    const store = heldStore();
    const receiver = await startGrpcReceiver({ accept: store.accept });
    const client = newClient(receiver);
    const first = exportThrough(client, body);
    await until(() => receiver.batches.length === 1);
    const closing = receiver.close();
    const successor = await startGrpcReceiver({ port: receiver.port });
    const second = exportThrough(client, body);
    store.open();
    expect(await first).toBe('OK');
    await closing;
    // The same client, whose connection ended: at the latest its next call connects anew.
    if ((await second) !== 'OK') expect(await exportThrough(client, body)).toBe('OK');
    expect(receiver.batches).toHaveLength(1);
    expect(successor.batches).toHaveLength(1);
  });

  it('cuts what is still under way when closing takes too long', async () => {
    const receiver = await startGrpcReceiver({
      accept: () => new Promise(() => {}),
      limits: { drainTimeoutMs: 100 },
    });
    const client = newClient(receiver);
    const status = exportThrough(client, body);
    await until(() => receiver.batches.length === 1);
    await receiver.close();
    expect(await status).toMatch(/^(UNAVAILABLE|CANCELLED)$/);
  });

  it('can be closed twice', async () => {
    const receiver = await startGrpcReceiver();
    await Promise.all([receiver.close(), receiver.close()]);
    await receiver.close();
  });

  it('answers the pings of senders', async () => {
    const session = openSession(await startGrpcReceiver());
    await once(session, 'connect');
    const answered = new Promise<Error | null>((resolve) => session.ping(resolve));
    expect(await answered).toBeNull();
  });

  it('asks a connection whether its sender is still there, and cuts it if nothing comes back', async () => {
    const receiver = await startGrpcReceiver({ limits: { pingIntervalMs: 50, pingTimeoutMs: 500 } });
    const alive = openSession(receiver);
    let pings = 0;
    alive.on('ping', () => {
      pings++;
    });
    // A connection that has said hello in HTTP/2 and then nothing.
    const { socket, closed } = await openSocket(receiver);
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    await closed;
    await until(() => pings >= 5);
    expect(alive.destroyed).toBe(false);
  });

  it('closes a connection without calls after the time for that', async () => {
    const receiver = await startGrpcReceiver({ limits: { keepAliveTimeoutMs: 100 } });
    const session = openSession(receiver);
    await once(session, 'goaway');
    await until(() => session.destroyed);
    const mute = await openSocket(receiver);
    await mute.closed;
  });

  it('closes a connection that does not speak HTTP/2, and goes on', async () => {
    const receiver = await startGrpcReceiver();
    const { socket, closed } = await openSocket(receiver);
    socket.write('POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    await closed;
    expect((await call(receiver, body)).status).toBe('OK');
  });

  it('takes no more connections than its limit', async () => {
    const receiver = await startGrpcReceiver({ limits: { maxConnections: 1 } });
    const session = openSession(receiver);
    await once(session, 'connect');
    const second = connectSocket(receiver.port, '127.0.0.1');
    onTestFinished(() => {
      second.destroy();
    });
    second.on('error', () => undefined);
    await once(second, 'close');
    expect(session.destroyed).toBe(false);
  });
});
