import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { encodingOf, MEDIA_TYPES } from './media-type.js';
import type { OpenConnections } from './open-connections.js';
import { RPC_CODES, type RpcStatus, statusBody } from './response-bodies.js';

/**
 * Answers, and closes the connection of, what Node's HTTP parser could not read. Node would answer without a
 * body, and OTLP wants a google.rpc.Status in every refusal.
 */
export function answerUnreadable(
  error: NodeJS.ErrnoException,
  socket: Socket,
  connections: OpenConnections,
): void {
  const brokenOff = connections.incompleteOn(socket);
  // Nobody reads any more; or it has its answer; or another request waits for one and would take this for it.
  const answerable = brokenOff === undefined ? connections.isIdle(socket) : !brokenOff.headersSent;
  if (!socket.writable || !answerable) {
    socket.destroy(error);
    return;
  }
  const [httpStatus, rpcStatus] = answerTo(error);
  const encoding = encodingOf(brokenOff?.req.headers['content-type']) ?? 'json';
  const body = statusBody(rpcStatus, encoding);
  socket.write(
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}\r\nConnection: close\r\n` +
      `Content-Type: ${MEDIA_TYPES[encoding]}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  socket.destroySoon();
}

function answerTo({ code }: NodeJS.ErrnoException): [number, RpcStatus] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, { code: RPC_CODES.deadlineExceeded, message: 'The request did not come in time.' }];
    case 'HPE_HEADER_OVERFLOW':
      return [431, { code: RPC_CODES.invalidArgument, message: 'The headers are too large.' }];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, { code: RPC_CODES.resourceExhausted, message: 'The chunk extensions are too large.' }];
    default:
      return [400, { code: RPC_CODES.invalidArgument, message: 'This is not an HTTP/1.1 request.' }];
  }
}
