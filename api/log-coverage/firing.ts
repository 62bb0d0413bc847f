import type { SessionKind } from '../../schema/words.js';
import type { Context } from '../context.js';
import type { CellRow, CoverageSourceRow } from '../reading/coverage-queries.js';
import { secondsBetween, toRfc3339 } from '../reading/store-time.js';
import { type CoverageFacts, cellsOf, factsOf, isDeclaredComplete } from './facts.js';
import { type GateFigures, gateText, whyShut } from './gate.js';
import { cellStreamLoader, type StreamHealth } from './streams.js';

/** Whether a correlation can raise findings that stand, in one place and for one kind of session. */
export interface Firing {
  /** Null where nothing is known of any kind. */
  readonly kind: SessionKind | null;
  readonly canFire: boolean;
  readonly reason: string;
  readonly gate: GateFigures | null;
}

type Place = Pick<
  CoverageSourceRow,
  'source' | 'organization' | 'application_id' | 'event_count' | 'session_count'
>;

/** Sessions that may have begun before a source's first record are not judged; '' once it is old enough. */
function youth(place: Place, { streams }: CoverageFacts): string {
  const own = streams.of(place.source, place.organization);
  const first = own.map((each) => each.firstRecord).sort()[0];
  const life = own[0]?.sessionLifeSeconds ?? 0;
  if (first === undefined || secondsBetween(first, streams.clock) >= life) return '';
  return `; source too young: sessions that may be older than its first record of ${toRfc3339(first)} are not judged`;
}

/** Why there is not even a gate. */
function whyNothing(place: Place, facts: CoverageFacts): string {
  if (place.event_count === 0) return 'no records in this time';
  if (place.session_count === 0)
    return `no session ids: none of its ${place.event_count} records names a session`;
  return `no session was used here in the eight days before ${facts.day}${youth(place, facts)}`;
}

/** The day on which it was open within four weeks; undefined if it was not. */
const openedOn = (cell: CellRow): string | undefined =>
  cell.last_open_day === '1970-01-01' ? undefined : cell.last_open_day;

/** A stream that carries the cell's evidence and has gone silent, if there is one. */
async function silentStream(
  context: Context,
  cell: CellRow,
  { streams }: CoverageFacts,
): Promise<StreamHealth | undefined> {
  const carried = (await cellStreamLoader(context).load(cell.cell)) ?? [];
  return carried
    .map((each) => streams.find(each.source, each.organization, each.stream))
    .find((stream) => stream?.silent);
}

async function unvouchedAccess(context: Context, place: Place, facts: CoverageFacts): Promise<Firing[]> {
  const declared = isDeclaredComplete(facts.complete, place);
  const known = cellsOf(place, facts);
  if (known.length === 0) {
    const canFire = declared && place.session_count > 0;
    const reason = canFire ? `declared complete by policy${youth(place, facts)}` : whyNothing(place, facts);
    return [{ kind: null, canFire, reason, gate: null }];
  }
  return Promise.all(
    known.map(async ({ kind, cell }) => {
      const judged = (canFire: boolean, reason: string): Firing => ({
        kind,
        canFire,
        reason: reason + youth(place, facts),
        gate: cell,
      });
      const shut = declared ? undefined : whyShut(cell);
      if (shut !== undefined) {
        const opened = openedOn(cell);
        return judged(false, opened ? `${shut}; open on ${opened}, so findings are provisional` : shut);
      }
      const silent = await silentStream(context, cell, facts);
      if (silent) {
        const since = toRfc3339(silent.newest);
        return judged(
          false,
          `the stream ${silent.stream} is silent since ${since}: findings are provisional`,
        );
      }
      return judged(true, declared ? 'declared complete by policy' : `open: ${gateText(cell)}`);
    }),
  );
}

async function evidenceGap(_context: Context, place: Place, facts: CoverageFacts): Promise<Firing[]> {
  const known = cellsOf(place, facts);
  if (known.length === 0)
    return [{ kind: null, canFire: false, reason: whyNothing(place, facts), gate: null }];
  return known.map(({ kind, cell }) => {
    const opened = openedOn(cell);
    const raised = facts.gaps.get(cell.cell);
    const covered = opened
      ? `covered on ${opened}, within the 28 days before`
      : 'not covered within the 28 days before: there is nothing that could go missing';
    const standing = raised ? `; raised, for it is missing since ${toRfc3339(raised.first_seen)}` : '';
    return { kind, canFire: opened !== undefined, reason: covered + standing, gate: cell };
  });
}

/** When each correlation can fire, by its id. One that is added gets its rule here: a test asks for it. */
export const FIRING_RULES: Readonly<
  Record<string, (context: Context, place: Place, facts: CoverageFacts) => Promise<Firing[]>>
> = { 'unvouched-access': unvouchedAccess, 'evidence-gap': evidenceGap };

/** Whether the correlations that run here can fire in a place, and why not, as of the tenant's clock. */
export async function firingsOf(
  context: Context,
  place: Place,
): Promise<(Firing & { readonly correlation: string })[]> {
  const facts = await factsOf(context);
  const each = await Promise.all(
    context.correlations.all.map(async ({ id }) => {
      const firings = (await FIRING_RULES[id]?.(context, place, facts)) ?? [];
      return firings.map((firing) => ({ ...firing, correlation: id }));
    }),
  );
  return each.flat();
}
