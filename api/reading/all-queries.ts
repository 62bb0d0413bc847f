/** Every statement of the API, declared by importing its file. */
import './correlation-queries.js';
import './event-queries.js';
import './finding-queries.js';
import './session-queries.js';

export { allStoreQueries } from './store-query.js';
