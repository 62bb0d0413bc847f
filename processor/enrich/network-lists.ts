import { NETWORK_CLASSES, type NetworkClass } from '../../schema/words.js';
import { cidrOf, isNetworkAddress, type Prefix, PrefixTable, parsePrefix } from './prefix-table.js';

/** Classes of networks as an operator lists them, which beat what the operator of an autonomous system says. */
export type NetworkTable = PrefixTable<NetworkClass>;

/** A file of networks: `hosting.txt`. */
export interface NetworkListFile {
  /** Without the folder. */
  readonly name: string;
  readonly text: string;
}

/** What a list may say. Addresses are private by what they are, and unknown where no list says more. */
export const LISTED_CLASSES: readonly NetworkClass[] = NETWORK_CLASSES.filter(
  (networkClass) => networkClass !== 'private' && networkClass !== 'unknown',
);

const EXTENSION = '.txt';

/** Of a folder: a second or two to read, during which nothing else is done. */
const MOST_NETWORKS = 500_000;
const MOST_PROBLEMS = 20;

/** Lists of networks cannot be used. */
export class NetworkListError extends Error {
  override readonly name = 'NetworkListError';
  /** `hosting.txt line 3: ...`, the first of them if there are many. */
  readonly problems: readonly string[];

  constructor(folder: string, problems: readonly string[], options?: ErrorOptions) {
    const shown = problems.slice(0, MOST_PROBLEMS);
    const more = problems.length - shown.length;
    super(
      `The network lists in ${folder} cannot be used:\n${shown.map((problem) => `  ${problem}`).join('\n')}` +
        (more > 0 ? `\n  and ${more} more` : ''),
      options,
    );
    this.problems = shown;
  }
}

/**
 * Reads lists, one file a class (`tor.txt`, `corporate.txt`), one network in CIDR notation or one address a line. Blank
 * lines and what follows a `#` count for nothing; the Tor Project's bulk exit list is in this format as it is.
 *
 * @param folder named in errors
 * @throws {NetworkListError} with every line that is wrong
 */
export function readNetworkLists(files: readonly NetworkListFile[], folder: string): NetworkTable {
  const problems: string[] = [];
  const places = new Map<string, [place: string, networkClass: NetworkClass]>();
  const entries: [Prefix, NetworkClass][] = [];
  for (const { name, text } of files) {
    const networkClass = classOfFile(name);
    if (networkClass === undefined) {
      const allowed = LISTED_CLASSES.map((allowedClass) => allowedClass + EXTENSION).join(', ');
      problems.push(`${name}: names no class of network; allowed are ${allowed}`);
      continue;
    }
    for (const [index, line] of text.split('\n').entries()) {
      const content = line.split('#', 1)[0]?.trim() ?? '';
      if (content === '') continue;
      const place = `${name} line ${index + 1}`;
      const prefix = prefixOf(content, place, problems);
      if (prefix === undefined) continue;
      const network = `${prefix.words.join(':')}/${prefix.bits}`;
      const [otherPlace, otherClass] = places.get(network) ?? [];
      if (otherClass !== undefined && otherClass !== networkClass) {
        problems.push(
          `${place}: ${cidrOf(prefix)} is ${otherClass} at ${otherPlace}; a network is of one class`,
        );
      }
      places.set(network, [place, networkClass]);
      entries.push([prefix, networkClass]);
    }
  }
  if (entries.length > MOST_NETWORKS) {
    problems.push(`${entries.length} networks are more than ${MOST_NETWORKS}: list larger networks`);
  }
  if (problems.length > 0) throw new NetworkListError(folder, problems);
  return new PrefixTable(entries);
}

/** Whether a file of the folder is a list: `README.md` and hidden files are not. */
export function isListName(name: string): boolean {
  return name.endsWith(EXTENSION) && !name.startsWith('.');
}

function classOfFile(name: string): NetworkClass | undefined {
  const stem = name.slice(0, -EXTENSION.length);
  return LISTED_CLASSES.find((networkClass) => networkClass === stem);
}

function prefixOf(content: string, place: string, problems: string[]): Prefix | undefined {
  const prefix = parsePrefix(content);
  if (prefix === undefined) {
    const shown = content.length > 50 ? `${content.slice(0, 50)}...` : content;
    problems.push(
      `${place}: '${shown}' is no network: allowed are CIDR notation (198.51.100.0/24, 2001:db8::/32) and addresses`,
    );
    return undefined;
  }
  // Whoever writes 10.1.2.3/8 meant another network than that which he would get.
  if (!isNetworkAddress(prefix)) {
    problems.push(`${place}: '${content}' is an address inside a network: write ${cidrOf(prefix)}`);
    return undefined;
  }
  return prefix;
}
