import { type Comparison, differences } from './comparison.js';
import { byWeight, type Finding } from './finding.js';
import { comparisonTable, findingsTable } from './findings-table.js';
import type { Labels } from './sample.js';

export interface Outcome {
  readonly labels: Labels;
  /** Log records that were played. */
  readonly records: number;
  readonly findings: readonly Finding[];
  readonly comparison: Comparison;
  /** Columns of the terminal; undefined without one. */
  readonly columns: number | undefined;
}

/** The findings, what was planted beside them, and the verdict on both, ready to print. */
export function report({ labels, records, findings, comparison, columns }: Outcome): string {
  const shown = findings.filter(({ state }) => state !== 'WITHDRAWN').toSorted(byWeight);
  const withdrawn = findings.length - shown.length;
  const differ = differences(comparison);
  return [
    '',
    `Findings (${shown.length}):`,
    shown.length === 0 ? '  none' : findingsTable(shown, columns),
    ...(withdrawn === 0
      ? []
      : [
          `${withdrawn} more were raised while logs were still coming in, and withdrawn when their evidence came.`,
        ]),
    '',
    `Planted among ${records} records of ${days(labels)} days:`,
    comparisonTable(comparison, columns),
    `Beside them ${labels.benign.length} kinds of behaviour that only look like attacks, such as:`,
    ...labels.benign.slice(0, 4).map(({ what }) => `  - ${what}`),
    '',
    ...(differ.length === 0
      ? ['Everything planted was found, and nothing at MEDIUM or above stands on anyone else.']
      : ['This is not what was planted:', ...differ.map((line) => `  - ${line}`)]),
  ].join('\n');
}

/** Where a reader may look around once the demo has shown its findings. */
export function whereToLook(at: { otlpHttpUrl: string; apiUrl: string; dataDir: string }): string {
  const query = '{ findings { nodes { summary session { creation { at link } provenance { text } } } } }';
  return [
    '',
    `GraphQL (a browser gets GraphiQL)  ${at.apiUrl}/graphql`,
    `OTLP logs                          ${at.otlpHttpUrl}/v1/logs`,
    `Health and metrics                 ${at.apiUrl}/readyz  ${at.apiUrl}/metrics`,
    '',
    'Ask why:',
    `  curl -sS ${at.apiUrl}/graphql -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}'`,
    'Ask the store:',
    `  VOUCHTRAIL_DATA_DIR='${at.dataDir}' npm run sql -- 'SELECT source, count() FROM report_events GROUP BY source'`,
    '',
    'Ctrl-C ends it and removes its data.',
  ].join('\n');
}

function days({ start, end }: Labels): number {
  return Math.floor((Date.parse(end) - Date.parse(start)) / 86_400_000);
}
