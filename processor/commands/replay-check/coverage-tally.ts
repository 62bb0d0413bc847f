import type { Event } from '../../../schema/event.js';
import { isChange, isEnd } from './event-uses.js';
import { EvidenceTally } from './evidence.js';
import { Interned } from './interned.js';
import { Places } from './places.js';
import { Sessions } from './sessions.js';
import { SourceFigures } from './source-figures.js';
import { Users } from './users.js';

/** More than there are vendors. */
const MOST_SOURCES = 64;

/** All that is kept of the records for what is told of them in the end; bounded, whatever their number. */
export class CoverageTally {
  readonly figures: SourceFigures[] = [];
  readonly places = new Places();
  readonly users = new Users();
  readonly sessions = new Sessions();
  readonly evidence = new EvidenceTally();
  readonly #sources = new Interned(MOST_SOURCES);
  /** Log-outs and revocations. */
  ends = 0;
  /** Changes to accounts, factors and rights. */
  changes = 0;
  /** Nanoseconds since 1970 of the newest event. */
  newest = 0n;

  /** `principals`: those of the keys that the event vouches for which are principals'. */
  add(event: Event, principals: readonly string[]): void {
    const source = this.#sources.of(event.source);
    if (source === undefined) return;
    this.figures[source] ??= new SourceFigures(event.source);
    this.figures[source].add(event);
    const place = this.places.add(event);
    const user = this.users.add(event, source);
    this.sessions.add(event, { source, place, user });
    this.evidence.add(event, principals, user);
    if (isEnd(event)) this.ends += 1;
    if (isChange(event)) this.changes += 1;
    if (event.ts > this.newest) this.newest = event.ts;
  }
}
