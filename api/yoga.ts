import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Database } from '../schema/store/database.js';
import { type Context, LOCAL_VIEWER } from './context.js';
import { CorrelationList, type CorrelationMetadata } from './correlation-list.js';
import { GRAPHIQL_POLICY, graphiqlPage } from './http/graphiql.js';
import { answerSizeLimit } from './limits/answer-size.js';
import { documentLimits } from './limits/document-limits.js';
import { errorMasking } from './limits/error-masking.js';
import type { ApiLogger } from './logger.js';
import { type OperationWatch, watchedOperations } from './operation-watch.js';
import { StoreReader } from './reading/store-reader.js';
import { schema } from './schema.js';
import { TriageLedger } from './triage/ledger.js';

export const GRAPHQL_PATH = '/graphql';
const MAX_BODY_BYTES = 1_000_000;
const LONGEST_TAG = 64;

export interface YogaOptions {
  readonly database: Database;
  readonly correlations: readonly CorrelationMetadata[];
  readonly logger: ApiLogger;
  readonly onOperation?: OperationWatch;
}

interface ServerContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/**
 * A form or plain text can be posted by any web page that somebody opens; JSON cannot without asking first, and this
 * server allows no other site.
 */
const onlyJsonPosts: Plugin = {
  onRequest({ request, fetchAPI, endResponse }) {
    const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (request.method !== 'POST' || type === 'application/json') return;
    const message = 'Send the query as JSON, with the header `content-type: application/json`.';
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] });
    endResponse(
      new fetchAPI.Response(body, { status: 415, headers: { 'content-type': 'application/json' } }),
    );
  },
};

const safeHeaders: Plugin = {
  onResponse({ response }) {
    response.headers.set('x-content-type-options', 'nosniff');
    response.headers.set('cache-control', 'no-store');
    if (response.headers.get('content-type')?.startsWith('text/html')) {
      response.headers.set('content-security-policy', GRAPHIQL_POLICY);
    }
  },
};

/** Answers GraphQL at GRAPHQL_PATH, and GraphiQL to browsers. */
export function createGraphql({ database, correlations, logger, onOperation }: YogaOptions) {
  const list = new CorrelationList(correlations);
  const ledger = new TriageLedger(database);
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ request, params }): Context => {
      const operation = (params.operationName ?? 'anonymous').slice(0, LONGEST_TAG);
      const viewer = LOCAL_VIEWER;
      return {
        viewer,
        reader: new StoreReader(database, viewer.tenant, operation, request.signal),
        correlations: list,
        ledger,
      };
    },
    cors: false,
    multipart: false,
    batching: false,
    landingPage: false,
    graphiql: true,
    renderGraphiQL: graphiqlPage,
    maxRequestBodySize: MAX_BODY_BYTES,
    maskedErrors: { maskError: errorMasking(logger) },
    // What must be known goes to the service's own log.
    logging: false,
    plugins: [
      onlyJsonPosts,
      safeHeaders,
      documentLimits(),
      answerSizeLimit(),
      ...(onOperation ? [watchedOperations(onOperation)] : []),
    ],
  });
}
