import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../../schema/words.js';

/** The file that a folder of samples has. */
export const FILE = 'vendor-conformance.jsonl';

/** A vendor's record and what another product read from it. */
export interface Line {
  /** Its number in the file, from 1. */
  readonly n: number;
  /** The log that it is from, as the other product names it: `okta/system`. */
  readonly vendor: string;
  readonly raw: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The file cannot be read, or a line of it is not what it should be. */
export class ConformanceFileError extends Error {
  override readonly name = 'ConformanceFileError';
}

/** Which of our sources a log is. Azure's other logs are about its resources, and nobody here reads them. */
const FAMILIES: readonly (readonly [log: RegExp, source: Source])[] = [
  [/^okta\//, 'okta'],
  [/^aws\/cloudtrail/, 'cloudtrail'],
  [/^(?:azure\/(?:signinlogs|auditlogs|identity_protection)|entra\w*\/)/, 'entra'],
  [/^otel\//, 'otel'],
];

/** The source whose records a log holds; `undefined` if there is no normaliser for it. */
export function familyOf(vendor: string): Source | undefined {
  return FAMILIES.find(([log]) => log.test(vendor))?.[1];
}

/** @throws {ConformanceFileError} */
export function readLines(folder: string): readonly Line[] {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConformanceFileError(`${path} cannot be read: name the folder that holds ${FILE}`, {
      cause: error,
    });
  }
  const lines: Line[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() !== '') lines.push(readLine(line, i + 1, path));
  }
  return lines;
}

function readLine(text: string, n: number, path: string): Line {
  let line: Partial<Line>;
  try {
    line = JSON.parse(text) as Partial<Line>;
  } catch (error) {
    throw new ConformanceFileError(`${path}, line ${n} is not JSON`, { cause: error });
  }
  const { vendor, raw, expected } = line;
  if (typeof vendor !== 'string' || typeof raw !== 'string' || typeof expected !== 'object') {
    throw new ConformanceFileError(
      `${path}, line ${n} lacks one of vendor, raw (text) and expected (object)`,
    );
  }
  return { n, vendor, raw, expected };
}
