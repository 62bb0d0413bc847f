import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What lies between the processor and the store: it hands everything on, nothing, or is not there. */
export type Road = 'open' | 'silent' | 'closed';

export interface StoreProxy {
  readonly url: string;
  road: Road;
  /** Connections that were ever made. */
  readonly connections: number;
}

/** A proxy to a store, which a test can make hang or refuse without doing so to the store itself. */
export async function storeProxy(storeUrl: string, road: Road = 'open'): Promise<StoreProxy> {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy = { url: '', connections: 0, now: road };
  const server = createServer((inward) => {
    proxy.connections += 1;
    sockets.add(inward);
    inward.on('error', () => undefined).on('close', () => sockets.delete(inward));
    if (proxy.now === 'closed') inward.destroy();
    if (proxy.now !== 'open') return;
    const outward = connect(Number(target.port), target.hostname);
    sockets.add(outward);
    outward.on('error', () => inward.destroy()).on('close', () => sockets.delete(outward));
    inward.pipe(outward).pipe(inward);
    inward.on('close', () => outward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    closeAll();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return proxy.connections;
    },
    get road() {
      return proxy.now;
    },
    set road(next) {
      proxy.now = next;
      closeAll();
    },
  };
}
