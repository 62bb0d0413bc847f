import type { Event } from '../../schema/event.js';

/** A session of the sample with what vouches for it. */
export interface SampleSession {
  readonly key: string;
  readonly source: string;
  readonly kind: string;
  readonly application: string;
  readonly user: string;
  readonly uses: readonly Event[];
  readonly vouched: boolean;
}

const KINDS = ['implied', 'service', 'api', 'browser', 'role', 'cli', 'console'];
const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * The sessions that events were made in, implied ones left out. Told here in the plainest way, by looking at
 * everything, so that it is another path to the same answer than the judging in SQL.
 */
export function sessionsOf(events: readonly Event[]): SampleSession[] {
  const evidence = events.filter((event) => event.vouches_for.length > 0);
  const vouchedKeys = new Set(evidence.flatMap((event) => event.vouches_for));
  const bySession = new Map<string, Event[]>();
  for (const event of events) {
    if (event.session_key === '' || event.session_implied) continue;
    bySession.set(event.session_key, [...(bySession.get(event.session_key) ?? []), event]);
  }
  return [...bySession.entries()].flatMap(([key, own]) => {
    const uses = own.filter(({ activity }) => ['access', 'admin', 'token_issue'].includes(activity));
    const [first] = uses;
    if (first === undefined) return [];
    const kind = KINDS[Math.max(...own.map((event) => KINDS.indexOf(event.session_kind)))] ?? '';
    const vouched =
      vouchedKeys.has(key) ||
      uses.some(({ token_key }) => token_key !== '' && vouchedKeys.has(token_key)) ||
      evidence.some((given) => begins(given, first));
    const { source, application_id: application, user_name: user } = first;
    return [{ key, source, kind, application, user, uses, vouched }];
  });
}

/** Evidence for the principal that a session was created for, within three seconds of its creation. */
function begins(given: Event, use: Event): boolean {
  const apart = given.ts - use.session_created_at;
  return (
    use.principal_key !== '' &&
    given.vouches_for.includes(use.principal_key) &&
    apart <= 3n * NANOS_PER_SECOND &&
    apart >= -3n * NANOS_PER_SECOND
  );
}
