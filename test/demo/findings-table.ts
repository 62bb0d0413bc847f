import Table from 'cli-table3';
import type { Comparison } from './comparison.js';
import type { Finding } from './finding.js';

const WIDTHS = [10, 13, 17, 42, 8, 36, 18];

/** Findings as a table of 150 columns on a terminal, else as plain lines. */
export function findingsTable(findings: readonly Finding[], terminal: boolean): string {
  if (!terminal) return findings.map(plainLine).join('\n');
  const table = new Table({
    head: ['severity', 'state', 'user', 'what happened', 'link', 'why', 'correlation'],
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: ['bold'] },
  });
  for (const finding of findings) {
    table.push([
      finding.severity,
      finding.state,
      finding.user?.name ?? '',
      finding.summary,
      finding.link,
      reasons(finding).join('\n'),
      finding.correlation.id,
    ]);
  }
  return table.toString();
}

/** What was planted and what was found of it. */
export function comparisonTable({ planted }: Comparison, terminal: boolean): string {
  const rows = planted.map(({ attack, finding }) => [
    finding === undefined ? 'MISSED' : 'found',
    attack.what,
    attack.user,
    attack.kind,
    finding === undefined ? '' : `${finding.severity}, ${finding.points} points`,
  ]);
  if (!terminal) return rows.map((row) => row.filter((cell) => cell !== '').join(' | ')).join('\n');
  const table = new Table({ head: ['', 'planted', 'user', 'session', 'as'], style: { head: ['bold'] } });
  table.push(...rows);
  return table.toString();
}

function plainLine(finding: Finding): string {
  const { severity, state, user, summary, link, correlation } = finding;
  return [severity, state, user?.name ?? '', summary, link, reasons(finding).join('; '), correlation.id].join(' | ');
}

function reasons({ pointReasons }: Finding): string[] {
  return pointReasons.map(({ name, points, text }) => `${points > 0 ? '+' : ''}${points} ${name}: ${text}`);
}
