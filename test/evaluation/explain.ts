import type { Database } from '../../schema/store/database.js';
import { isoTime } from '../scenarios/time.js';
import type { Owners } from './feed.js';
import type { Found } from './found.js';
import { type Outcome, type Score, wrongOf } from './score.js';

interface EventLine {
  readonly at: number;
  readonly source: string;
  readonly activity: string;
  readonly outcome: string;
  readonly evidence: string;
  readonly session: string;
  readonly vendor: string;
  readonly place: string;
  readonly client: string;
  readonly device: string;
  readonly application: string;
}

interface StrandLine {
  readonly session: string;
  readonly text: string;
}

const MOST_EVENTS = 40;

/** For each miss and each false finding what the judging saw, in short lines. */
export async function explain(
  database: Database,
  score: Score,
  owners: Owners,
  all: readonly Found[],
): Promise<string> {
  const lines: string[] = [];
  for (const outcome of score.outcomes) {
    const isMissed = outcome.told.scenario.story.kind === 'attack' && !outcome.isFound;
    if (isMissed) lines.push(...(await missed(database, outcome, owners, all)));
  }
  for (const one of wrongOf(score)) lines.push(...(await wrong(database, one, score, owners)));
  return lines.join('\n');
}

async function missed(
  database: Database,
  { told }: Outcome,
  owners: Owners,
  all: readonly Found[],
): Promise<string[]> {
  const { scenario, people, begins = 0, ends } = told;
  const lines = [
    `\n=== MISSED ${scenario.id}: ${scenario.story.says}`,
    `    attack from ${isoTime(begins).slice(0, 16)}; should raise ${scenario.story.raises.join(' or ')}`,
  ];
  for (const person of people) {
    const keys = [...owners].filter(([, login]) => login === person.login).map(([key]) => key);
    lines.push(`    victim ${keys.join(', ')} (${person.country}, managed ${person.laptop.id !== ''})`);
    for (const one of all.filter(({ userKey }) => keys.includes(userKey))) lines.push(findingLine(one));
    const events = await eventsOf(
      database,
      'user_key IN {keys:Array(String)}',
      keys,
      begins - 4 * 3_600_000,
      ends,
    );
    lines.push(...(await strandsOf(database, [...new Set(events.map(({ session }) => session))])));
    lines.push(...events.map(eventText));
  }
  return lines;
}

async function wrong(database: Database, one: Found, score: Score, owners: Owners): Promise<string[]> {
  const login = owners.get(one.userKey) ?? '';
  const about = score.outcomes.find(({ told }) => told.people.some((person) => person.login === login));
  const who =
    about === undefined
      ? 'a bystander'
      : `${about.told.scenario.id} (${about.told.scenario.story.kind}): ${about.told.scenario.story.says}`;
  const [from, to] = [one.firstSeen - 12 * 3_600_000, one.firstSeen + 6 * 3_600_000];
  const events =
    one.sessionKey === ''
      ? await eventsOf(database, 'user_key IN {keys:Array(String)}', [one.userKey], from, to)
      : await eventsOf(database, 'session_key IN {keys:Array(String)}', [one.sessionKey], from, to);
  return [
    `\n=== FALSE ${one.by} on ${one.userKey || one.id} (${login}); ${who}`,
    findingLine(one),
    ...(await strandsOf(database, [one.sessionKey])),
    ...events.map(eventText),
  ];
}

function findingLine({ by, severity, points, reasons, firstSeen, state, sessionKey }: Found): string {
  const parts = reasons.map(
    ({ name, points: each, text }) => `\n        ${each > 0 ? '+' : ''}${each} ${name}: ${text}`,
  );
  return `    finding ${by} ${severity} ${points} (${state}) session ${sessionKey.slice(0, 6)} from ${isoTime(firstSeen).slice(0, 16)}${parts.join('')}`;
}

/** Events in short lines: when, what, in which session, from where, with what. */
async function eventsOf(
  database: Database,
  condition: string,
  keys: readonly string[],
  from: number,
  to: number,
): Promise<readonly EventLine[]> {
  const { rows } = await database.query<EventLine>(
    `SELECT toUnixTimestamp64Milli(toDateTime64(ts, 3, 'UTC')) AS at, source, activity, outcome, toString(evidence) AS evidence,
      session_key AS session, vendor_event_type AS vendor, concat(network_class, ' AS', toString(asn), ' ', country, ' ', network) AS place,
      concat(client_kind, ' ', browser, ' ', browser_version, '/', os) AS client, device_key AS device,
      if(application_name = '', application_id, application_name) AS application
    FROM events
    WHERE ${condition} AND ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts <= fromUnixTimestamp64Milli({to:Int64})
    ORDER BY ts
    LIMIT 1 BY event_id
    LIMIT ${MOST_EVENTS}`,
    { keys, from, to },
  );
  return rows;
}

function eventText(event: EventLine): string {
  const { at, source, activity, outcome, evidence, session, place, client, device, application, vendor } =
    event;
  const proof = evidence === 'none' ? '' : ` [${evidence}]`;
  const went = outcome === 'success' ? '' : ` ${outcome}`;
  const on = device === '' ? '' : ` device ${device.slice(0, 4)}`;
  return `      ${isoTime(at).slice(5, 19)} ${source} ${activity}${went}${proof} s:${session.slice(0, 6)} | ${place} | ${client}${on} | ${application} (${vendor})`;
}

/** The strands of sessions as judging measured them. */
async function strandsOf(database: Database, sessions: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<StrandLine>(
    `SELECT session_key AS session, concat(strand.network_class, ' AS', toString(strand.asn), ' ', strand.country, ' | ', strand.client_kind, ' ',
        strand.browser, '/', strand.os, if(strand.device_key = '', '', concat(' device ', substring(strand.device_key, 1, 4))),
        ' | ', toString(toDateTime(strand.first_seen)), ' vouched by ', strand.vouched_by, ', from session ',
        ifNull(toString(strand.session_distance), '-'), ', from user ', ifNull(toString(strand.user_distance), '-'),
        if(strand.concurrent = 1, ' CONCURRENT', '')) AS text
    FROM session_strands FINAL
    ARRAY JOIN strands AS strand
    WHERE session_key IN {sessions:Array(String)}
    ORDER BY strand.first_seen`,
    { sessions: sessions.filter((key) => key !== '') },
  );
  return rows.map(({ session, text }) => `    strand s:${session.slice(0, 6)} ${text}`);
}
