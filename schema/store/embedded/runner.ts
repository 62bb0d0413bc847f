import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Answer, hasStatistics, statisticsOf } from './answer.js';
import type { EngineConnection } from './connection.js';
import { sqlString } from './quoting.js';
import type { Statement } from './statement.js';

/**
 * Statements whose rows leave by file. Others (KILL, BACKUP, OPTIMIZE) answer a short notice at most.
 */
function answersRows(statement: Statement): boolean {
  return statement.kind === 'read';
}

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
  if (!answersRows(statement)) {
    const result = await connection.run(statement.text, format);
    const bytes = Buffer.from(result.bytes());
    return {
      output: bytes.length > 0 ? { kind: 'bytes', bytes } : { kind: 'none' },
      format,
      read: undefined,
      resultRows: result.rowsRead,
      elapsedSeconds: result.elapsed,
    };
  }
  const clause = `INTO OUTFILE ${sqlString(path)}`;
  const at = statement.shape.format?.start ?? statement.text.length;
  try {
    const result = await connection.run(insertAt(statement.text, at, clause), format);
    if (!existsSync(path)) {
      // The engine makes no file for statements without columns.
      const bytes = Buffer.from(result.bytes());
      return {
        output: { kind: 'bytes', bytes },
        format,
        read: undefined,
        resultRows: 0,
        elapsedSeconds: result.elapsed,
      };
    }
    return {
      output: { kind: 'file', path },
      format,
      read: hasStatistics(format) ? await statisticsOf(path) : undefined,
      resultRows: result.rowsRead,
      elapsedSeconds: result.elapsed,
    };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
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
    output: { kind: 'none' },
    format: rows.format,
    read: undefined,
    resultRows: 0,
    elapsedSeconds: result.elapsed,
  };
}
