import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCorrelations } from '../../../schema/detection/correlation-file.js';
import { schemaFolder } from '../../../schema/store/sql-file.js';

const HEADER = `id: a-test
title: A title
meaning: What it means.
attack: [{ id: AN0201, name: An analytic }]
severity: low
every: 5 s
lookback: a day
parameters:
  - { name: Points, type: Int16, default: 4, minimum: 0, maximum: 9, meaning: How much. }
falsePositives: [Something.]
knownGaps: [Something.]
response: [Do something.]`;
const SELECT = 'SELECT {Points:Int16} AS points FROM judged_sessions WHERE run_id = {run:UInt64}';

describe('a correlation file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vouchtrail-correlations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (header: string, sql: string, name = 'a-test.sql') => {
    await writeFile(join(folder, name), `/*---\n${header}\n---*/\n${sql};\n`);
    return loadCorrelations(relative(schemaFolder, folder));
  };

  it('is read with its header and its SELECT', async () => {
    const [file] = await load(HEADER, SELECT);
    expect(file).toMatchObject({ id: 'a-test', sql: SELECT, parameters: [{ name: 'Points', default: 4 }] });
  });

  it('is refused if its text uses a parameter that its header does not declare', async () => {
    await expect(load(HEADER, `${SELECT} AND asn > {Other:UInt32}`)).rejects.toThrow(
      /a-test\.sql: \{Other:UInt32\} is not declared/,
    );
  });

  it('is refused if a declared parameter is not used, or of another type', async () => {
    await expect(load(HEADER, SELECT.replace('{Points:Int16}', '4'))).rejects.toThrow(
      /Points is declared and not used/,
    );
    await expect(load(HEADER, SELECT.replace('Int16', 'Int32'))).rejects.toThrow(/is declared as Int16/);
  });

  it('is refused if a default lies outside its bounds, naming the parameter', async () => {
    await expect(load(HEADER.replace('default: 4', 'default: 12'), SELECT)).rejects.toThrow(
      /default lies outside its bounds[\s\S]*parameters\[0\]/,
    );
  });

  it('is refused if its id is not the name of the file', async () => {
    await expect(load(HEADER, SELECT, 'other.sql')).rejects.toThrow(
      /the id a-test is not the name of the file/,
    );
  });

  it('of the product: each is complete, and its ids are unique', async () => {
    const files = await loadCorrelations();
    expect(files.map((file) => file.id)).toContain('unvouched-access');
    expect(new Set(files.map((file) => file.id)).size).toBe(files.length);
  });
});
