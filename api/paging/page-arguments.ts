import { badInput } from '../limits/bad-input.js';

export const DEFAULT_PAGE_SIZE = 25;
export const LARGEST_PAGE = 100;

/** Relay's four arguments as a client gives them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageRequest {
  readonly size: number;
  /** True for `last`: the end of the list is wanted. */
  readonly fromEnd: boolean;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

function checkedSize(argument: 'first' | 'last', size: number): number {
  if (Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE) return size;
  throw badInput(argument, `\`${argument}\` is ${size}: a page holds 1 to ${LARGEST_PAGE} entries.`);
}

/**
 * The page that the arguments ask for: 25 entries from the start where they say nothing. Throws a BAD_USER_INPUT
 * error for a size outside 1 to 100 and for `first` together with `last`.
 */
export function pageRequest(args: ConnectionArguments): PageRequest {
  const cursors = { after: args.after ?? undefined, before: args.before ?? undefined };
  if (args.first != null && args.last != null) {
    throw badInput(
      'last',
      '`first` and `last` were both given: give `first` for the start, or `last` for the end.',
    );
  }
  if (args.last != null) return { size: checkedSize('last', args.last), fromEnd: true, ...cursors };
  const size = args.first == null ? DEFAULT_PAGE_SIZE : checkedSize('first', args.first);
  return { size, fromEnd: false, ...cursors };
}
