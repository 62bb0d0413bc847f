import { SEVERITIES } from '../../schema/words.js';
import { builder } from '../builder.js';
import type { CorrelationMetadata, CorrelationParameter } from '../correlation-list.js';
import { batchLoader, byKey } from '../reading/batch-loader.js';
import { type CorrelationRunRow, lastCorrelationRuns } from '../reading/correlation-queries.js';
import { wordOf } from '../reading/stored-words.js';
import { AttackReference } from './attack.js';
import { SeverityEnum } from './words.js';

const lastRuns = batchLoader<CorrelationRunRow>(async (correlations, { reader }) =>
  byKey(await reader.rows(lastCorrelationRuns, { correlations }), (run) => run.correlation),
);

export const CorrelationRun = builder.objectRef<CorrelationRunRow>('CorrelationRun').implement({
  description: 'One run of a correlation over what came in since the one before.',
  fields: (t) => ({
    id: t.id({
      description: 'A run judges for all correlations at once: its number and the correlation.',
      resolve: (run) => `${run.run_id}/${run.correlation}`,
    }),
    name: t.exposeString('correlation', {
      description: '`Correlation.id`, or `judging` for the part of the run that all correlations share.',
    }),
    startedAt: t.field({ type: 'DateTime', resolve: (run) => run.started_at }),
    durationMs: t.exposeInt('duration_ms', { description: 'Milliseconds that it took.' }),
    rowsRead: t.field({ type: 'BigInt', resolve: (run) => run.rows_read }),
    bytesRead: t.field({ type: 'BigInt', resolve: (run) => run.bytes_read }),
    sessions: t.exposeInt('sessions', { description: 'Sessions that it judged.' }),
    findingsRaised: t.exposeInt('findings_raised'),
    findingsWithdrawn: t.exposeInt('findings_withdrawn'),
    since: t.field({
      type: 'DateTime',
      description: 'It judged what arrived after this moment and up to `until`.',
      resolve: (run) => run.cursor_from,
    }),
    until: t.field({ type: 'DateTime', resolve: (run) => run.cursor_to }),
    error: t.string({
      nullable: true,
      description: 'Why it failed; null if it did not.',
      resolve: (run) => run.error || null,
    }),
  }),
});

const Parameter = builder.objectRef<CorrelationParameter>('Parameter').implement({
  description: 'A value by which a site tunes a correlation.',
  fields: (t) => ({
    name: t.exposeString('name'),
    type: t.exposeString('type', { description: 'Its ClickHouse type.' }),
    default: t.field({ type: 'JSON', resolve: (parameter) => parameter.default }),
    minimum: t.float({ nullable: true, resolve: (parameter) => parameter.minimum ?? null }),
    maximum: t.float({ nullable: true, resolve: (parameter) => parameter.maximum ?? null }),
    description: t.exposeString('meaning'),
  }),
});

export const Correlation = builder.objectRef<CorrelationMetadata>('Correlation').implement({
  description: 'A scheduled query that raises findings: what it means, and the query itself.',
  fields: (t) => ({
    id: t.exposeString('id'),
    title: t.exposeString('title'),
    description: t.exposeString('meaning'),
    sql: t.exposeString('sql'),
    severity: t.field({
      type: SeverityEnum,
      description: "What its findings usually have; each finding's own is decided by its points.",
      resolve: (correlation) => wordOf(SEVERITIES, correlation.severity, 'info'),
    }),
    attack: t.field({ type: [AttackReference], resolve: (correlation) => [...correlation.attack] }),
    every: t.exposeString('every', { description: 'How often it runs.' }),
    lookback: t.exposeString('lookback', { description: 'How far back it looks.' }),
    parameters: t.field({ type: [Parameter], resolve: (correlation) => [...correlation.parameters] }),
    lastRun: t.field({
      type: CorrelationRun,
      nullable: true,
      resolve: async (correlation, _args, context) => lastRuns(context).load(correlation.id),
    }),
    falsePositives: t.stringList({ resolve: (correlation) => [...correlation.falsePositives] }),
    knownGaps: t.stringList({
      description: 'What it is known not to see.',
      resolve: (correlation) => [...correlation.knownGaps],
    }),
  }),
});

/** Stands for a correlation that raised findings once and whose file is gone. */
export function removedCorrelation(id: string): CorrelationMetadata {
  return {
    id,
    title: id,
    meaning: 'This correlation is not installed any more.',
    severity: 'info',
    attack: [],
    every: '',
    lookback: '',
    parameters: [],
    falsePositives: [],
    knownGaps: [],
    response: [],
    sql: '',
  };
}

builder.queryFields((t) => ({
  correlations: t.field({
    type: [Correlation],
    description: 'All that run here, by id.',
    resolve: (_root, _args, { correlations }) => [...correlations.all],
  }),
  correlation: t.field({
    type: Correlation,
    nullable: true,
    args: { id: t.arg.string({ required: true }) },
    resolve: (_root, { id }, { correlations }) => correlations.get(id),
  }),
}));
