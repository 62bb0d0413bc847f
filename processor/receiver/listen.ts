import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { PortInUseError } from './port-in-use-error.js';
import type { ReceiverOptions } from './receiver-options.js';

/** Where a server listens. */
export interface Listening {
  readonly port: number;
  /** Without a path: `http://127.0.0.1:4318`. */
  readonly url: string;
}

/** A receiver that is listening. */
export interface OtlpReceiver extends Listening {
  /** Takes no more requests, answers those under way, then closes every connection. Never rejects. */
  close(): Promise<void>;
}

/**
 * Has a server listen.
 *
 * @throws PortInUseError if the port is taken, or the system's error if it cannot listen for another reason
 */
export async function listen(
  server: Server,
  { host, port, portSetting = 'its port' }: Pick<ReceiverOptions, 'host' | 'port' | 'portSetting'>,
): Promise<Listening> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortInUseError(host, port, portSetting, { cause: error });
  }
  const taken = (server.address() as AddressInfo).port;
  return { port: taken, url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}` };
}
