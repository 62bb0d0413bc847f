import { FINDING_STATES, LINKS, SEVERITIES, VERDICTS, WITHDRAWN_REASONS } from '../../schema/words.js';
import { builder } from '../builder.js';
import type { FindingRevisionRow } from '../reading/finding-queries.js';
import { wordOf } from '../reading/stored-words.js';
import { FindingStateEnum, LinkEnum, SeverityEnum, VerdictEnum, WithdrawnReasonEnum } from './words.js';

export const PointReason = builder
  .objectRef<FindingRevisionRow['point_reasons'][number]>('PointReason')
  .implement({
    description: 'A reason why a finding has points, or has fewer.',
    fields: (t) => ({
      name: t.exposeString('name'),
      points: t.exposeInt('points'),
      text: t.exposeString('text'),
    }),
  });

export const FindingRevision = builder.objectRef<FindingRevisionRow>('FindingRevision').implement({
  description: 'What a finding was from one judging to the next that changed it.',
  fields: (t) => ({
    version: t.exposeInt('revision', {
      description: 'Its number among the revisions; `Finding.version` counts the actions of triage as well.',
    }),
    at: t.field({ type: 'DateTime', resolve: (revision) => revision.revised_at }),
    state: t.field({
      type: FindingStateEnum,
      resolve: (revision) => wordOf(FINDING_STATES, revision.state, 'open'),
    }),
    severity: t.field({
      type: SeverityEnum,
      resolve: (revision) => wordOf(SEVERITIES, revision.severity, 'info'),
    }),
    points: t.exposeInt('points'),
    pointReasons: t.field({ type: [PointReason], resolve: (revision) => [...revision.point_reasons] }),
    link: t.field({ type: LinkEnum, resolve: (revision) => wordOf(LINKS, revision.link, 'none') }),
    verdict: t.field({
      type: VerdictEnum,
      resolve: (revision) => wordOf(VERDICTS, revision.verdict, 'unproven'),
    }),
    title: t.exposeString('title'),
    summary: t.exposeString('summary'),
    withdrawnBecause: t.field({
      type: WithdrawnReasonEnum,
      nullable: true,
      resolve: ({ withdrawn_because }) =>
        WITHDRAWN_REASONS.find((reason) => reason === withdrawn_because) ?? null,
    }),
  }),
});
