import { type GraphQLScalarTypeConfig, Kind } from 'graphql';
import { badInput } from '../limits/bad-input.js';

function parse(value: unknown): bigint {
  if (typeof value === 'string' && /^-?\d{1,38}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw badInput(
    undefined,
    `${JSON.stringify(value)} is not a BigInt: give a whole number, as text where it may exceed 2^53 - 1.`,
  );
}

/** Whole numbers beyond the 32 bits of Int, as decimal text: a JSON number above 2^53 would lose digits. */
export const bigInt = {
  description: 'A whole number beyond 32 bits, as decimal text, so that no JSON reader rounds it.',
  serialize: (value: unknown) => BigInt(value as bigint | number | string).toString(),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
} satisfies Partial<GraphQLScalarTypeConfig<bigint, string>>;
