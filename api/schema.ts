import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './types/application-list.js';
import './types/correlation.js';
import './types/correlation-run.js';
import './types/coverage.js';
import './types/dead-letter.js';
import './types/event.js';
import './types/event-list.js';
import './types/finding.js';
import './types/session.js';
import './types/triage.js';
import './types/user.js';
import './types/user-list.js';
import './types/viewer.js';

/** The schema, made of what the files of `types/` add to the builder. */
export const schema: GraphQLSchema = builder.toSchema({ sortSchema: true });
