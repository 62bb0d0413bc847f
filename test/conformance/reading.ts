import { createEnricher } from '../../processor/enrich/enrich.js';
import { normalize } from '../../processor/normalize/normalize.js';
import type { Event } from '../../schema/event.js';
import { createKeys } from '../../schema/keys.js';
import type { Line } from './lines.js';
import { logOfLine } from './log-of-line.js';

/** What we read from a line's record, as `--json` prints it. */
export interface Reading {
  readonly n: number;
  readonly recognised: boolean;
  /** '' if nobody recognises it. */
  readonly source: string;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly address: string;
  readonly outcome: string;
  readonly userAgent: string;
}

export interface ReadLine {
  readonly line: Line;
  readonly reading: Reading;
  /** Where and why, of what could not be read. */
  readonly deadLetters: readonly string[];
}

/** Reads lines the way that a collector's records take: normalised and enriched. */
export function createReader(): (line: Line) => ReadLine {
  const keys = createKeys('conformance');
  const enrich = createEnricher({ keys });
  return (line) => {
    const { events, failures } = normalize(logOfLine(line), { receivedAt: Date.now(), keys });
    const [first] = events;
    const event = first === undefined ? undefined : enrich(first);
    const recognised = event !== undefined && failures.length === 0;
    const deadLetters = failures.map(({ path, reason }) => `${path} ${reason}`);
    return { line, reading: readingOf(line.n, recognised, event), deadLetters };
  };
}

function readingOf(n: number, recognised: boolean, event: Event | undefined): Reading {
  return {
    n,
    recognised,
    source: event?.source ?? '',
    user: userOf(event),
    address: event?.address ?? '',
    outcome: event?.outcome ?? '',
    userAgent: event?.user_agent ?? '',
  };
}

/**
 * The user in the three fields that products compare. We store a login as its vendor writes it; where that is an
 * address, the name before its @ is what others, as OpenTelemetry's `user.name`, call the name, and all of it the mail.
 */
function userOf(event: Event | undefined): Reading['user'] {
  const { user_id: id = '', user_name: login = '', user_email: email = '' } = event ?? {};
  const at = login.indexOf('@');
  if (at <= 0) return { id, name: login, email };
  return { id, name: login.slice(0, at), email: email || login };
}
