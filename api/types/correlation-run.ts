import { builder } from '../builder.js';
import { connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import { type CorrelationRunRow, correlationRuns } from '../reading/correlation-queries.js';
import { LATEST, nowInStore, plusDays } from '../reading/store-time.js';
import { CorrelationRun } from './correlation.js';
import { listed, range } from './filter-values.js';

/** Days that the list looks back where the filter does not say: a correlation runs some ten thousand times a day. */
const DEFAULT_DAYS = 7;

const CorrelationRunFilter = builder.inputType('CorrelationRunFilter', {
  description: 'Each field narrows the list; an empty list is as good as none.',
  fields: (t) => ({
    correlations: t.stringList({
      description: '`Correlation.id`; `judging` for the part of a run that all correlations share.',
    }),
    startedAfter: t.field({
      type: 'DateTime',
      description: 'From this moment on. Without it, the 7 days before `startedBefore` or now.',
    }),
    startedBefore: t.field({ type: 'DateTime', description: 'Up to and without this moment.' }),
    failedOnly: t.boolean({ description: 'Only those that ended in an error.' }),
  }),
});

const byStart: Keyset = {
  name: 'correlation run',
  columns: [
    { name: 'started_at', type: "DateTime64(3, 'UTC')" },
    { name: 'run_key', type: 'String' },
  ],
  carried: [
    'run_id',
    'correlation',
    'duration_ms',
    'rows_read',
    'bytes_read',
    'sessions',
    'findings_raised',
    'findings_withdrawn',
    'cursor_from',
    'cursor_to',
    'error',
  ],
};

const CorrelationRunConnection = builder.connectionObject({
  type: CorrelationRun,
  name: 'CorrelationRunConnection',
});

builder.queryField('correlationRuns', (t) =>
  t.field({
    type: CorrelationRunConnection,
    description: 'Newest first. A run in which nothing was due is logged a few times a minute.',
    args: { ...t.arg.connectionArgs(), filter: t.arg({ type: CorrelationRunFilter }) },
    resolve: (_root, args, context) => {
      const filter = args.filter ?? {};
      const end = filter.startedBefore ?? nowInStore();
      const began = range(
        'started',
        filter.startedAfter ?? plusDays(end, -DEFAULT_DAYS),
        filter.startedBefore ?? LATEST,
      );
      const params = {
        since: began.after,
        until: began.before,
        correlations: listed('correlations', filter.correlations),
        failed_only: filter.failedOnly ? 1 : 0,
      };
      const list = { query: correlationRuns, params, keyset: byStart, descending: true };
      return connectionPage(context, list, args, async (rows) => rows as unknown as CorrelationRunRow[]);
    },
  }),
);
