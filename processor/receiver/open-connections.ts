import type { Socket } from 'node:net';

/** A server's connections and how many requests each is busy with, so that idle ones can be closed. */
export class OpenConnections {
  readonly #requests = new Map<Socket, number>();

  opened(socket: Socket): void {
    this.#requests.set(socket, 0);
    socket.once('close', () => this.#requests.delete(socket));
  }

  requestBegan(socket: Socket): void {
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
  }

  requestEnded(socket: Socket): void {
    const requests = this.#requests.get(socket);
    if (requests !== undefined) this.#requests.set(socket, requests - 1);
  }

  /** Closes those without a request, after what is still to be sent on them. */
  closeIdle(): void {
    for (const [socket, requests] of this.#requests) {
      if (requests === 0) socket.destroySoon();
    }
  }

  /** Cuts all. */
  destroyAll(): void {
    for (const socket of this.#requests.keys()) socket.destroy();
  }
}
