import { batchLoader, byKey, groupedBy } from './batch-loader.js';
import type { EventPlace } from './event-key.js';
import { evidenceTimes } from './event-queries.js';
import {
  type FindingRevisionRow,
  type FindingRow,
  findingRevisions,
  findingsById,
  findingsRelated,
} from './finding-queries.js';
import { type TriageActionRow, triageActions } from './triage-queries.js';

/** Related findings that are shown of one: `Finding.related` says so. */
export const MOST_RELATED = 20;
/** Revisions that are shown of one: `Finding.revisions` says so. */
const MOST_REVISIONS = 200;

/** Actions of triage that are shown of one: `Finding.actions` says so. */
const MOST_ACTIONS = 200;

/** Findings as they are now, by id. */
export const findingLoader = batchLoader<FindingRow>(async (ids, { reader }) =>
  byKey(await reader.rows(findingsById, { ids }), (row) => row.id),
);

/** Revisions of findings, oldest first, by the finding's id. */
export const revisionsLoader = batchLoader<readonly FindingRevisionRow[]>(async (ids, { reader }) => {
  const newestFirst = await reader.rows(findingRevisions, { ids, most: MOST_REVISIONS });
  return groupedBy(newestFirst.reverse(), (row) => row.id);
});

/** What was done about findings, oldest first, by the finding's id. */
export const actionsLoader = batchLoader<readonly TriageActionRow[]>(async (ids, { reader }) => {
  const newestFirst = await reader.rows(triageActions, { ids, most: MOST_ACTIONS });
  return groupedBy(newestFirst.reverse(), (row) => row.finding_id);
});

/** Ids of related findings, newest first, by the finding's id. */
export const relatedLoader = batchLoader<readonly string[]>(async (ids, { reader }) => {
  const groups = groupedBy(
    await reader.rows(findingsRelated, { ids, most: MOST_RELATED }),
    (row) => row.about_id,
  );
  return new Map([...groups].map(([id, rows]) => [id, rows.map((row) => row.id)]));
});

/** Where evidence lies, by `<session key>/<event id>`. */
export const evidenceTimeLoader = batchLoader<EventPlace>(async (keys, { reader }) => {
  const pairs = keys.map((key) => key.split('/', 2) as [string, string]);
  const rows = await reader.rows(evidenceTimes, {
    sessions: [...new Set(pairs.map(([session]) => session))],
    ids: [...new Set(pairs.map(([, id]) => id))],
  });
  const places = byKey(rows, (row) => row.event_id);
  return new Map(
    pairs.flatMap(([session, id]) => {
      const place = places.get(id);
      return place ? [[`${session}/${id}`, place] as const] : [];
    }),
  );
});
