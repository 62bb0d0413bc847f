import { builder } from '../builder.js';
import { connectionPage } from '../paging/connection.js';
import type { Keyset } from '../paging/keyset.js';
import { type ApplicationListRow, applicationList } from '../reading/application-queries.js';
import { Application, ApplicationLevelEnum } from './application.js';
import { listed, searched } from './filter-values.js';

const ApplicationFilter = builder.inputType('ApplicationFilter', {
  description: 'Each field narrows the list; an empty list is as good as none.',
  fields: (t) => ({
    text: t.string({ description: 'Found anywhere in id or name, in either case.' }),
    levels: t.field({ type: [ApplicationLevelEnum] }),
  }),
});

const byName: Keyset = {
  name: 'application name',
  columns: [
    { name: 'name_start', type: 'String' },
    { name: 'application_hash', type: 'String' },
  ],
  carried: ['id', 'name'],
};

const ApplicationConnection = builder.connectionObject({ type: Application, name: 'ApplicationConnection' });

builder.queryField('applications', (t) =>
  t.field({
    type: ApplicationConnection,
    description: 'Those that records name, by name.',
    args: { ...t.arg.connectionArgs(), filter: t.arg({ type: ApplicationFilter }) },
    resolve: (_root, args, context) => {
      const params = {
        text: searched(args.filter?.text),
        levels: listed('levels', args.filter?.levels),
      };
      const list = { query: applicationList, params, keyset: byName, descending: false };
      return connectionPage(context, list, args, async (rows) => rows as unknown as ApplicationListRow[]);
    },
  }),
);
