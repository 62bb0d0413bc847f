import { builder } from '../builder.js';
import type { CoverageFigures } from '../reading/coverage-queries.js';

/** The share of a count, or null where nothing was counted. The counts are estimates of their own: at most 1. */
function share(part: number, { event_count }: CoverageFigures): number | null {
  return event_count === 0 ? null : Math.min(1, part / event_count);
}

export const FieldShares = builder.objectRef<CoverageFigures>('FieldShares').implement({
  description: 'The shares of records that have a field, 0 to 1; null where there were no records.',
  fields: (t) => ({
    sessionId: t.float({ nullable: true, resolve: (row) => share(row.session_count, row) }),
    device: t.float({
      nullable: true,
      description: 'A strong id of the device.',
      resolve: (row) => share(row.device_count, row),
    }),
    userAgent: t.float({ nullable: true, resolve: (row) => share(row.user_agent_count, row) }),
    address: t.float({ nullable: true, resolve: (row) => share(row.address_count, row) }),
    mfa: t.float({
      nullable: true,
      description: 'A factor that was passed, or the claim that one was.',
      resolve: (row) => share(row.mfa_count, row),
    }),
  }),
});

export const UsualDelay = builder.objectRef<CoverageFigures>('UsualDelay').implement({
  description:
    'Seconds from when something happened to when its record was in store; null where there were none.',
  fields: (t) => ({
    median: t.float({ nullable: true, resolve: (row) => row.usual_delays[0] ?? null }),
    percentile99: t.float({ nullable: true, resolve: (row) => row.usual_delays[1] ?? null }),
  }),
});
