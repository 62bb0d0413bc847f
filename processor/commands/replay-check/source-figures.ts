import type { Event } from '../../../schema/event.js';
import { isLocated, showsMfa } from './event-uses.js';

/** What is counted of the records of a source. */
export class SourceFigures {
  readonly source: string;
  records = 0;
  withSession = 0;
  withDevice = 0;
  withAddress = 0;
  withUserAgent = 0;
  withMfa = 0;
  /** Records that name a user and no session: a session is made up for them, of which absence is not judged. */
  withoutSessionId = 0;
  /** Uses and sign-ins from a public address. */
  located = 0;
  /** Records with an impossible time or none, which got that of the reading. */
  clamped = 0;
  /** Nanoseconds since 1970. */
  first = 0n;
  last = 0n;
  readonly #days = new Set<number>();

  constructor(source: string) {
    this.source = source;
  }

  /** Days (UTC) with records. */
  get days(): number {
    return this.#days.size;
  }

  add(event: Event): void {
    const { ts } = event;
    this.records += 1;
    if (event.session_implied) this.withoutSessionId += 1;
    else if (event.session_key !== '') this.withSession += 1;
    if (event.device_key !== '') this.withDevice += 1;
    if (event.address !== '') this.withAddress += 1;
    if (event.user_agent !== '') this.withUserAgent += 1;
    if (showsMfa(event)) this.withMfa += 1;
    if (isLocated(event)) this.located += 1;
    if (event.time_clamped) this.clamped += 1;
    if (this.first === 0n || ts < this.first) this.first = ts;
    if (ts > this.last) this.last = ts;
    this.#days.add(Number(ts / 86_400_000_000_000n));
  }
}
