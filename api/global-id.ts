import { badInput } from './limits/bad-input.js';

/** Our longest id is a time and a hash; what is longer was not given out by us. */
const LONGEST = 1_024;

/** Types whose objects are found by their id alone. A test holds the list against the schema. */
export const NODE_TYPES: readonly string[] = ['Event', 'Finding', 'Session', 'User'];

/** The id of an object that is unique among all types, opaque to clients. */
export function encodeGlobalId(type: string, id: string | number | bigint): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

/** Type and id of a global id, or undefined for a text that is none. */
export function parseGlobalId(globalId: string): { typename: string; id: string } | undefined {
  if (globalId.length > LONGEST || !/^[\w-]+$/.test(globalId)) return undefined;
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  const parts = /^([A-Z][A-Za-z]*):(.+)$/s.exec(text);
  // base64 ignores stray bits: only what encodes to the same text was given out by us.
  if (!parts || Buffer.from(text).toString('base64url') !== globalId) return undefined;
  return { typename: parts[1] as string, id: parts[2] as string };
}

/** Type and id of a global id. Throws a BAD_USER_INPUT error for a text that is none. */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const parts = parseGlobalId(globalId);
  if (!parts || !NODE_TYPES.includes(parts.typename))
    throw badInput(
      'id',
      `${JSON.stringify(globalId.slice(0, 100))} is not an id: give an \`id\` as it was answered.`,
    );
  return parts;
}

/** What a client gave as name of an object of a type: the id inside of a global id, or the text as it is. */
export function idOrName(type: string, given: string): string {
  const parts = parseGlobalId(given);
  return parts?.typename === type ? parts.id : given;
}
