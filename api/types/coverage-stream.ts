import { builder } from '../builder.js';
import type { StreamHealth } from '../log-coverage/streams.js';

export const CoverageStream = builder.objectRef<StreamHealth>('CoverageStream').implement({
  description: "A part of a source with a delay of its own, at the tenant's clock.",
  fields: (t) => ({
    name: t.exposeString('stream'),
    newest: t.expose('newest', { type: 'DateTime', description: 'Time of its newest record.' }),
    watermark: t.expose('watermark', {
      type: 'DateTime',
      description: 'Up to here everything is taken to have arrived.',
    }),
    lagSeconds: t.exposeFloat('lagSeconds', { description: "From the watermark to the tenant's clock." }),
    disorderSeconds: t.exposeInt('disorderSeconds', {
      nullable: true,
      description:
        'How far its events come behind the newest before them (99th percentile of 7 days); null until that is learned.',
    }),
    silentAfterSeconds: t.exposeInt('silentAfterSeconds', {
      nullable: true,
      description:
        'Its usual longest pause at this time of day (99th percentile); null until that is learned.',
    }),
    silent: t.exposeBoolean('silent', { description: 'It has paused for longer than is usual.' }),
  }),
});
