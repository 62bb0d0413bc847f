import { builder } from '../builder.js';
import type { Viewer } from '../context.js';
import { RoleEnum } from './words.js';

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    name: t.exposeString('name'),
    roles: t.field({ type: [RoleEnum], resolve: (viewer) => [...viewer.roles] }),
    tenant: t.exposeString('tenant', {
      description: 'Whose data is answered; everything asked stays within it.',
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({ type: ViewerType, resolve: (_root, _args, context) => context.viewer }),
);
