import { builder } from '../builder.js';
import { COVERAGE_GAP_KINDS, type CoverageGap } from '../log-coverage/gaps.js';
import { findingLoader } from '../reading/finding-loaders.js';
import { Application } from './application.js';
import { Finding } from './refs.js';
import { SessionKindEnum, wordEnum } from './words.js';

const CoverageGapKind = wordEnum('CoverageGapKind', COVERAGE_GAP_KINDS, 'What is missing.', {
  evidence: 'Sessions of a kind used to have their evidence in store and no longer do; a finding says so.',
  silence: 'A source said nothing in hours in which it usually does.',
});

export const CoverageGapType = builder.objectRef<CoverageGap>('CoverageGap').implement({
  description: 'Something that should be in store and is not.',
  fields: (t) => ({
    kind: t.field({ type: CoverageGapKind, resolve: (gap) => gap.kind }),
    source: t.exposeString('source'),
    organization: t.string({ nullable: true, resolve: (gap) => gap.organization || null }),
    application: t.field({
      type: Application,
      nullable: true,
      description: 'Null where it is about all of them.',
      resolve: ({ applicationId }) => (applicationId ? { id: applicationId, name: applicationId } : null),
    }),
    sessionKind: t.field({ type: SessionKindEnum, nullable: true, resolve: (gap) => gap.sessionKind }),
    since: t.field({ type: 'DateTime', resolve: (gap) => gap.since }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null while it lasts.',
      resolve: (gap) => gap.until,
    }),
    finding: t.field({
      type: Finding,
      nullable: true,
      resolve: (gap, _args, context) =>
        gap.findingId === null ? null : findingLoader(context).load(gap.findingId),
    }),
    text: t.string({
      description: 'The same in one sentence.',
      resolve: async (gap, _args, context) =>
        gap.text ?? (await findingLoader(context).load(gap.findingId ?? ''))?.summary ?? '',
    }),
  }),
});
