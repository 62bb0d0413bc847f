import { builder } from '../builder.js';

/** An application as a row names it. */
export interface ApplicationShape {
  readonly id: string;
  readonly name: string;
}

export const Application = builder.objectRef<ApplicationShape>('Application').implement({
  description: 'What was used.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The source's own id of it; filters take it, or the name." }),
    name: t.exposeString('name'),
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
