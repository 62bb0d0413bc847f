import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Client, credentials } from '@grpc/grpc-js';
import { exportRequest } from '../demo/player.js';
import type { Delivery } from '../demo/sample.js';
import { exportThrough } from '../processor/receiver/grpc-fixture.js';
import { encodeLogsRequest } from '../processor/receiver/otlp-descriptor.js';
import { JSON_TYPE, PROTOBUF } from '../processor/receiver/receiver-fixture.js';

/** Where OTLP is received now; it changes when the program is started again. */
export interface Receivers {
  readonly otlpHttpUrl: string;
  readonly otlpGrpcUrl: string;
}

/** One way of sending a request; whether it was acknowledged. */
type Way = (request: object, receivers: Receivers) => Promise<boolean>;

const ANSWER_WITHIN_MS = 15_000;
const AGAIN_AFTER_MS = 250;
const GIVE_UP_AFTER_MS = 90_000;

/**
 * Sends as collectors do: a request is sent again until it is acknowledged, whoever is down. Requests take turns
 * between OTLP/gRPC, OTLP/HTTP in JSON and in protobuf; every third is sent once more another way.
 */
export class Sender {
  readonly #receivers: () => Receivers;
  #requests = 0;

  /** @param receivers asked before each attempt */
  constructor(receivers: () => Receivers) {
    this.#receivers = receivers;
  }

  /**
   * @returns when the last record was acknowledged, in milliseconds since 1970
   * @throws if one is not for a minute and a half
   */
  async send(deliveries: readonly Delivery[], batch: number): Promise<number> {
    for (let from = 0; from < deliveries.length; from += batch) {
      const request = exportRequest(deliveries.slice(from, from + batch));
      const turn = this.#requests++;
      await this.#until(WAYS[turn % WAYS.length] as Way, request);
      if (turn % 3 === 0) await this.#until(WAYS[(turn + 1) % WAYS.length] as Way, request);
    }
    return Date.now();
  }

  async #until(way: Way, request: object): Promise<void> {
    for (const end = Date.now() + GIVE_UP_AFTER_MS; Date.now() < end; await pause(AGAIN_AFTER_MS)) {
      if (await way(request, this.#receivers())) return;
    }
    throw new Error(`records were not acknowledged within ${GIVE_UP_AFTER_MS / 1000} s`);
  }
}

/** The same request as protobuf, whose ids are bytes where JSON has hexadecimal digits. */
const encodedRequest = (request: object): Buffer =>
  encodeLogsRequest(
    JSON.parse(JSON.stringify(request), (key, value) =>
      key === 'traceId' || key === 'spanId' ? Buffer.from(value as string, 'hex') : value,
    ),
  );

const overGrpc: Way = async (request, { otlpGrpcUrl }) => {
  const client = new Client(new URL(otlpGrpcUrl).host, credentials.createInsecure(), {
    'grpc.enable_retries': 0,
  });
  try {
    const message = encodedRequest(request);
    return (await exportThrough(client, message, { deadline: Date.now() + ANSWER_WITHIN_MS })) === 'OK';
  } finally {
    client.close();
  }
};

const overHttp =
  (headers: Readonly<Record<string, string>>, encode: (request: object) => Buffer): Way =>
  async (request, { otlpHttpUrl }) => {
    try {
      const response = await fetch(`${otlpHttpUrl}/v1/logs`, {
        method: 'POST',
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: gzipSync(encode(request)),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      // Nobody listens, or the connection broke: as a collector, send again.
      return false;
    }
  };

const WAYS: readonly Way[] = [
  overGrpc,
  overHttp(JSON_TYPE, (request) => Buffer.from(JSON.stringify(request))),
  overHttp(PROTOBUF, encodedRequest),
];
