/** Every statement of the API, declared by importing its file. */
import './application-queries.js';
import './correlation-queries.js';
import './coverage-queries.js';
import './dead-letter-queries.js';
import './event-queries.js';
import './finding-queries.js';
import './session-queries.js';
import './triage-queries.js';
import './user-queries.js';

export { allStoreQueries } from './store-query.js';
