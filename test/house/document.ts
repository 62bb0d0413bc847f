import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source-files.js';

export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, of one language or of all. */
export function blocks(path: string, language?: string): Block[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)]
    .map(([, name = '', body = '']) => ({ language: name, text: body }))
    .filter((block) => language === undefined || block.language === language);
}

/** The commands in the shell blocks of a document, a line each, without what is explained behind them. */
export function commands(path: string): string[] {
  return blocks(path, 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/ {2,}#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** The rows of the table below a heading of a document, each as its cells. */
export function tableBelow(path: string, heading: string): string[][] {
  const text = readFileSync(join(root, path), 'utf8');
  const section = text.split(/^##+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => /^\|.*[^|:\s-].*\|$/.test(line));
  return rows.slice(1).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}
