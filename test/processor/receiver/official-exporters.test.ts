import { describe, expect, it } from 'vitest';
import { RetryLaterError } from '../../../processor/receiver/retry-later-error.js';
import { startGrpcReceiver } from './grpc-fixture.js';
import { emitWith, OFFICIAL_EXPORTERS } from './official-exporters.js';
import { startReceiver, type TestReceiver, until } from './receiver-fixture.js';

describe.each(OFFICIAL_EXPORTERS)('@opentelemetry/$name', ({ transport, encoding, create }) => {
  it.each(['none', 'gzip'] as const)(
    'delivers its records through a real socket, with %s compression',
    async (compression) => {
      const receiver: TestReceiver<unknown> = await (transport === 'grpc'
        ? startGrpcReceiver()
        : startReceiver());
      await emitWith(create(receiver.url, compression), ['s-0', 's-1', 's-2']);
      const records = receiver.batches.flatMap((batch) => batch.records);
      expect(receiver.batches[0]?.encoding).toBe(encoding);
      await until(() => receiver.outcomes.length > 0);
      expect(receiver.outcomes.map(({ status }) => status)).toEqual([transport === 'grpc' ? 'OK' : 200]);
      expect(records.map(({ attributes }) => attributes['session.id'])).toEqual(['s-0', 's-1', 's-2']);
      expect(records[1]).toMatchObject({
        timeUnixNano: 1_760_000_000_123_456_789n,
        eventName: 'session.start',
        severityNumber: 9,
        severityText: 'INFO',
        body: { nested: ['a', 1, true, { deep: 0.5 }], bytes: new Uint8Array([1, 2, 255]) },
        attributes: { count: 1, factors: ['pwd', 'otp'], large: 9_007_199_254_740_991 },
        resource: { attributes: { 'service.name': 'portal' } },
        scope: { name: 'portal.auth', version: '2.1.0' },
      });
      expect(records[1]?.observedTimeUnixNano).toBeGreaterThan(0n);
    },
  );
});

describe.each(OFFICIAL_EXPORTERS.filter(({ transport }) => transport === 'http'))(
  '@opentelemetry/$name',
  ({ create }) => {
    it('sends a batch again that was refused for now', async () => {
      let refusals = 1;
      const receiver = await startReceiver({
        accept: async () => {
          if (refusals-- > 0) throw new RetryLaterError('busy', 1);
          return { rejected: 0 };
        },
      });
      await emitWith(create(receiver.url), ['s-0', 's-1']);
      expect(receiver.outcomes.map(({ status, records }) => [status, records])).toEqual([
        [503, 2],
        [200, 2],
      ]);
    });
  },
);
