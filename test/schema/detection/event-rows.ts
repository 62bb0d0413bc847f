import type { Database } from '../../../schema/store/database.js';

/** A row of `events`, as far as judging looks at it. */
export interface EventRow {
  readonly tenant: string;
  readonly ts: string;
  readonly event_id: string;
  readonly ingested_at: string;
  readonly source: string;
  readonly stream: string;
  readonly organization: string;
  readonly activity: string;
  readonly outcome: string;
  readonly evidence: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly session_key: string;
  readonly session_kind: string;
  readonly session_created_at: string;
  readonly principal_key: string;
  readonly token_key: string;
  readonly vouches_for: readonly string[];
  readonly claimed_mfa: boolean;
  readonly application_id: string;
  readonly application_name: string;
  readonly asn: number;
  readonly network_class: string;
  readonly client_kind: string;
  readonly browser: string;
  readonly os: string;
  readonly network?: string;
  readonly country?: string;
  readonly browser_version?: string;
  readonly device_key?: string;
  readonly target_user_key?: string;
  readonly vendor_event_type?: string;
  readonly vendor_risks?: readonly string[];
}

export const at = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let serial = 0;

/** An access at the application `payroll` by a browser on a residential network, unless said otherwise. */
export function access(time: number, user: string, session: string, more: Partial<EventRow> = {}): EventRow {
  return {
    tenant: 'default',
    ts: at(time),
    event_id: `event-${++serial}`,
    ingested_at: at(Date.now()),
    source: 'otel',
    stream: 'otel',
    organization: '',
    activity: 'access',
    outcome: 'success',
    evidence: 'none',
    user_key: `${user}@example.com`,
    user_name: `${user}@example.com`,
    session_key: session,
    session_kind: 'browser',
    session_created_at: at(0),
    principal_key: '',
    token_key: '',
    vouches_for: [],
    claimed_mfa: false,
    application_id: 'payroll',
    application_name: 'payroll',
    asn: 3320,
    network_class: 'residential',
    client_kind: 'browser',
    browser: 'Chrome',
    os: 'Windows',
    ...more,
  };
}

/** A sign-in with a second factor, which vouches for its session. */
export function signIn(time: number, user: string, session: string, more: Partial<EventRow> = {}): EventRow {
  return access(time, user, session, {
    activity: 'sign_in',
    evidence: 'mfa',
    vouches_for: [session],
    ...more,
  });
}

/** Nine ordinary days of four users, who sign in each day and work; the last day is the one before `day`. */
export function ordinaryDays(day: number, users: readonly string[] = ['ada', 'bo', 'cy', 'di']): EventRow[] {
  const rows: EventRow[] = [];
  for (let back = 9; back >= 1; back--) {
    for (const [index, user] of users.entries()) {
      const began = day - back * DAY + 8 * HOUR + index * 7 * MINUTE;
      const session = `${user}-day-${back}`;
      rows.push(signIn(began, user, session));
      for (const minute of [1, 30, 120]) rows.push(access(began + minute * MINUTE, user, session));
    }
  }
  return rows;
}

/** Stores rows as one batch that arrives at `arrival` (milliseconds since 1970). */
export async function store(database: Database, rows: readonly EventRow[], arrival: number): Promise<void> {
  await database.insertRows(
    'events',
    rows.map((row) => ({ ...row, ingested_at: at(arrival) })),
  );
}
