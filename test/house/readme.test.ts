import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { settings } from '../../config.js';
import { blocks, tableBelow as rowsBelow } from './document.js';
import { root, sourceFiles } from './source-files.js';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const tableBelow = (heading: string): string[][] => rowsBelow('README.md', heading);

describe('the README', () => {
  it('lists every setting as the program knows it, in the same order', () => {
    const rows = settings.map(({ name, fallback, meaning, allowed }) => [
      `\`${name}\``,
      meaning,
      fallback,
      allowed,
    ]);
    expect(tableBelow('Settings')).toEqual(rows);
  });

  it('lists every npm command, and none that is not there', () => {
    const listed = tableBelow('Commands').map(
      ([command = '']) => /^`npm (?:run )?([\w:-]+)/.exec(command)?.[1],
    );
    // Those that npm itself runs are nobody's command.
    const commands = Object.keys(scripts).filter(
      (name) => !/^((pre|post)(pack|install|publish)|prepare)$/.test(name),
    );
    expect(listed.sort()).toEqual(commands.sort());
  });

  it('has an npm command for each file in a commands folder', () => {
    const files = sourceFiles('.ts').filter(({ path }) => /^[a-z]+\/commands\/[\w-]+\.ts$/.test(path));
    expect(files.length).toBeGreaterThan(2);
    const withoutCommand = files.filter(({ path }) => {
      const name = path.replace(/^.*\/|\.ts$/g, '');
      return !scripts[name]?.includes(path) && !scripts[name]?.endsWith(`main.ts ${name}`);
    });
    expect(withoutCommand.map(({ path }) => path)).toEqual([]);
  });

  it('lists no npm command whose file is missing', () => {
    const files = Object.values(scripts).flatMap((script) =>
      [...script.matchAll(/(?<= )[\w/.-]+\.ts\b/g)].map(([file]) => file),
    );
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('maps every folder', () => {
    const map = tableBelow('The way of the data, and the folders').map(([folder = '']) => folder);
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .filter((name) => !['node_modules', 'dist', 'data', 'coverage'].includes(name));
    expect(folders.filter((name) => !map.includes(`\`${name}/\``))).toEqual([]);
  });

  it('asks in GraphQL only what the schema has', () => {
    const schema = buildSchema(readFileSync(join(root, 'schema/schema.graphql'), 'utf8'));
    const queries = blocks('README.md', 'graphql').map(({ text }) => text);
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.flatMap((query) => validate(schema, parse(query)))).toEqual([]);
  });

  it('and the other documents link to files that exist', () => {
    const broken = sourceFiles('.md').flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
        .map(([, target = '']) => join(dirname(path), target))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
