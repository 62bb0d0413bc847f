import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSqlFile, parseSqlFile, SqlFileError, schemaFolder } from '../../../schema/store/sql-file.js';

describe('a .sql file', () => {
  it('is cut into header and statement', () => {
    const content = '/*---\nid: a-rule\nparameters:\n  window: 5\n---*/\nSELECT 1 -- one\n';
    expect(parseSqlFile('x.sql', content)).toEqual({
      path: 'x.sql',
      header: { id: 'a-rule', parameters: { window: 5 } },
      text: 'SELECT 1 -- one',
    });
  });

  it('may have no header, and comments that are none', () => {
    expect(parseSqlFile('x.sql', '/* just words */ SELECT 1').header).toBeUndefined();
    expect(parseSqlFile('x.sql', 'SELECT 1 /*--- a: 1 ---*/')).toMatchObject({
      header: undefined,
      text: 'SELECT 1 /*--- a: 1 ---*/',
    });
  });

  it('may come with the line ends of Windows', () => {
    expect(parseSqlFile('x.sql', '/*---\r\nid: a\r\n---*/\r\nSELECT 1\r\n')).toMatchObject({
      header: { id: 'a' },
      text: 'SELECT 1',
    });
  });

  it('is named when its header is no YAML or it is not there', async () => {
    expect(() => parseSqlFile('rules/x.sql', '/*---\na: [\n---*/ SELECT 1')).toThrow(
      /header of rules\/x\.sql/,
    );
    await expect(loadSqlFile('queries/no-such.sql')).rejects.toThrow(SqlFileError);
    await expect(loadSqlFile('queries/no-such.sql')).rejects.toThrow('queries/no-such.sql');
  });

  it('is looked for in the schema folder', () => {
    expect(existsSync(join(schemaFolder, 'migrations'))).toBe(true);
  });
});
