import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OPERATORS } from '../../processor/enrich/operators/index.js';
import { classOfName } from '../../processor/enrich/operators/name-class.js';
import { NETWORK_CLASSES, type NetworkClass } from '../../schema/words.js';
import { bundledSystems } from '../processor/enrich/bundled-systems.js';
import { type Grade, gradeKnownNetworks } from '../processor/enrich/known-networks.js';

// npm run networks: how many networks of well-known operators the lists of operators get right.

const PAGE = new URL('../../docs/networks.md', import.meta.url);
const BEGIN = '<!-- written by npm run networks -- --write -->';
const END = '<!-- end of what it wrote -->';

const USAGE = `Usage: npm run networks [-- --write]

Classifies networks whose operators are known (test/processor/enrich/known-networks.tsv) and says how many come out
right, class by class, and which do not.

  --write   put that into docs/networks.md
  --help    this text
`;

interface Counts {
  readonly byNumber: number;
  readonly byName: number;
  readonly known: number;
  readonly right: number;
}

function main(): number {
  const flag = { type: 'boolean', default: false } as const;
  let options: { write: boolean; help: boolean };
  try {
    options = parseArgs({ options: { write: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const figures = figuresText(gradeKnownNetworks());
  process.stdout.write(`${figures}\n`);
  if (options.write) writeFigures(figures);
  return 0;
}

function figuresText(grades: readonly Grade[]): string {
  const rows = [...countsByClass(grades)].filter(
    ([, { byNumber, byName, known }]) => byNumber + byName + known > 0,
  );
  const right = grades.filter(isRight).length;
  const wrong = grades.filter((grade) => !isRight(grade));
  return [
    `**${right} of ${grades.length} known networks (${percent(right, grades.length)}) come out as what they are.**`,
    '',
    '| class | systems by number | systems by name | known networks | right |',
    '|---|---|---|---|---|',
    ...rows.map(
      ([networkClass, { byNumber, byName, known, right: ownRight }]) =>
        `| \`${networkClass}\` | ${byNumber} | ${byName} | ${known} | ${known === 0 ? '' : percent(ownRight, known)} |`,
    ),
    '',
    'Wrong are:',
    '',
    ...wrong.map(
      ({ operator, network, networkClass, found, system }) =>
        `- ${operator}, ${network}: ${networkClass}, found to be ${found} (${system})`,
    ),
  ].join('\n');
}

function countsByClass(grades: readonly Grade[]): Map<NetworkClass, Counts> {
  const listed = new Set<number>();
  const byNumber = (networkClass: NetworkClass): number => {
    const numbers = (OPERATORS[networkClass] ?? []).flatMap(([, , ...own]) => own);
    for (const number of numbers) listed.add(number);
    return numbers.length;
  };
  const numbered = new Map(NETWORK_CLASSES.map((networkClass) => [networkClass, byNumber(networkClass)]));
  const named = new Map<NetworkClass, number>();
  for (const [number, name] of bundledSystems()) {
    if (listed.has(number)) continue;
    const networkClass = classOfName(name);
    named.set(networkClass, (named.get(networkClass) ?? 0) + 1);
  }
  return new Map(
    NETWORK_CLASSES.map((networkClass) => {
      const own = grades.filter((grade) => grade.networkClass === networkClass);
      return [
        networkClass,
        {
          byNumber: numbered.get(networkClass) ?? 0,
          byName: named.get(networkClass) ?? 0,
          known: own.length,
          right: own.filter(isRight).length,
        },
      ];
    }),
  );
}

function isRight({ networkClass, found }: Grade): boolean {
  return networkClass === found;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function writeFigures(figures: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${PAGE.pathname} lacks the marks ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`);
}

process.exitCode = main();
