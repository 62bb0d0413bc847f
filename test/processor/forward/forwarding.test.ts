import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { ForwardProtocol } from '../../../processor/forward/forward-options.js';
import { decodeProtobuf } from '../receiver/decoded-records.js';
import { until } from '../receiver/receiver-fixture.js';
import { forwarderTo, protobufBatch, putOff, recordNumbers } from './forwarder-fixture.js';
import { type Answer, type Refusal, startNextReceiver } from './next-receiver.js';

const PROTOCOLS: ForwardProtocol[] = ['http/protobuf', 'grpc'];
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const busy = (seconds?: number): Refusal => ({
  http: { status: 503, message: 'busy', ...(seconds === undefined ? {} : { retryAfter: String(seconds) }) },
  grpc: {
    code: status.UNAVAILABLE,
    message: 'busy',
    ...(seconds === undefined ? {} : { retrySeconds: seconds }),
  },
});
const refusal: Refusal = {
  http: { status: 400, message: 'no such\ncolour' },
  grpc: { code: status.INVALID_ARGUMENT, message: 'no such\ncolour' },
};
const tooLarge: Refusal = {
  http: { status: 413, message: 'too large' },
  grpc: { code: status.RESOURCE_EXHAUSTED, message: 'too large' },
};

describe.each(PROTOCOLS)('forwarding over %s', (protocol) => {
  it('sends a request once, with its headers and our name, and resolves when it is taken', async () => {
    const next = await startNextReceiver(protocol);
    const { send, counters } = forwarderTo(next, {}, { 'x-api-key': 'secret' });
    expect(await send(protobufBatch(50, 100))).toEqual({ rejected: 0 });
    expect(next.arrived).toHaveLength(1);
    const { body, headers } = next.arrived[0] as (typeof next.arrived)[0];
    const { records } = decodeProtobuf(body);
    expect(records).toHaveLength(50);
    for (const { attributes } of records) expect(attributes['vouchtrail.source']).toBe('cloudtrail');
    expect(headers['x-api-key']).toBe('secret');
    expect(headers['user-agent']).toMatch(/^vouchtrail\/1\.2\.3( |$)/);
    expect(counters).toMatchObject({ records: 50, refused: 0, retried: 0, requests: 1 });
    expect(counters.seconds).toBeGreaterThan(0);
  });

  it('waits for a slow receiver and resolves no earlier than it answers', async () => {
    const next = await startNextReceiver(protocol);
    let release = () => {};
    const held = new Promise<Answer>((resolve) => {
      release = () => resolve('taken');
    });
    next.answer = () => held;
    const { send } = forwarderTo(next);
    let done = false;
    const sent = send(protobufBatch(1)).then(() => {
      done = true;
    });
    await until(() => next.busy === 1);
    await wait(50);
    expect(done).toBe(false);
    release();
    await sent;
  });

  it('puts a request off that a receiver is too slow for', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => wait(2000).then(() => 'taken');
    const { send, forwarder, counters, lines } = forwarderTo(next, { timeoutMs: 100 });
    await putOff(send(protobufBatch(3)));
    expect(forwarder.ready).toBe(false);
    expect(counters).toMatchObject({ records: 0, refused: 0, retried: 3 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.message).toMatch(/does not take records/);
  });

  it('puts a request off for as long as a refusing receiver asks, and sends nothing meanwhile', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => busy(2);
    const { send, forwarder } = forwarderTo(next);
    const { retryAfterSeconds, message } = await putOff(send(protobufBatch(1)));
    expect(retryAfterSeconds).toBeGreaterThan(1.8);
    expect(retryAfterSeconds).toBeLessThanOrEqual(2);
    expect(message).toContain('busy');
    await wait(150);
    expect(forwarder.ready).toBe(false);
    expect(() => forwarder.admit(1)).toThrow('busy');
    await putOff(send(protobufBatch(1)));
    expect(next.arrived).toHaveLength(1);
  });

  it('does not hand a longer wait on than a sender would bear', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => busy(3600);
    const { send } = forwarderTo(next);
    expect((await putOff(send(protobufBatch(1)))).retryAfterSeconds).toBe(5);
  });

  it('tries again after a backoff, and goes on once the receiver takes records again', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => busy();
    const { send, forwarder, counters, lines } = forwarderTo(next);
    await putOff(send(protobufBatch(2)));
    await until(() => forwarder.ready);
    await putOff(send(protobufBatch(2)));
    next.answer = () => 'taken';
    await until(() => forwarder.ready);
    expect(await send(protobufBatch(2))).toEqual({ rejected: 0 });
    expect(counters).toMatchObject({ records: 2, retried: 4, requests: 3 });
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringMatching(/does not take records/),
      expect.stringMatching(/answers again/),
    ]);
  });

  it('puts requests off while the receiver is gone, and sends again when it is back', async () => {
    const next = await startNextReceiver(protocol);
    const { send, forwarder, counters } = forwarderTo(next);
    await send(protobufBatch(1));
    await next.stop();
    await putOff(send(protobufBatch(1)));
    await next.start();
    let result: unknown;
    for (let tries = 0; result === undefined && tries < 200; tries++) {
      await until(() => forwarder.ready);
      result = await send(protobufBatch(1)).catch(() => undefined);
    }
    expect(result).toEqual({ rejected: 0 });
    expect(next.arrived).toHaveLength(2);
    expect(counters.records).toBe(2);
    expect(counters.refused).toBe(0);
  });

  it('puts a request off whose receiver dies while it works on it', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => wait(1000).then(() => 'taken');
    const { send, counters } = forwarderTo(next);
    const sent = putOff(send(protobufBatch(1)));
    await until(() => next.busy === 1);
    await next.stop();
    await sent;
    expect(counters).toMatchObject({ records: 0, refused: 0, retried: 1 });
  });

  it("rejects what the receiver refuses for good, in the receiver's words, and goes on", async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => refusal;
    const { send, forwarder, counters, lines } = forwarderTo(next);
    const { rejected, reason } = await send(protobufBatch(3));
    expect(rejected).toBe(3);
    expect(reason).toMatch(
      /3 records were refused by the next receiver: .*(400|INVALID_ARGUMENT): no such colour/,
    );
    expect(next.arrived).toHaveLength(1);
    expect(forwarder.ready).toBe(true);
    expect(counters).toMatchObject({ records: 0, refused: 3, retried: 0 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.fields).toMatchObject({ records: 3, reason: expect.stringContaining('no such colour') });
  });

  it('does not fill the log with refusals', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => refusal;
    const { send, lines } = forwarderTo(next);
    for (let i = 0; i < 10; i++) await send(protobufBatch(1));
    expect(lines).toHaveLength(1);
  });

  it('hands a partial success on and never sends the request again', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => ({ rejected: 2, message: 'too old' });
    const { send, counters } = forwarderTo(next);
    const { rejected, reason } = await send(protobufBatch(5));
    expect(rejected).toBe(2);
    expect(reason).toContain('too old');
    expect(next.arrived).toHaveLength(1);
    expect(counters).toMatchObject({ records: 3, refused: 2 });
  });

  it('takes a warning without rejected records for success', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => ({ rejected: 0, message: 'mind the gap' });
    const { send } = forwarderTo(next);
    expect(await send(protobufBatch(5))).toEqual({ rejected: 0 });
  });

  it('halves a request that the receiver finds too large until it takes it, in order', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = ({ body }) => (body.length > 300_000 ? tooLarge : 'taken');
    const { send, counters } = forwarderTo(next);
    expect(await send(protobufBatch(1000, 1000))).toEqual({ rejected: 0 });
    const taken = next.arrived.filter(({ body }) => body.length <= 300_000);
    expect(taken.flatMap(({ body }) => recordNumbers(body))).toEqual([...Array(1000).keys()]);
    expect(next.arrived).toHaveLength(15);
    expect(counters).toMatchObject({ records: 1000, refused: 0 });
  });

  it('does not halve for ever: what is small and still too large is refused', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => tooLarge;
    const { send, counters } = forwarderTo(next);
    const { rejected, reason } = await send(protobufBatch(200, 1000));
    expect(rejected).toBe(200);
    expect(reason).toContain('too large');
    expect(next.arrived.length).toBeLessThan(16);
    expect(counters).toMatchObject({ records: 0, refused: 200 });
  });

  it('sends what is larger than a request may be in pieces, and refuses a single record that is', async () => {
    const next = await startNextReceiver(protocol);
    const { send } = forwarderTo(next, { maxRequestBytes: 100_000 });
    expect(await send(protobufBatch(400, 1000))).toEqual({ rejected: 0 });
    expect(next.arrived.flatMap(({ body }) => recordNumbers(body))).toEqual([...Array(400).keys()]);
    for (const { body } of next.arrived) expect(body.length).toBeLessThanOrEqual(100_000);
    const before = next.arrived.length;
    expect((await send(protobufBatch(1, 200_000))).rejected).toBe(1);
    expect(next.arrived).toHaveLength(before);
  });

  it('has only so many requests on their way at once, the others in their order', async () => {
    const next = await startNextReceiver(protocol);
    let most = 0;
    next.answer = async (): Promise<Answer> => {
      most = Math.max(most, next.busy);
      await wait(10);
      return 'taken';
    };
    const { send } = forwarderTo(next, { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, i) => send(protobufBatch(i + 1))));
    expect(most).toBe(3);
    expect(next.arrived).toHaveLength(12);
  });

  it('asks with one request whether a receiver is back, and turns all that wait away if not', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => busy();
    const { send, forwarder } = forwarderTo(next);
    await putOff(send(protobufBatch(1)));
    await until(() => forwarder.ready);
    await Promise.all(Array.from({ length: 10 }, () => putOff(send(protobufBatch(1)))));
    expect(next.arrived).toHaveLength(2);
  });

  it('puts a request off that waited too long for its turn', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => wait(400).then(() => 'taken');
    const { send } = forwarderTo(next, { concurrency: 1, queueTimeoutMs: 50 });
    const first = send(protobufBatch(1));
    expect((await putOff(send(protobufBatch(1)))).message).toMatch(/waited too long/);
    expect(await first).toEqual({ rejected: 0 });
  });

  it('answers what is under way when it closes, and puts the rest off', async () => {
    const next = await startNextReceiver(protocol);
    next.answer = () => wait(100).then(() => 'taken');
    const { send, forwarder } = forwarderTo(next, { concurrency: 1 });
    const [first, second] = [send(protobufBatch(1)), putOff(send(protobufBatch(1)))];
    const closed = Promise.all([forwarder.close(), forwarder.close()]);
    expect((await second).message).toMatch(/shutting down/);
    expect(await first).toEqual({ rejected: 0 });
    await closed;
    expect((await putOff(send(protobufBatch(1)))).message).toMatch(/shutting down/);
  });

  it.each(['ftp://x', 'http://user:word@x', 'x', 'http://x?y=z'])('refuses the URL %s', (url) => {
    expect(() => forwarderTo({ url, protocol })).toThrow(
      expect.objectContaining({ name: 'ForwardOptionsError' }),
    );
  });

  it('refuses a header that cannot be sent, without quoting it', () => {
    const make = () => forwarderTo({ url: 'http://127.0.0.1:1', protocol }, {}, { 'x-key': 'se\ncret' });
    expect(make).toThrow(/x-key/);
    expect(make).not.toThrow(/cret/);
  });
});
