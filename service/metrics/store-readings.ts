import { FINDING_STATES, SEVERITIES } from '../../schema/words.js';
import type { StoreFigures } from '../store-figures.js';
import type { Observe, Reading } from './reading.js';

export interface StoreSources {
  storeAnswers(): Promise<boolean>;
  /** Undefined where the store is not ours. */
  storeRestarts(): number | undefined;
  disk(): { freeBytes: number | undefined; minimumFreeBytes: number | undefined } | undefined;
  /** Milliseconds by which judging is behind; undefined where it does not run. */
  cursorLagMs(): number | undefined;
  /** Undefined where this process does not ask, or could not lately. */
  figures(): Promise<StoreFigures | undefined>;
}

const standing = FINDING_STATES.filter((state) => state !== 'withdrawn' && state !== 'resolved');

function known(value: number | undefined, observe: Observe): void {
  if (value !== undefined) observe(value);
}

export function storeCounters({ storeRestarts }: StoreSources): Reading[] {
  return [
    [
      'vouchtrail_store_restarts',
      'Times that the embedded store was started again after it ended unasked',
      (observe) => known(storeRestarts(), observe),
    ],
  ];
}

export function storeGauges(sources: StoreSources): Reading[] {
  return [
    [
      'vouchtrail_store_ready',
      '1 while the store answers',
      async (observe) => observe((await sources.storeAnswers()) ? 1 : 0),
    ],
    [
      'vouchtrail_disk_free_bytes',
      'Free on the disk of the data folder',
      (observe) => known(sources.disk()?.freeBytes, observe),
    ],
    [
      'vouchtrail_disk_minimum_bytes',
      'What must stay free there',
      (observe) => known(sources.disk()?.minimumFreeBytes, observe),
    ],
    [
      'vouchtrail_cursor_lag_seconds',
      'Age of the oldest stored event that has not been judged yet',
      (observe) => {
        const lag = sources.cursorLagMs();
        known(lag === undefined ? undefined : lag / 1000, observe);
      },
    ],
    [
      'vouchtrail_watermark_lag_seconds',
      'How far the watermark of a stream lies behind now',
      async (observe) => {
        const figures = await sources.figures();
        for (const { lag_seconds, ...labels } of figures?.streams ?? []) {
          known(lag_seconds ?? undefined, (lag) => observe(lag, labels));
        }
      },
    ],
    [
      'vouchtrail_findings_standing',
      'Findings that are neither resolved nor withdrawn',
      async (observe) => {
        const figures = await sources.figures();
        if (figures === undefined) return;
        for (const severity of SEVERITIES) {
          for (const state of standing) {
            const found = figures.findings.find((one) => one.severity === severity && one.state === state);
            observe(found?.findings ?? 0, { severity, state });
          }
        }
      },
    ],
  ];
}
