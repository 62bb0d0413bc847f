import { readFile, rm, stat } from 'node:fs/promises';
import type { ChdbResult } from 'chdb';
import { type Answer, hasStatistics, NO_OUTPUT, type Output, statisticsOf } from './answer.js';
import type { EngineConnection } from './connection.js';
import { sqlString } from './quoting.js';
import type { Statement } from './statement.js';

/** Answers up to this size are taken into memory at once: fewer steps than a stream, and most are small. */
const MAX_MEMORY_BYTES = 1024 ** 2;

function insertAt(text: string, at: number, piece: string): string {
  return `${text.slice(0, at)}\n${piece}\n${text.slice(at)}`;
}

/**
 * Runs a statement that the guard has let through, on a connection that has been prepared for it.
 * @param path a file to come, for its rows
 */
export async function runStatement(
  connection: EngineConnection,
  statement: Statement,
  defaultFormat: string,
  path: string,
): Promise<Answer> {
  const format = statement.shape.format?.name ?? defaultFormat;
  if (statement.kind !== 'read') {
    // A short notice at most: KILL, BACKUP.
    const result = await connection.run(statement.text, format);
    const output: Output = { kind: 'bytes', bytes: Buffer.from(result.bytes()) };
    return { output, format, read: undefined, resultRows: result.rowsRead, elapsedSeconds: result.elapsed };
  }
  const at = statement.shape.format?.start ?? statement.text.length;
  const text = insertAt(statement.text, at, `INTO OUTFILE ${sqlString(path)}`);
  try {
    const result = await connection.run(text, format);
    const output = await outputOf(path, result);
    const read = hasStatistics(format) ? await statisticsOf(output) : undefined;
    return { output, format, read, resultRows: result.rowsRead, elapsedSeconds: result.elapsed };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function outputOf(path: string, result: ChdbResult): Promise<Output> {
  let size: number;
  try {
    size = (await stat(path)).size;
  } catch {
    // The engine makes no file where a statement has no columns.
    return { kind: 'bytes', bytes: Buffer.from(result.bytes()) };
  }
  if (size > MAX_MEMORY_BYTES) return { kind: 'file', path, size };
  const bytes = await readFile(path);
  await rm(path);
  return { kind: 'bytes', bytes };
}

/** Runs an INSERT whose rows are in a file of the spool. */
export async function runInsert(
  connection: EngineConnection,
  statement: Statement,
  path: string,
): Promise<Answer> {
  const rows = statement.shape.rows;
  if (!rows) throw new TypeError('runInsert needs an INSERT that takes rows.');
  const text = `${statement.text.slice(0, rows.start)} FROM INFILE ${sqlString(path)} FORMAT ${rows.format}`;
  const result = await connection.run(text, 'Null');
  return {
    output: NO_OUTPUT,
    format: rows.format,
    read: undefined,
    resultRows: 0,
    elapsedSeconds: result.elapsed,
  };
}
