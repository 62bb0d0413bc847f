import { type GraphQLScalarTypeConfig, valueFromASTUntyped } from 'graphql';

/** Any JSON value. */
export const json = {
  description: 'Any JSON value (https://www.rfc-editor.org/rfc/rfc8259).',
  serialize: (value: unknown) => value,
  parseValue: (value: unknown) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
} satisfies Partial<GraphQLScalarTypeConfig<unknown, unknown>>;
