import { idOrName } from '../global-id.js';
import { badInput } from '../limits/bad-input.js';
import { EARLIEST, LATEST, type StoreTime } from '../reading/store-time.js';

const MOST_VALUES = 100;
const LONGEST_TEXT = 512;

type List<T> = readonly T[] | null | undefined;

/** The values of a filter's list; none where the client left it out. Throws a BAD_USER_INPUT error for over 100. */
export function listed<T extends string>(name: string, values: List<T>): readonly T[] {
  if (!values) return [];
  if (values.length > MOST_VALUES) {
    throw badInput(
      `filter.${name}`,
      `\`${name}\` names ${values.length} values: at most ${MOST_VALUES} are allowed.`,
    );
  }
  return values;
}

/** As `listed`, of objects that may be given by their `id` or by their key. */
export function listedIds(name: string, type: string, values: List<string>): string[] {
  return listed(name, values).map((value) => idOrName(type, value));
}

/** A text to search for; '' where there is none. Throws a BAD_USER_INPUT error for over 512 characters. */
export function searched(text: string | null | undefined): string {
  if (!text) return '';
  if (text.length > LONGEST_TEXT) {
    throw badInput(
      'filter.text',
      `\`text\` has ${text.length} characters: at most ${LONGEST_TEXT} are allowed.`,
    );
  }
  return text;
}

/** A range of time: from `after`, to before `before`. Throws a BAD_USER_INPUT error where it ends before it begins. */
export function range(
  name: string,
  after: StoreTime | null | undefined,
  before: StoreTime | null | undefined,
): { after: StoreTime; before: StoreTime } {
  const bounds = { after: after ?? EARLIEST, before: before ?? LATEST };
  if (bounds.after >= bounds.before) {
    throw badInput(
      `filter.${name}`,
      `\`${name}After\` is not earlier than \`${name}Before\`: nothing lies between.`,
    );
  }
  return bounds;
}
