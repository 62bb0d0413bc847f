import type { Database } from '../store/database.js';
import { loadSqlFile } from '../store/sql-file.js';
import type { Link, Verdict } from '../words.js';
import type { Proposal } from './finding.js';
import { JUDGING_SETTINGS } from './judging-settings.js';
import { type Story, sessionOf } from './story.js';

/** What the events of a proposed session say (proposed-findings.sql). */
export interface SessionUse {
  readonly tenant: string;
  readonly session_key: string;
  readonly event_count: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly first_event_id: string;
  readonly user_key: string;
  readonly user_name: string;
  readonly address: string;
  readonly country: string;
  readonly asn: number;
  readonly as_organization: string;
  readonly browser: string;
  readonly os: string;
  readonly organization: string;
  readonly application_id: string;
  readonly application_name: string;
  readonly sources: readonly string[];
  readonly session_verdict: Verdict | '';
  readonly session_link: Link | '';
}

/** Latest instant that DateTime64(9) holds; a bound that leaves nothing out. */
const END_OF_TIME = '2262-01-01 00:00:00.000000000';

/** A story that judges absence is about the whole session, others about the strand of one event. */
const isOfStrand = ({ row }: Story): boolean => row.link === '';

/**
 * Reads what the events of the told sessions say, in one bounded read. Where a story is about a strand, only that
 * strand's events count. Sessions whose use was corrected away are left out.
 * @param since look at events from then on; by default from each story's first use
 */
export async function readUses(
  database: Database,
  told: readonly Story[],
  since?: string,
): Promise<Map<string, SessionUse>> {
  if (told.length === 0) return new Map();
  const { text } = await loadSqlFile('judging/proposed-findings.sql');
  const { rows } = await database.query<SessionUse>(
    text,
    {
      tenants: [...new Set(told.map(({ row }) => row.tenant))],
      session_keys: told.map(({ row }) => row.session_key),
      strand_events: told.filter(isOfStrand).map(({ row }) => row.event_id),
      since: since ?? told.map(({ row }) => row.first_ts).sort()[0] ?? END_OF_TIME,
      until: END_OF_TIME,
    },
    { settings: JUDGING_SETTINGS },
  );
  return new Map(rows.map((use) => [sessionOf(use), use]));
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function place(use: SessionUse): string {
  const network = use.asn === 0 ? '' : `AS${use.asn} ${use.as_organization}`.trim();
  const where = [network, use.country].filter((part) => part !== '').join(', ');
  return use.address === '' ? '' : ` from ${use.address}${where === '' ? '' : ` (${where})`}`;
}

/** One sentence that an analyst can paste into a ticket. */
function summarise({ row, reasons }: Story, use: SessionUse): string {
  const who = use.user_name || use.user_key || 'An unknown user';
  const what = use.application_name || use.application_id || use.sources.join(', ');
  const client = [use.browser, use.os].filter((part) => part !== '').join(' on ');
  const used =
    `${who} used a session at ${what} ${plural(use.event_count, 'time')} since ${use.first_seen.slice(0, 19)} UTC` +
    `${place(use)}${client === '' ? '' : ` with ${client}`}`;
  if (row.link === '') {
    const why = reasons.filter(({ points }) => points > 0).map(({ text }) => text);
    return `${used}: ${why.join('; ')}.`;
  }
  const claim =
    row.link === 'asserted' ? '; the records claim MFA, but its origin is not in store either' : '';
  return (
    `${used}, and no credential, factor or issue that would have made the session is in store although the logs ` +
    `that would show it are complete enough${claim}.`
  );
}

/** The verdict that a story makes of its session: absence by its own judgement, else the session's. */
function verdictOf({ row }: Story, use: SessionUse): Verdict {
  if (row.link === '') return use.session_verdict || 'unproven';
  return row.state === 'open' ? 'unvouched' : 'unproven';
}

/** What a story proposes, told with what its events say. */
export function propose(story: Story, use: SessionUse): Proposal {
  const { correlation, row, reasons } = story;
  const where = use.application_name || use.application_id;
  return {
    tenant: row.tenant,
    story: 'session',
    subject: row.session_key,
    session_key: row.session_key,
    verdict: verdictOf(story, use),
    correlation: correlation.id,
    state: row.state,
    link: row.link || use.session_link || 'none',
    point_reasons: reasons,
    title: where === '' ? correlation.title : `${correlation.title}: ${where}`,
    summary: summarise(story, use),
    user_key: use.user_key || row.user_key,
    user_name: use.user_name,
    sources: use.sources,
    organization: use.organization,
    application_id: use.application_id,
    application_name: use.application_name,
    first_event_id: use.first_event_id,
    first_seen: use.first_seen,
    last_seen: use.last_seen,
    event_count: use.event_count,
  };
}
