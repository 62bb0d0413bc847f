import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  readonly unanswered: Set<ServerResponse>;
  latest: ServerResponse | undefined;
}

/** A server's connections and what each has still to answer, so that idle ones can be closed. */
export class OpenConnections {
  readonly #connections = new Map<Socket, Connection>();

  opened(socket: Socket): void {
    this.#connections.set(socket, { unanswered: new Set(), latest: undefined });
    socket.once('close', () => this.#connections.delete(socket));
  }

  requestBegan(socket: Socket, response: ServerResponse): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    connection.unanswered.add(response);
    connection.latest = response;
    // Kept until the next request comes, it would grow old, and in a flood all of them would, as garbage that is in the way.
    response.req.once('close', () => {
      if (connection.latest === response) connection.latest = undefined;
    });
  }

  requestEnded(socket: Socket, response: ServerResponse): void {
    this.#connections.get(socket)?.unanswered.delete(response);
  }

  isIdle(socket: Socket): boolean {
    return this.#connections.get(socket)?.unanswered.size === 0;
  }

  /** The response to the request whose body is still coming on a connection, answered already or not. */
  incompleteOn(socket: Socket): ServerResponse | undefined {
    const latest = this.#connections.get(socket)?.latest;
    return latest?.req.complete === false ? latest : undefined;
  }

  /** Closes those without a request, after what is still to be sent on them. */
  closeIdle(): void {
    for (const [socket, { unanswered }] of this.#connections) {
      if (unanswered.size === 0) socket.destroySoon();
    }
  }

  /** Cuts all. */
  destroyAll(): void {
    for (const socket of this.#connections.keys()) socket.destroy();
  }
}
