import { builder } from '../builder.js';
import { PROVENANCE_KINDS, type ProvenanceEdge, type ProvenanceShape } from '../provenance/provenance.js';
import { loadEvent } from '../reading/event-loaders.js';
import { Event } from './refs.js';
import { LinkEnum, wordEnum } from './words.js';

const ProvenanceKindEnum = wordEnum(
  'ProvenanceKind',
  PROVENANCE_KINDS,
  'What an edge of the chain leads to.',
  {
    token: 'The issue of the token that was used, or of the session by another one.',
    session: 'The beginning of the session.',
    mfa: 'The second factor that was passed.',
    credential: 'The credential that was checked.',
  },
);

const ProvenanceEdgeType = builder.objectRef<ProvenanceEdge>('ProvenanceEdge').implement({
  description: 'One step from a use towards what vouches for it.',
  fields: (t) => ({
    kind: t.field({ type: ProvenanceKindEnum, resolve: (edge) => edge.kind }),
    link: t.field({ type: LinkEnum, resolve: (edge) => edge.link }),
    key: t.string({
      nullable: true,
      description: 'The key that ties the two: the evidence is filed under it.',
      resolve: (edge) => edge.key,
    }),
    from: t.field({
      type: Event,
      nullable: true,
      resolve: (edge, _args, context) => edge.from && loadEvent(context, edge.from),
    }),
    to: t.field({
      type: Event,
      nullable: true,
      description: 'The evidence; null where none was found, and once its retention is over.',
      resolve: (edge, _args, context) => edge.to && loadEvent(context, edge.to),
    }),
    missing: t.string({
      nullable: true,
      description:
        'Of an edge that was not found: what was looked for, where, and whether coverage was there.',
      resolve: (edge) => edge.missing,
    }),
  }),
});

export const Provenance = builder.objectRef<ProvenanceShape>('Provenance').implement({
  description:
    'The chain from a use over its token and session to the factor and the credential that were given.',
  fields: (t) => ({
    edges: t.field({ type: [ProvenanceEdgeType], resolve: (provenance) => [...provenance.edges] }),
    complete: t.exposeBoolean('complete', {
      description: 'Every edge is in store, tied by a session id or a derived key.',
    }),
    text: t.exposeString('text', { description: 'The same in one sentence.' }),
  }),
});
