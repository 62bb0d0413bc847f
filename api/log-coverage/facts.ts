import { type CellPlace, cellOf } from '../../schema/log-coverage/place.js';
import { SESSION_KINDS, type SessionKind } from '../../schema/words.js';
import { byKey } from '../reading/batch-loader.js';
import {
  type CellRow,
  completeSources,
  coverageCells,
  type StandingGapRow,
} from '../reading/coverage-queries.js';
import { perRequest } from '../reading/per-request.js';
import { gapsByCell } from './gaps.js';
import { type Streams, streamsOf } from './streams.js';

/** Cells of one tenant that are told of. */
const MOST_CELLS = 20_000;

/** What is known of a tenant's cells as of its clock. */
export interface CoverageFacts {
  readonly day: string;
  readonly cells: ReadonlyMap<string, CellRow>;
  readonly complete: readonly CellPlace[];
  readonly gaps: ReadonlyMap<string, StandingGapRow>;
  readonly streams: Streams;
}

/** What the policy in force declares complete: its silence counts without a gate. */
export const completeSourcesOf = perRequest<readonly CellPlace[]>(async ({ reader }) =>
  reader.rows(completeSources, {}),
);

export const factsOf = perRequest<CoverageFacts>(async (context) => {
  const [streams, complete, gaps] = await Promise.all([
    streamsOf(context),
    completeSourcesOf(context),
    gapsByCell(context),
  ]);
  const day = streams.clock.slice(0, 10);
  const rows = await context.reader.rows(coverageCells, { day, most: MOST_CELLS });
  return { day, cells: byKey(rows, (row) => row.cell), complete, gaps, streams };
});

/** The kinds of session that anything is known of in a place, with their cells. */
export function cellsOf(
  place: CellPlace,
  { cells }: CoverageFacts,
): { readonly kind: SessionKind; readonly cell: CellRow }[] {
  return SESSION_KINDS.flatMap((kind) => {
    const cell = cells.get(cellOf(place, kind));
    return cell ? [{ kind, cell }] : [];
  });
}
