import { APPLICATION_LEVELS, type ApplicationLevel } from '../../schema/policy/policy.js';
import { builder } from '../builder.js';
import { applicationLevels } from '../reading/application-queries.js';
import { batchLoader } from '../reading/batch-loader.js';
import { wordOf } from '../reading/stored-words.js';
import { wordEnum } from './words.js';

/** An application as a row names it. */
export interface ApplicationShape {
  readonly id: string;
  readonly name: string;
}

export const ApplicationLevelEnum = wordEnum(
  'ApplicationLevel',
  APPLICATION_LEVELS,
  'How sure an application wants to be of who uses it: policy says, and decides by it how long a sign-in is good for.',
  { low: 'NIST SP 800-63B AAL1.', normal: 'AAL2.', high: 'AAL3.' },
);

/** Levels by the application's id; undefined for one that policy does not name. */
const levelOf = batchLoader<ApplicationLevel>(async (ids, { reader }) => {
  const rows = await reader.rows(applicationLevels, { ids });
  return new Map(rows.map((row) => [row.application_id, wordOf(APPLICATION_LEVELS, row.level, 'normal')]));
});

export const Application = builder.objectRef<ApplicationShape>('Application').implement({
  description: 'What was used.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The source's own id of it; filters take it, or the name." }),
    name: t.exposeString('name'),
    level: t.field({
      type: ApplicationLevelEnum,
      description: 'NORMAL where policy does not name it.',
      resolve: async (application, _args, context) =>
        (await levelOf(context).load(application.id)) ?? 'normal',
    }),
  }),
});

/** The application of a row, or null where it names none. */
export function applicationOf(row: {
  readonly application_id: string;
  readonly application_name: string;
}): ApplicationShape | null {
  const { application_id: id, application_name: name } = row;
  if (id === '' && name === '') return null;
  return { id: id || name, name: name || id };
}
