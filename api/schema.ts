import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './types/correlation.js';
import './types/coverage.js';
import './types/event.js';
import './types/event-list.js';
import './types/finding.js';
import './types/session.js';
import './types/triage.js';
import './types/user.js';
import './types/viewer.js';

/** The schema, made of what the files of `types/` add to the builder. */
export const schema: GraphQLSchema = builder.toSchema({ sortSchema: true });
