import type { CoverageSourceRow } from '../reading/coverage-queries.js';
import { secondsBetween } from '../reading/store-time.js';
import type { CoverageFacts } from './facts.js';
import type { Firing } from './firing.js';

/** A place with the figures that decide whether strands can be told apart there. */
export type StrandPlace = Pick<
  CoverageSourceRow,
  | 'source'
  | 'organization'
  | 'event_count'
  | 'session_count'
  | 'address_count'
  | 'user_agent_count'
  | 'device_count'
>;

/** In the first days of a source there is little to compare with: strands raise LOW at most. */
const EARLY_SECONDS = 5 * 86_400;
/** A user's past counts from three days on. */
const PAST_SECONDS = 3 * 86_400;

const cannot = (reason: string): Firing[] => [{ kind: null, canFire: false, reason, gate: null }];
const can = (reason: string): Firing[] => [{ kind: null, canFire: true, reason, gate: null }];

function ageSeconds({ source, organization }: StrandPlace, { streams }: CoverageFacts): number {
  const first = streams
    .of(source, organization)
    .map((each) => each.firstRecord)
    .sort()[0];
  return first === undefined ? 0 : secondsBetween(first, streams.clock);
}

/** What the records lack for telling strands apart; '' if nothing. */
function lacking(place: StrandPlace): string {
  if (place.event_count === 0) return 'no records in this time';
  if (place.session_count === 0)
    return `no session ids: none of its ${place.event_count} records names a session`;
  if (place.address_count === 0) return `no addresses: none of its ${place.event_count} records has one`;
  return '';
}

/** What it goes by, and what makes it weaker. */
function goingBy(place: StrandPlace, facts: CoverageFacts): string {
  const by = [
    'address',
    ...(place.user_agent_count > 0 ? ['client'] : []),
    ...(place.device_count > 0 ? ['device'] : []),
  ];
  const early =
    ageSeconds(place, facts) < EARLY_SECONDS
      ? '; its source is here for less than five days: LOW at most'
      : '';
  return `strands are told apart by ${by.join(', ')}${early}`;
}

/** `session-fork`, `session-moved`, `token-lineage`: needs session ids and addresses, and no gate. */
export function strands(place: StrandPlace, facts: CoverageFacts): Firing[] {
  const lack = lacking(place);
  return lack === '' ? can(goingBy(place, facts)) : cannot(lack);
}

/** `evidence-elsewhere`: the same, and a past of the users to compare with. */
export function fromThePast(place: StrandPlace, facts: CoverageFacts): Firing[] {
  const lack = lacking(place);
  if (lack !== '') return cannot(lack);
  if (ageSeconds(place, facts) < PAST_SECONDS)
    return cannot('its source is here for less than three days: users have no past to compare with');
  return can(goingBy(place, facts));
}

/** `ended-session-use`: needs session ids; log-outs and revocations are judged where they are logged. */
export function endedUse(place: StrandPlace): Firing[] {
  if (place.event_count === 0) return cannot('no records in this time');
  if (place.session_count === 0)
    return cannot(`no session ids: none of its ${place.event_count} records names a session`);
  return can('judged wherever a log-out or a revocation is in store');
}

/** `after-takeover`: goes with findings of the same user. */
export function afterTakeover(place: StrandPlace): Firing[] {
  if (place.event_count === 0) return cannot('no records in this time');
  return can('adds to what is found of the same user, from changes to the account that are in store');
}
