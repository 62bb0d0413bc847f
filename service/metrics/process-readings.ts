import type { IntervalHistogram } from 'node:perf_hooks';
import type { Reading } from './reading.js';

export const loopDelayResolutionMs = 20;

export function processCounters(): Reading[] {
  return [
    [
      'process_cpu_seconds',
      'CPU seconds that this process used, the embedded store not included',
      (observe) => {
        const { user, system } = process.cpuUsage();
        observe((user + system) / 1e6);
      },
    ],
  ];
}

export function processGauges(version: string, loopDelay: IntervalHistogram): Reading[] {
  const startedAt = Date.now() / 1000 - process.uptime();
  return [
    ['vouchtrail_build_info', 'Always 1; the label says what runs', (observe) => observe(1, { version })],
    ['process_start_time_seconds', 'Start, in seconds since 1970', (observe) => observe(startedAt)],
    [
      'process_resident_memory_bytes',
      'Resident memory of this process, the embedded store not included',
      (observe) => observe(process.memoryUsage.rss()),
    ],
    [
      'nodejs_eventloop_lag_p99_seconds',
      '99th percentile of the event loop delay since the last scrape',
      (observe) => {
        // Node measures from tick to tick of its timer, so that an idle loop shows the resolution itself.
        const seconds = loopDelay.percentile(99) / 1e9 - loopDelayResolutionMs / 1000;
        loopDelay.reset();
        observe(Math.max(0, seconds) || 0);
      },
    ],
  ];
}
