import { gateText, whyShut } from './gate.js';
import { changes, ends, issues, type Need, pasts, sessionIds, strands } from './needs.js';
import type { CellFacts, PlaceFacts } from './place.js';

/** Whether a correlation can raise findings that stand, in one place or one cell of it. */
export interface Firing<Cell extends CellFacts = CellFacts> {
  /** Null where it is the same for the whole place, or nothing is known of any cell. */
  readonly cell: Cell | null;
  readonly canFire: boolean;
  /** Why, or why not. */
  readonly reason: string;
}

/** When a correlation can fire in a place. */
type FiringRule = <Cell extends CellFacts>(place: PlaceFacts<Cell>) => Firing<Cell>[];

/** When each correlation can fire, by its id. One that is added gets its line here: a test asks for it. */
export const FIRING_RULES: Readonly<Record<string, FiringRule>> = {
  'unvouched-access': unvouchedAccess,
  'evidence-gap': evidenceGap,
  'session-fork': needing(strands),
  'session-moved': needing(strands),
  'evidence-elsewhere': needing(strands, pasts),
  'token-lineage': needing(strands, issues),
  'ended-session-use': needing(sessionIds, strands, ends),
  'after-takeover': needing(strands, changes),
};

/** Whether a correlation can fire in a place, and why not, as of the tenant's clock; nothing of one that has no rule. */
export function firingsOf<Cell extends CellFacts>(
  correlation: string,
  place: PlaceFacts<Cell>,
): Firing<Cell>[] {
  return FIRING_RULES[correlation]?.(place) ?? [];
}

/** The rule of a correlation that judges what is there: everything that it needs must be in the records. */
function needing(...needs: readonly Need[]): FiringRule {
  return (place) => {
    if (place.records === 0) return [{ cell: null, canFire: false, reason: 'no records in this time' }];
    const lacking = needs.flatMap((need) => need.lacking(place) ?? []);
    const reason = lacking.length > 0 ? lacking : needs.flatMap((need) => need.met(place) ?? []);
    return [{ cell: null, canFire: lacking.length === 0, reason: reason.join('; ') }];
  };
}

function unvouchedAccess<Cell extends CellFacts>(place: PlaceFacts<Cell>): Firing<Cell>[] {
  if (place.cells.length === 0) {
    const canFire = place.isDeclaredComplete && place.withSession > 0;
    const reason = canFire ? `declared complete by policy${youth(place, place)}` : whyNothing(place);
    return [{ cell: null, canFire, reason }];
  }
  return place.cells.map((cell) => {
    const { openedOn, silentStream: silent, gate } = cell;
    const judged = (canFire: boolean, reason: string): Firing<Cell> => {
      return { cell, canFire, reason: reason + youth(cell, place) };
    };
    const shut = cell.isDeclaredComplete ? undefined : whyShut(gate);
    if (shut !== undefined) {
      return judged(false, openedOn ? `${shut}; open on ${openedOn}, so findings are provisional` : shut);
    }
    if (silent) {
      return judged(
        false,
        `the stream ${silent.name} is silent since ${silent.since}: findings are provisional`,
      );
    }
    if (cell.isDeclaredComplete) return judged(true, 'declared complete by policy');
    const own = cell.shutForOwn
      ? `; without their own days it is shut for ${cell.shutForOwn} of these users`
      : '';
    return judged(true, `open: ${gateText(gate)}${own}`);
  });
}

function evidenceGap<Cell extends CellFacts>(place: PlaceFacts<Cell>): Firing<Cell>[] {
  if (place.cells.length === 0) return [{ cell: null, canFire: false, reason: whyNothing(place) }];
  return place.cells.map((cell) => {
    const { openedOn, missingSince } = cell;
    const covered = openedOn
      ? `covered on ${openedOn}, within the 28 days before`
      : 'not covered within the 28 days before: there is nothing that could go missing';
    const standing = missingSince ? `; raised, for it is missing since ${missingSince}` : '';
    return { cell, canFire: openedOn !== undefined, reason: covered + standing };
  });
}

/** Sessions that may have begun before a source's first record are not judged; '' once it is old enough. */
function youth(
  { firstRecord: first }: { readonly firstRecord: string | undefined },
  { clock, sessionLifeSeconds }: PlaceFacts,
): string {
  if (first === undefined || Date.parse(clock) - Date.parse(first) >= sessionLifeSeconds * 1000) return '';
  return `; source too young: sessions that may be older than its first record of ${first} are not judged`;
}

/** Why there is not even a gate. */
function whyNothing(place: PlaceFacts): string {
  if (place.records === 0) return 'no records in this time';
  if (place.withSession === 0) return sessionIds.lacking(place) ?? '';
  return `no session was used here in the eight days before ${place.clock.slice(0, 10)}${youth(place, place)}`;
}
