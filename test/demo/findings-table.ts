import Table from 'cli-table3';
import type { Comparison } from './comparison.js';
import type { Finding } from './finding.js';

const HEAD = ['severity', 'state', 'user', 'what happened', 'link', 'why', 'correlation'];
const WHAT = HEAD.indexOf('what happened');
const WHY = HEAD.indexOf('why');
/** Widths of the columns that hold words, and those of sentences, which share what is left. */
const WIDTHS = [10, 13, 17, 0, 10, 0, 18];
const NARROWEST_SENTENCE = 24;
/** Without colours, so that it can be copied into a ticket. */
const STYLE = { head: [], border: [] };

/** Findings as a table for a terminal of so many columns; `undefined` = no terminal: a plain line each. */
export function findingsTable(findings: readonly Finding[], columns: number | undefined): string {
  const rows = findings.map(cells);
  if (columns === undefined) return rows.map((row) => row.map(inOneLine).join(' | ')).join('\n');
  const left = columns - WIDTHS.reduce((sum, width) => sum + width, 0) - WIDTHS.length - 1;
  if (left < 2 * NARROWEST_SENTENCE) return rows.map((row) => uprightTable(row, columns)).join('\n');
  const colWidths = [...WIDTHS];
  colWidths[WHAT] = Math.floor(left * 0.55);
  colWidths[WHY] = Math.floor(left * 0.45);
  const table = new Table({ head: HEAD, colWidths, wordWrap: true, style: STYLE });
  table.push(...rows);
  return table.toString();
}

/** What was planted and what was found of it. */
export function comparisonTable({ planted }: Comparison, columns: number | undefined): string {
  const rows = planted.map(({ attack, finding }) => [
    finding === undefined ? 'MISSED' : 'found',
    attack.what,
    attack.user,
    attack.kind,
    finding === undefined ? '' : `${finding.severity}, ${finding.points} points`,
  ]);
  if (columns === undefined) return rows.map((row) => row.join(' | ')).join('\n');
  const head = ['', 'planted', 'user', 'session', 'as'];
  const words = [8, 0, 17, 9, 18];
  const left = columns - words.reduce((sum, width) => sum + width, 0) - words.length - 1;
  const colWidths = words.map((width) => width || Math.min(Math.max(left, NARROWEST_SENTENCE), 68));
  const table = new Table({ head, colWidths, wordWrap: true, style: STYLE });
  table.push(...rows);
  return table.toString();
}

/** One finding, a field a line, for terminals that are too narrow for a row. */
function uprightTable(row: readonly string[], columns: number): string {
  const name = Math.max(...HEAD.map((head) => head.length)) + 2;
  const colWidths = [name, Math.max(columns - name - 3, NARROWEST_SENTENCE)];
  const table = new Table({ colWidths, wordWrap: true, style: STYLE });
  table.push(...row.map((cell, i) => [HEAD[i] ?? '', cell]));
  return table.toString();
}

/** In the order of `HEAD`. */
function cells({ severity, state, user, summary, link, pointReasons, correlation }: Finding): string[] {
  const why = pointReasons.map(
    ({ name, points, text }) => `${points > 0 ? '+' : ''}${points} ${name}: ${text}`,
  );
  return [severity, state, user?.name ?? '', summary, link, why.join('\n'), correlation.id];
}

function inOneLine(cell: string): string {
  return cell.replaceAll('\n', '; ');
}
