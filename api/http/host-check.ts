import { isIP } from 'node:net';

/** The name in a Host header, without port and brackets, in lower case; undefined where it is none. */
function hostName(header: string | undefined): string | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (parts?.[1] ?? parts?.[2])?.toLowerCase();
}

/** Names by which this machine calls itself. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Why a request is refused for its Host header; undefined where it is not. A page on the web may have its own name
 * resolve to this machine (DNS rebinding) and would then count as this server's own page: the name in the header is
 * what tells them apart.
 * @param boundTo the host that the server listens on
 */
export function hostRefusal(header: string | undefined, boundTo: string): string | undefined {
  const name = hostName(header);
  if (name !== undefined && (name === boundTo.toLowerCase() || LOOPBACK_NAMES.has(name))) return undefined;
  const here = isIP(boundTo) === 6 ? `[${boundTo}]` : boundTo;
  return `The Host header ${JSON.stringify((header ?? '').slice(0, 100))} does not name this server. Ask for it as ${here} or localhost.`;
}
