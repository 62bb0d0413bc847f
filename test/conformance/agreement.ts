import { parseAddress } from '../../processor/enrich/address.js';
import { SOURCES } from '../../schema/words.js';
import { familyOf } from './lines.js';
import type { ReadLine } from './reading.js';

export const FIELDS = ['user', 'address', 'outcome', 'userAgent'] as const;
export type Field = (typeof FIELDS)[number];

export interface Agreement {
  readonly agreed: number;
  /** Lines that expect the field. */
  readonly expected: number;
}

/** Lines of one source, or of all, counted. */
export interface Tally {
  readonly source: string;
  readonly lines: number;
  readonly recognised: number;
  readonly deadLetters: number;
  readonly fields: Readonly<Record<Field, Agreement>>;
}

export interface Disagreement {
  readonly n: number;
  readonly vendor: string;
  readonly field: Field | 'recognised';
  readonly expected: string;
  readonly ours: string;
}

export interface Comparison {
  readonly bySource: readonly Tally[];
  readonly total: Tally;
  readonly disagreements: readonly Disagreement[];
  /** Lines of logs that no normaliser reads, by log. They count for nothing. */
  readonly unsupported: ReadonlyMap<string, number>;
}

/** Compares what was read with what is expected. A line counts for its log's source, or for the one that read it. */
export function compare(lines: readonly ReadLine[]): Comparison {
  const bySource = new Map<string, ReadLine[]>();
  const unsupported = new Map<string, number>();
  for (const read of lines) {
    const source = familyOf(read.line.vendor) ?? (read.reading.source || undefined);
    if (source === undefined) {
      unsupported.set(read.line.vendor, (unsupported.get(read.line.vendor) ?? 0) + 1);
    } else bySource.set(source, [...(bySource.get(source) ?? []), read]);
  }
  const counted = SOURCES.flatMap((source) => bySource.get(source) ?? []);
  return {
    bySource: SOURCES.filter((source) => bySource.has(source)).map((source) =>
      tallyOf(source, bySource.get(source) ?? []),
    ),
    total: tallyOf('all', counted),
    disagreements: counted.flatMap(disagreementsOf).sort((a, b) => a.n - b.n),
    unsupported,
  };
}

function tallyOf(source: string, lines: readonly ReadLine[]): Tally {
  const agreementOn = (field: Field): Agreement => {
    const expecting = lines.filter((read) => expectedOf(read, field).length > 0);
    return { expected: expecting.length, agreed: expecting.filter((read) => agrees(read, field)).length };
  };
  return {
    source,
    lines: lines.length,
    recognised: lines.filter(({ reading }) => reading.recognised).length,
    deadLetters: lines.reduce((sum, { deadLetters }) => sum + deadLetters.length, 0),
    fields: {
      user: agreementOn('user'),
      address: agreementOn('address'),
      outcome: agreementOn('outcome'),
      userAgent: agreementOn('userAgent'),
    },
  };
}

function disagreementsOf(read: ReadLine): readonly Disagreement[] {
  const { n, vendor } = read.line;
  if (!read.reading.recognised) {
    const ours = read.deadLetters.join(' | ');
    return [{ n, vendor, field: 'recognised', expected: 'an event', ours }];
  }
  return FIELDS.filter((field) => expectedOf(read, field).length > 0 && !agrees(read, field)).map(
    (field) => ({
      n,
      vendor,
      field,
      expected: expectedOf(read, field).join(' | '),
      ours: oursOf(read, field).join(' | '),
    }),
  );
}

const NAMES: Readonly<Record<Field, readonly string[]>> = {
  user: ['user_id', 'user_name', 'user_email'],
  address: ['source_ip'],
  outcome: ['outcome'],
  userAgent: ['user_agent'],
};

/** Any of which will do; none if the other product says nothing, or that it does not know. */
function expectedOf({ line }: ReadLine, field: Field): readonly string[] {
  const values = NAMES[field].flatMap((name) => line.expected[name] ?? []);
  const texts = values.filter((value) => typeof value === 'string' && value !== '') as string[];
  return field === 'outcome' ? texts.filter((text) => text !== 'unknown') : texts;
}

function oursOf({ reading }: ReadLine, field: Field): readonly string[] {
  const { id, name, email } = reading.user;
  return field === 'user' ? [id, name, email].filter((text) => text !== '') : [reading[field]];
}

function agrees(read: ReadLine, field: Field): boolean {
  const form = field === 'address' ? addressForm : (text: string) => text.toLowerCase();
  const ours = new Set(oursOf(read, field).map(form));
  return expectedOf(read, field).some((text) => ours.has(form(text)));
}

/** An address in the one form that it is stored in, or the text as it is. */
function addressForm(text: string): string {
  return parseAddress(text)?.text ?? text;
}

/** What falls short of `min`, of all lines: shares of lines recognised and of fields agreed on. */
export function shortfalls({ total }: Comparison, min: number): readonly string[] {
  const shares: [name: string, share: number][] = [['recognised', shareOf(total.recognised, total.lines)]];
  for (const field of FIELDS) {
    shares.push([field, shareOf(total.fields[field].agreed, total.fields[field].expected)]);
  }
  return shares
    .filter(([, share]) => share < min)
    .map(([name, share]) => `${name} ${share.toFixed(3)} < ${min}`);
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
