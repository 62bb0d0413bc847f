import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { StoreUnavailableError } from '../../schema/store/errors.js';
import type { ApiLogger } from '../logger.js';

/** ClickHouse's codes for a statement that was given up because it cost too much. */
const TOO_EXPENSIVE: ReadonlySet<number | undefined> = new Set([
  159, // TIMEOUT_EXCEEDED
  160, // TOO_SLOW
  241, // MEMORY_LIMIT_EXCEEDED
]);

/** The error that a chain of GraphQL errors began with. */
function origin(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? origin(error.originalError) : error;
}

/**
 * What a client is told of an error. Errors that are meant for clients pass; a store that is down or gives up is said
 * as such; everything else is a fault of ours: it goes to the log under an id, and the client is told the id alone,
 * for messages of the store hold statements.
 */
export function errorMasking(logger: ApiLogger): (error: unknown) => Error {
  return (error) => {
    const cause = origin(error);
    if (cause instanceof GraphQLError) return error as GraphQLError;

    // The client went away: nobody reads the answer, and nothing is wrong.
    if (cause instanceof Error && cause.name === 'AbortError') {
      return new GraphQLError('The request was aborted.', { extensions: { code: 'ABORTED' } });
    }
    const { nodes, source, positions, path } = error instanceof GraphQLError ? error : {};
    const place = {
      nodes: nodes ?? null,
      source: source ?? null,
      positions: positions ?? null,
      path: path ?? null,
    };
    if (cause instanceof StoreUnavailableError && TOO_EXPENSIVE.has(cause.code)) {
      return new GraphQLError(
        'The store gave the question up because it costs too much: narrow the filter or the range of time.',
        {
          ...place,
          extensions: { code: 'QUERY_TOO_EXPENSIVE' },
        },
      );
    }
    if (cause instanceof StoreUnavailableError) {
      logger.warn({ err: cause }, 'a query could not be answered: the store does not answer');
      return new GraphQLError('The store does not answer at the moment: try again.', {
        ...place,
        extensions: { code: 'STORE_UNAVAILABLE', http: { status: 503, headers: { 'retry-after': '5' } } },
      });
    }
    const errorId = randomUUID();
    logger.error({ err: cause, errorId }, 'a query failed unexpectedly');
    return new GraphQLError(`Unexpected error. The log of the service has more under the id ${errorId}.`, {
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId, http: { status: 500 } },
    });
  };
}
