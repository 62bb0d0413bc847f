import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PortInUseError } from '../../../processor/receiver/port-in-use-error.js';
import {
  heldStore,
  JSON_TYPE,
  newAgent,
  openSocket,
  send,
  startReceiver,
  until,
} from './receiver-fixture.js';

const body = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"one"}]}]}]}';

describe('connections of the OTLP/HTTP receiver', () => {
  it('reports the free port that it took', async () => {
    const receiver = await startReceiver();
    expect(receiver.port).toBeGreaterThan(0);
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`);
  });

  it('says of a port in use which it is and what to set', async () => {
    const { port } = await startReceiver();
    const second = startReceiver({ port, portSetting: 'OTLP_PORT' });
    await expect(second).rejects.toBeInstanceOf(PortInUseError);
    await expect(second).rejects.toMatchObject({ port, host: '127.0.0.1' });
    await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
    await expect(second).rejects.toThrow('set OTLP_PORT to a free port');
  });

  it('serves a good request after a malformed one on the same connection', async () => {
    const receiver = await startReceiver();
    const agent = newAgent();
    let connections = 0;
    const counted = { agent, setHost: true };
    for (const [text, status] of [
      ['{"resourceLogs":', 400],
      [body, 200],
      ['x', 400],
      [body, 200],
    ] as const) {
      const outgoing = request(`${receiver.url}/v1/logs`, { method: 'POST', headers: JSON_TYPE, ...counted });
      outgoing.once('socket', () => {
        if (!outgoing.reusedSocket) connections++;
      });
      outgoing.end(text);
      const [response] = await once(outgoing, 'response');
      response.resume();
      await once(response, 'end');
      expect(response.statusCode).toBe(status);
    }
    expect(connections).toBe(1);
    expect(receiver.batches).toHaveLength(2);
  });

  it('keeps a connection open between requests for longer than headers may take', async () => {
    const receiver = await startReceiver({ limits: { headersTimeoutMs: 100 } });
    const agent = newAgent();
    expect((await send(receiver, JSON_TYPE, body, { agent })).status).toBe(200);
    const [kept] = Object.values(agent.freeSockets).flat();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await send(receiver, JSON_TYPE, body, { agent })).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toEqual([kept]);
  });

  it('tells a sender that asks first to go on', async () => {
    const receiver = await startReceiver();
    const outgoing = request(`${receiver.url}/v1/logs`, {
      method: 'POST',
      headers: { ...JSON_TYPE, Expect: '100-continue' },
      agent: newAgent(),
    });
    outgoing.flushHeaders();
    await once(outgoing, 'continue');
    outgoing.end(body);
    const [response] = await once(outgoing, 'response');
    expect(response.statusCode).toBe(200);
    expect(receiver.batches).toHaveLength(1);
  });

  it('refuses a sender that asks first before it sends a body that is too large', async () => {
    const receiver = await startReceiver();
    const { socket, closed } = await openSocket(receiver);
    socket.write(
      `POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${2 ** 30}\r\n\r\n`,
    );
    const text = await closed;
    expect(text).toMatch(/^HTTP\/1.1 413 /);
    expect(text).toMatch(/^connection: close/im);
  });

  it('answers the request under way, then ends its connection and idle ones, when it closes', async () => {
    const store = heldStore();
    const receiver = await startReceiver({ accept: store.accept });
    const unused = await openSocket(receiver);
    const idleAgent = newAgent();
    expect((await send(receiver, JSON_TYPE, '{}', { agent: idleAgent })).status).toBe(200);
    const answer = send(receiver, JSON_TYPE, body);
    await until(() => receiver.batches.length === 1);
    let closed = false;
    const closing = receiver.close().then(() => {
      closed = true;
    });
    await unused.closed;
    await expect(send(receiver, JSON_TYPE, body)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(closed).toBe(false);
    store.open();
    expect(await answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await closing;
  });

  it('cuts what is still under way when closing takes too long', async () => {
    const receiver = await startReceiver({
      accept: () => new Promise(() => {}),
      limits: { drainTimeoutMs: 100 },
    });
    const answer = send(receiver, JSON_TYPE, body);
    await until(() => receiver.batches.length === 1);
    const cut = expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    await receiver.close();
    await cut;
  });

  it('can be closed twice', async () => {
    const receiver = await startReceiver();
    await Promise.all([receiver.close(), receiver.close()]);
    await receiver.close();
  });
});
