import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A server's connections and what each has still to answer, so that idle ones can be closed. */
export class OpenConnections {
  readonly #unanswered = new Map<Socket, Set<ServerResponse>>();

  opened(socket: Socket): void {
    this.#unanswered.set(socket, new Set());
    socket.once('close', () => this.#unanswered.delete(socket));
  }

  requestBegan(socket: Socket, response: ServerResponse): void {
    this.#unanswered.get(socket)?.add(response);
  }

  requestEnded(socket: Socket, response: ServerResponse): void {
    this.#unanswered.get(socket)?.delete(response);
  }

  /** What is still to be answered on a connection, the oldest first. */
  unansweredOn(socket: Socket): ServerResponse[] {
    return [...(this.#unanswered.get(socket) ?? [])];
  }

  /** Closes those without a request, after what is still to be sent on them. */
  closeIdle(): void {
    for (const [socket, unanswered] of this.#unanswered) {
      if (unanswered.size === 0) socket.destroySoon();
    }
  }

  /** Cuts all. */
  destroyAll(): void {
    for (const socket of this.#unanswered.keys()) socket.destroy();
  }
}
