import { BytesInFlight } from '../../../processor/receiver/bytes-in-flight.js';
import { startOtlpGrpcReceiver } from '../../../processor/receiver/grpc-server.js';
import { startOtlpHttpReceiver } from '../../../processor/receiver/http-server.js';
import type { LogBatchResult } from '../../../processor/receiver/log-batch.js';

// A process of its own, as its memory is what is measured: both receivers in front of a store that takes one
// batch every so often.

/** Told to the parent when the receivers listen. */
export interface Ready {
  http: string;
  grpc: string;
}

/** Told when the parent asks; memory in bytes. */
export interface Report {
  storedBatches: number;
  residentAtStart: number;
  residentAtMost: number;
}

export const MAX_BYTES_IN_FLIGHT = 32 * 1024 * 1024;
export const MS_A_BATCH = 250;

if (process.send !== undefined) await serve(process.send.bind(process));

async function serve(tell: (message: Ready | Report) => void): Promise<void> {
  let storedBatches = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const accept = (): Promise<LogBatchResult> => {
    const stored = turn.then(async () => {
      await new Promise((resolve) => setTimeout(resolve, MS_A_BATCH));
      storedBatches++;
      return { rejected: 0 };
    });
    turn = stored;
    return stored;
  };
  const options = {
    host: '127.0.0.1',
    port: 0,
    accept,
    inFlight: new BytesInFlight(MAX_BYTES_IN_FLIGHT),
    logger: console,
  };
  const receivers = [await startOtlpHttpReceiver(options), await startOtlpGrpcReceiver(options)] as const;
  const residentAtStart = process.memoryUsage.rss();
  let residentAtMost = 0;
  setInterval(() => {
    residentAtMost = Math.max(residentAtMost, process.memoryUsage.rss());
  }, 20);
  process.on('message', () => tell({ storedBatches, residentAtStart, residentAtMost }));
  process.on('disconnect', () => process.exit());
  tell({ http: receivers[0].url, grpc: receivers[1].url });
}
