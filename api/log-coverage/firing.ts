import { firingsOf as firingsIn } from '../../schema/log-coverage/firing.js';
import type { GateFigures } from '../../schema/log-coverage/gate.js';
import { type CellFacts, isDeclaredComplete, type PlaceFacts } from '../../schema/log-coverage/place.js';
import type { SessionKind } from '../../schema/words.js';
import type { Context } from '../context.js';
import type { CellRow, CoverageSourceRow } from '../reading/coverage-queries.js';
import { toRfc3339 } from '../reading/store-time.js';
import { type CoverageFacts, cellsOf, factsOf } from './facts.js';
import { cellStreamLoader, type StreamHealth } from './streams.js';

/** Whether a correlation can raise findings that stand, in one place and for one kind of session. */
export interface Firing {
  readonly correlation: string;
  /** Null where it is the same for all kinds, or nothing is known of any. */
  readonly kind: SessionKind | null;
  readonly canFire: boolean;
  readonly reason: string;
  readonly gate: GateFigures | null;
}

type Place = Pick<
  CoverageSourceRow,
  | 'source'
  | 'organization'
  | 'application_id'
  | 'event_count'
  | 'session_count'
  | 'address_count'
  | 'user_agent_count'
  | 'device_count'
>;

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

function earliest(streams: readonly StreamHealth[]): string | undefined {
  const first = streams.map((each) => each.firstRecord).sort()[0];
  return first && toRfc3339(first);
}

async function placeFacts(context: Context, place: Place): Promise<PlaceFacts> {
  const facts = await factsOf(context);
  const { streams } = facts;
  const own = streams.of(place.source, place.organization);
  const declared = isDeclaredComplete(facts.complete, place);
  const firstRecord = earliest(own);
  const cells = cellsOf(place, facts).map(async ({ kind, cell }): Promise<CellFacts> => {
    const silent = await silentStream(context, cell, facts);
    const raised = facts.gaps.get(cell.cell);
    return {
      kind,
      gate: cell,
      isDeclaredComplete: declared,
      firstRecord,
      openedOn: cell.last_open_day === '1970-01-01' ? undefined : cell.last_open_day,
      silentStream: silent && { name: silent.stream, since: toRfc3339(silent.newest) },
      missingSince: raised && toRfc3339(raised.first_seen),
    };
  });
  return {
    clock: toRfc3339(streams.clock),
    records: place.event_count,
    withSession: place.session_count,
    withAddress: place.address_count,
    withUserAgent: place.user_agent_count,
    withDevice: place.device_count,
    isDeclaredComplete: declared,
    firstRecord,
    sourceBegan: earliest(streams.all.filter((each) => each.source === place.source)),
    sessionLifeSeconds: own[0]?.sessionLifeSeconds ?? 0,
    cells: await Promise.all(cells),
  };
}

/** Whether the correlations that run here can fire in a place, and why not, as of the tenant's clock. */
export async function firingsOf(context: Context, place: Place): Promise<Firing[]> {
  const facts = await placeFacts(context, place);
  return context.correlations.all.flatMap(({ id }) =>
    firingsIn(id, facts).map(({ cell, canFire, reason }) => {
      return { correlation: id, kind: cell?.kind ?? null, canFire, reason, gate: cell?.gate ?? null };
    }),
  );
}
