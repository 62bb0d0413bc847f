import { type GraphQLScalarTypeConfig, Kind } from 'graphql';
import { badInput } from '../limits/bad-input.js';
import { fromRfc3339, type StoreTime, toRfc3339 } from '../reading/store-time.js';

function parse(value: unknown): StoreTime {
  if (typeof value === 'string') return fromRfc3339(value);
  throw badInput(
    undefined,
    `A DateTime is given as RFC 3339 text, such as "2026-03-01T08:30:00Z", not as ${JSON.stringify(value)}.`,
  );
}

/** RFC 3339 with all nanoseconds; inside the program a moment is the store's own text. */
export const dateTime = {
  description:
    'A moment, as RFC 3339 text (https://www.rfc-editor.org/rfc/rfc3339). Nanoseconds are kept: answers are in UTC with none, three, six or nine digits of fraction; inputs may have any offset.',
  extensions: {},
  serialize: (value: unknown) => toRfc3339(value as StoreTime),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
} satisfies Partial<GraphQLScalarTypeConfig<StoreTime, string>>;
