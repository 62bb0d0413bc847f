import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, Lexer, Source, TokenKind, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const MAX_DEPTH = 12;
const MAX_TOKENS = 1_000;
const MAX_ALIASES = 20;

/** `spec: false` keeps the status 400 also for clients that accept application/json, where the spec says 200. */
function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec: false } } });
}

/**
 * Reports instead of throwing: what the rules throw by themselves is answered with status 200 and no code.
 */
function reporting(code: string, message: string) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => {
        context?.reportError(refusal(code, message));
      },
    ],
  };
}

const depth = maxDepthRule({
  n: MAX_DEPTH,
  flattenFragments: true,
  ...reporting(
    'QUERY_TOO_DEEP',
    `The query is nested deeper than ${MAX_DEPTH} fields: ask for less in one query.`,
  ),
});

const aliases = maxAliasesRule({
  n: MAX_ALIASES,
  ...reporting('TOO_MANY_ALIASES', `The query has more than ${MAX_ALIASES} aliases: split it.`),
});

/** Whether a text has more tokens than a query may have. A text that is no GraphQL is left to the parser. */
function isTooLong(query: string): boolean {
  const lexer = new Lexer(new Source(query));
  try {
    for (let tokens = 0; lexer.advance().kind !== TokenKind.EOF; ) {
      tokens++;
      if (tokens > MAX_TOKENS) return true;
    }
  } catch {
    return false;
  }
  return false;
}

/**
 * Limits of a query's text, checked before anything is looked up.
 * Tokens are counted in front of the parser: it would answer with status 200 to clients that accept application/json.
 */
export function documentLimits(): Plugin {
  return {
    onParams({ params, setResult }) {
      if (typeof params.query !== 'string' || !isTooLong(params.query)) return;
      const message = `The query has more than ${MAX_TOKENS} tokens: split it, and give values as variables.`;
      setResult({ errors: [refusal('QUERY_TOO_LONG', message)] });
    },
    onValidate({ addValidationRule }) {
      addValidationRule(depth);
      addValidationRule(aliases);
    },
  };
}
