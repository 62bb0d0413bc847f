import { GraphQLError, type GraphQLScalarTypeConfig, Kind } from 'graphql';

function parse(value: unknown): bigint {
  if (typeof value === 'string' && /^-?\d{1,38}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new GraphQLError(
    `${JSON.stringify(value)} is not a BigInt: give a whole number, as text where it may exceed 2^53 - 1.`,
    { extensions: { code: 'BAD_USER_INPUT' } },
  );
}

/** Whole numbers beyond the 32 bits of Int, as decimal text: a JSON number above 2^53 would lose digits. */
export const bigInt = {
  description: 'A whole number beyond 32 bits, as decimal text, so that no JSON reader rounds it.',
  serialize: (value: unknown) => BigInt(value as bigint | number | string).toString(),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
} satisfies Partial<GraphQLScalarTypeConfig<bigint, string>>;
