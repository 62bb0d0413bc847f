import { badInput } from '../limits/bad-input.js';
import { isPlace, type Keyset, type Place } from './keyset.js';

/** Longer texts are no cursors of ours; decoding them would only cost. */
const LONGEST = 2_048;

/** An opaque text for a place in a list, to be given back as `after` or `before`. */
export function encodeCursor(keyset: Keyset, place: Place): string {
  return Buffer.from(JSON.stringify([keyset.name, ...place])).toString('base64url');
}

function decoded(cursor: string): unknown {
  if (cursor.length > LONGEST || !/^[\w-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The place that a cursor names. Throws a BAD_USER_INPUT error for anything that this list did not give out. */
export function decodeCursor(keyset: Keyset, argument: 'after' | 'before', cursor: string): Place {
  const parts = decoded(cursor);
  if (!Array.isArray(parts)) {
    throw badInput(
      argument,
      `\`${argument}\` is not a cursor: give a \`cursor\`, \`startCursor\` or \`endCursor\` as it was answered.`,
    );
  }
  const [name, ...place] = parts as unknown[];
  if (name !== keyset.name) {
    throw badInput(
      argument,
      `\`${argument}\` is a cursor of another list or order: go on with the order that it was answered under, or start anew without it.`,
    );
  }
  if (!isPlace(keyset, place)) {
    throw badInput(
      argument,
      `\`${argument}\` is a damaged cursor: give a cursor exactly as it was answered.`,
    );
  }
  return place;
}
