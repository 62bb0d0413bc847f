import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogBatch } from '../../../processor/receiver/log-batch.js';
import { createLogger } from '../../../service/logger.js';
import { followRequests } from '../../../service/request-id.js';
import { answerOf, beginCall, call, frame, openSession, startGrpcReceiver } from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { until } from './receiver-fixture.js';

const NEW_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

interface Line {
  msg: string;
  request?: string;
}

const bodyOf = (eventName: string) =>
  encodeLogsRequest({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName }] }] }] });

/** The service's own log and ids of requests, until the test ends. */
function watchedLog() {
  const lines: Line[] = [];
  const write = (text: string) => {
    lines.push(JSON.parse(text));
  };
  onTestFinished(followRequests());
  return { lines, logger: createLogger('debug', { terminal: false, write }) };
}

describe('the id of a gRPC call', () => {
  it('is the sender’s or a new one, goes back to the sender, and is on every line that is logged in the call', async () => {
    const { lines, logger } = watchedLog();
    const accept = async ({ records }: LogBatch) => {
      const name = records[0]?.eventName ?? '';
      logger.info(`${name} begins`);
      // The others of the connection come in between.
      await delay(name === 'first' ? 60 : 20);
      logger.info(`${name} ends`);
      return { rejected: 0 };
    };
    const receiver = await startGrpcReceiver({ accept, logger });
    const session = openSession(receiver);
    const answers = ['first', 'second', 'third'].map((name) => {
      const stream = beginCall(session, name === 'third' ? {} : { 'x-request-id': `${name}:1` });
      stream.end(frame(bodyOf(name)));
      return answerOf(stream);
    });
    const [first, second, third] = (await Promise.all(answers)).map(({ headers }) => headers['x-request-id']);
    expect([first, second, third]).toEqual(['first:1', 'second:1', expect.stringMatching(NEW_ID)]);
    const logged = lines.map(({ msg, request }) => [msg, request]);
    expect(logged).toHaveLength(6);
    expect(logged).toEqual(
      expect.arrayContaining([
        ['first begins', first],
        ['first ends', first],
        ['second begins', second],
        ['second ends', second],
        ['third begins', third],
        ['third ends', third],
      ]),
    );
  });

  it('is on the line about a fault and in the answer that tells the sender of it', async () => {
    const { lines, logger } = watchedLog();
    const accept = () => Promise.reject(new TypeError('a fault of ours'));
    const receiver = await startGrpcReceiver({ accept, logger });
    const answer = await call(receiver, bodyOf('any'), { headers: { 'x-request-id': 'batch-7' } });
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', trailersOnly: true });
    expect(answer.headers['x-request-id']).toBe('batch-7');
    expect(lines).toMatchObject([{ msg: expect.stringContaining('unexpected reason'), request: 'batch-7' }]);
  });

  it('is in the answer to a call that is refused before its message is read or unzipped', async () => {
    const { logger } = watchedLog();
    const receiver = await startGrpcReceiver({ logger });
    const headers = { 'x-request-id': 'batch-8' };
    const traces = { ...headers, ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export' };
    const unread = await call(receiver, bodyOf('any'), { headers: traces });
    expect(unread).toMatchObject({ status: 'UNIMPLEMENTED', headers });
    const noGzip = beginCall(openSession(receiver), { ...headers, 'grpc-encoding': 'gzip' });
    noGzip.end(frame(bodyOf('any'), true));
    expect(await answerOf(noGzip)).toMatchObject({ status: 'INVALID_ARGUMENT', headers });
  });

  it('is a new one where the sender’s could forge a line of the log', async () => {
    const { logger } = watchedLog();
    const receiver = await startGrpcReceiver({ logger });
    for (const unfit of ['a b', 'x'.repeat(65), 'quote"']) {
      const { headers } = await call(receiver, bodyOf('any'), { headers: { 'x-request-id': unfit } });
      expect(headers['x-request-id']).toMatch(NEW_ID);
    }
  });

  it('is on no line that is logged after the call', async () => {
    const { lines, logger } = watchedLog();
    const accept = async () => {
      void delay(50).then(() => logger.info('afterwards'));
      return { rejected: 0 };
    };
    const receiver = await startGrpcReceiver({ accept, logger });
    await call(receiver, bodyOf('any'), { headers: { 'x-request-id': 'batch-9' } });
    await until(() => lines.length === 1);
    expect(lines[0]).toMatchObject({ msg: 'afterwards' });
    expect(lines[0]?.request).toBeUndefined();
  });

  it('is left out where nobody follows calls', async () => {
    const receiver = await startGrpcReceiver();
    const { headers } = await call(receiver, bodyOf('any'), { headers: { 'x-request-id': 'batch-10' } });
    expect(headers['x-request-id']).toBeUndefined();
  });
});
