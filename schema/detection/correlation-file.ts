import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadSqlFile, schemaFolder } from '../store/sql-file.js';
import { SEVERITIES, type Severity } from '../words.js';

/** A tuning parameter of a correlation, declared in its header and bound in its text as `{name:Type}`. */
export interface CorrelationParameter {
  readonly name: string;
  /** ClickHouse type, as in the text. */
  readonly type: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly meaning: string;
}

export interface AttackId {
  /** Such as AN0201 (analytic) or T1550.004 (technique). */
  readonly id: string;
  readonly name: string;
}

/** Run tables that are empty in most runs. */
const NEEDED_TABLES = ['judged_absence', 'strand_points', 'ended_sessions'] as const;
export type RunTable = (typeof NEEDED_TABLES)[number];

/** One detection: the header of a file in `correlations/` and its SELECT. */
export interface CorrelationFile {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly attack: readonly AttackId[];
  /** What it usually raises; a finding's own severity is decided by its points. */
  readonly severity: Severity;
  readonly every: string;
  /** Position among the correlations of sessions: of two with as many points, the lower names the finding. */
  readonly strength: number;
  /** Run tables of which one must have rows for this to find anything: it is not asked where all are empty. */
  readonly needs: readonly RunTable[];
  /** Correlations that name the finding of a session instead of this one, where they found it too. */
  readonly yieldsTo: readonly string[];
  /** `others`: it raises nothing alone, and adds its points to what others raise on the same session. */
  readonly with: 'nothing' | 'others';
  /** What its findings are about: a session (it returns `session_key`) or a cell (it returns `cell`). */
  readonly story: 'session' | 'cell';
  readonly lookback: string;
  readonly parameters: readonly CorrelationParameter[];
  readonly falsePositives: readonly string[];
  readonly knownGaps: readonly string[];
  readonly response: readonly string[];
  readonly sql: string;
}

/** A file in `correlations/` that cannot be used: which one, and what is wrong with it. */
export class CorrelationFileError extends Error {
  override readonly name = 'CorrelationFileError';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`);
    this.file = file;
  }
}

const sentence = z.string().trim().min(1);

const headerSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'lower-case words joined by hyphens'),
  title: sentence,
  meaning: sentence,
  attack: z
    .array(z.strictObject({ id: z.string().regex(/^(AN\d{4}|T\d{4}(\.\d{3})?)$/), name: sentence }))
    .min(1),
  severity: z.enum(SEVERITIES),
  every: sentence,
  story: z.enum(['session', 'cell']).default('session'),
  strength: z.int().min(1).max(99).default(99),
  needs: z.array(z.enum(NEEDED_TABLES)).default([]),
  yieldsTo: z.array(sentence).default([]),
  with: z.enum(['nothing', 'others']).default('nothing'),
  lookback: sentence,
  parameters: z
    .array(
      z
        .strictObject({
          name: z.string().regex(/^[A-Za-z]\w*$/),
          type: z.string().regex(/^(U?Int(8|16|32)|Float64)$/),
          default: z.number(),
          minimum: z.number(),
          maximum: z.number(),
          meaning: sentence,
        })
        .refine((p) => p.minimum <= p.default && p.default <= p.maximum, 'default lies outside its bounds'),
    )
    .default([]),
  falsePositives: z.array(sentence).min(1),
  knownGaps: z.array(sentence).min(1),
  response: z.array(sentence).min(1),
});

/** What a correlation is given besides its parameters: the run's tables, or the wall clock. It must use that. */
const GIVEN = { session: ['run', 'UInt64'], cell: ['now', "DateTime64(3, 'UTC')"] } as const;

/** `{name:Type}` placeholders of a statement, by name; what looks like one inside a string is none. */
function placeholders(sql: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, type] of sql.matchAll(/'(?:[^'\\]|\\.|'')*'|\{(\w+):([^{}]+)\}/g)) {
    if (name !== undefined && type !== undefined) found.set(name, type.trim());
  }
  return found;
}

function checkParameters(
  file: string,
  story: CorrelationFile['story'],
  parameters: readonly CorrelationParameter[],
  sql: string,
): void {
  const declared = new Map<string, string>([
    GIVEN[story],
    ...parameters.map((p) => [p.name, p.type] as const),
  ]);
  const used = placeholders(sql);
  for (const [name, type] of used) {
    const expected = declared.get(name);
    if (expected === undefined)
      throw new CorrelationFileError(file, `{${name}:${type}} is not declared in the header`);
    if (expected !== type) {
      throw new CorrelationFileError(file, `{${name}:${type}} is declared as ${expected} in the header`);
    }
  }
  for (const name of declared.keys()) {
    if (!used.has(name)) throw new CorrelationFileError(file, `parameter ${name} is declared and not used`);
  }
}

/**
 * Reads and checks every correlation of a folder (default: `schema/correlations`), in the order of their ids.
 * @throws CorrelationFileError naming the file and what is wrong: header, parameters, or a file name that is not the id.
 */
export async function loadCorrelations(folder = 'correlations'): Promise<readonly CorrelationFile[]> {
  const names = (await readdir(join(schemaFolder, folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { header, text } = await loadSqlFile(file);
      const parsed = headerSchema.safeParse(header);
      if (!parsed.success) throw new CorrelationFileError(file, `header: ${z.prettifyError(parsed.error)}`);
      if (`${parsed.data.id}.sql` !== name) {
        throw new CorrelationFileError(file, `the id ${parsed.data.id} is not the name of the file`);
      }
      const sql = text.trim().replace(/;$/, '');
      checkParameters(file, parsed.data.story, parsed.data.parameters, sql);
      return { ...parsed.data, sql };
    }),
  );
}
