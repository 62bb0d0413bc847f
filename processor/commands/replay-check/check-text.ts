import Table from 'cli-table3';
import { percent } from '../../../schema/log-coverage/needs.js';
import { SESSION_KINDS } from '../../../schema/words.js';
import { faultLines } from '../replay/replay-summary.js';
import type { CheckedFiring, CheckedSource, CheckReport } from './check-report.js';
import { SESSION_LINKS } from './judged-sessions.js';
import type { ReasonCount } from './reasons.js';

/** Cells of a correlation, and reasons, that are told of; `--json` has all. */
const MOST_LINES = 10;

/** The report as a person reads it. */
export function checkText(report: CheckReport): string {
  const { sources, clock } = report;
  const parts = [
    report.files.flatMap(faultLines).join('\n'),
    filesTable(report),
    reasonsText('Not about identity, and not stored', report.unrecognised),
    reasonsText('Not understood, and kept as dead letters', report.deadLetters),
    sources.length === 0 ? '' : sourcesTable(sources),
    ...sources.map(sourceText),
    report.leftOut.length === 0
      ? ''
      : `Too much to keep in memory, and left out of what is said of sessions and users: ${report.leftOut.join(', ')}.`,
    clock === null
      ? 'There is no record about identity. Nothing was sent or stored.'
      : `All this is as of the newest record, ${clock}. Nothing was sent or stored.`,
  ];
  const text = parts.filter((part) => part !== '').join('\n\n');
  // Names come from logs, which anyone may have written: none of them gets to steer the terminal.
  return `${text.replace(/(?!\n)\p{Cc}/gu, '?')}\n`;
}

/** Columns of text without lines; the first `numbers` of them to the right. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[], numbers: number): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, i) => (i < numbers ? 'right' : 'left')),
    chars: Object.fromEntries(BORDERS.map((name) => [name, ''])),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const BORDERS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];

function filesTable({ files }: CheckReport): string {
  const total = { records: 0, events: 0, unrecognised: 0, deadLetters: 0, rejected: 0 };
  for (const file of files) {
    total.records += file.records;
    total.events += file.events;
    total.unrecognised += file.unrecognised;
    total.deadLetters += file.deadLetters;
    total.rejected += file.rejected;
  }
  const rows = [...files, { ...total, path: files.length === 1 ? '1 file' : `${files.length} files` }];
  return tableOf(
    ['records', 'events', 'not identity', 'dead letters', 'no records', 'file'],
    rows.map((row) => [
      ...[row.records, row.events, row.unrecognised, row.deadLetters, row.rejected].map(String),
      row.path,
    ]),
    5,
  );
}

function reasonsText(title: string, reasons: readonly ReasonCount[]): string {
  if (reasons.length === 0) return '';
  const lines = reasons.slice(0, MOST_LINES).map(({ source, reason, records, first }) => {
    return `${String(records).padStart(8)}  ${source === '' ? '' : `${source}: `}${reason}; the first: ${first}`;
  });
  const more =
    reasons.length > MOST_LINES ? [`${' '.repeat(10)}and ${reasons.length - MOST_LINES} more`] : [];
  return [`${title}:`, ...lines, ...more].join('\n');
}

function sourcesTable(sources: readonly CheckedSource[]): string {
  return tableOf(
    ['events', 'session id', 'device', 'address', 'user agent', 'MFA', 'days', 'best link', 'source'],
    sources.map(({ source, events, shares, days, bestLink }) => [
      String(events),
      ...[shares.sessionId, shares.device, shares.address, shares.userAgent, shares.mfa].map((share) =>
        percent(share * events, events),
      ),
      String(days),
      bestLink,
      source,
    ]),
    7,
  );
}

function sourceText(source: CheckedSource): string {
  const { sessions, users, usersWithPast, withoutSessionId, withoutTime, firings } = source;
  const kinds = SESSION_KINDS.filter((kind) => (sessions.kinds[kind] ?? 0) > 0)
    .reverse()
    .map((kind) => `${kind} ${sessions.kinds[kind]}`);
  const lines = [
    `${source.source}, ${source.first} to ${source.last}`,
    `  users      ${users}, of whom ${usersWithPast} have three earlier days to be compared with`,
    `  sessions   ${kinds.length === 0 ? 'none with an id' : kinds.join(', ')}; records of a user without session id: ${withoutSessionId}`,
    `  links      ${linksText(source)}; the best that can be reached: ${source.bestLink}`,
  ];
  if (withoutTime > 0) lines.push(`  time       ${withoutTime} records have none that is possible`);
  lines.push(...wholeLines(firings), ...cellLines(firings));
  return lines.join('\n');
}

/** `derived 12, none 1`: how its used sessions are tied to their evidence. */
function linksText({ sessions }: CheckedSource): string {
  const links = SESSION_LINKS.filter((link) => sessions.links[link] !== undefined);
  if (links.length === 0) return 'no session with an id was used';
  return `of the used sessions ${links.map((link) => `${link} ${sessions.links[link]}`).join(', ')}`;
}

/** Of the correlations that are judged for a source as a whole; those with the same reason in one line. */
function wholeLines(firings: readonly CheckedFiring[]): string[] {
  const groups = new Map<string, string[]>();
  const whole = firings.filter(({ cell }) => cell === null);
  for (const { correlation, canFire, reason } of whole.sort(
    (a, b) => Number(b.canFire) - Number(a.canFire),
  )) {
    const key = `${canFire ? 'could fire' : 'could not '} $: ${reason}`;
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [correlation]);
    else others.push(correlation);
  }
  return [...groups].map(([key, names]) => `  ${key.replace('$', () => names.join(', '))}`);
}

/** Of those that are judged by kind of session and application. */
function cellLines(firings: readonly CheckedFiring[]): string[] {
  const lines: string[] = [];
  const names = new Set(firings.filter(({ cell }) => cell !== null).map(({ correlation }) => correlation));
  for (const name of names) {
    const own = firings.filter(({ correlation }) => correlation === name);
    const can = own.filter(({ canFire }) => canFire).length;
    lines.push(`  ${name}, which could fire in ${can} of ${own.length} kinds of session and application:`);
    for (const { cell, canFire, reason } of own.slice(0, MOST_LINES)) {
      lines.push(
        `    ${canFire ? 'could fire' : 'could not '} ${cell === null ? '' : cellName(cell)}: ${reason}`,
      );
    }
    if (own.length > MOST_LINES) lines.push(`    and ${own.length - MOST_LINES} more (--json has them)`);
  }
  return lines;
}

function cellName(cell: NonNullable<CheckedFiring['cell']>): string {
  const { sessionKind, organization, application, applicationName } = cell;
  const at = applicationName || application;
  const of = organization === '' ? '' : ` of ${organization}`;
  return `${sessionKind} sessions${of}${at === '' ? '' : ` at ${at}`}`;
}
