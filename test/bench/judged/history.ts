import type { Database } from '../../../schema/store/database.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How much has happened before: so many users sign in on each of so many days and use the application ten times. */
export interface Extent {
  readonly users: number;
  readonly days: number;
}

/** Of one session: the sign-in and its uses. */
const EVENTS_A_SESSION = 10;

/** Events stored in one batch: as many arrivals as one run judges at most. */
const MOST_EVENTS_A_BATCH = 150_000;

/** One batch of the history: what arrived with the stamp `to`. */
export interface Arrived {
  readonly from: number;
  readonly to: number;
}

/** Names `user` of `numbers`' row, of `sessions` on the day `back` days before the one that holds `now`. */
const COLUMNS = `tenant, ts, event_id, ingested_at, source, stream, activity, outcome, evidence, user_key, user_name,
  session_key, session_kind, vouches_for, application_id, application_name, address, network, country, asn,
  network_class, user_agent, client_kind, browser, os`;

/**
 * Every event of a history by arithmetic on its number, so that millions of them come about inside the engine. The users
 * come back from their network and client every day; a session begins with a sign-in that vouches for it.
 */
const INSERT_HISTORY = `INSERT INTO events (${COLUMNS})
WITH
    number % {each:UInt64} AS step,
    intDiv(number, {each:UInt64}) % {users:UInt64} AS user,
    {days:UInt64} - 1 - intDiv(intDiv(number, {each:UInt64}), {users:UInt64}) AS back,
    step = 0 AS signs_in,
    lower(hex(MD5(concat('session ', toString(user), ' ', toString(back))))) AS session,
    concat('user', toString(user), '@example.com') AS login,
    {morning:DateTime64(3, 'UTC')} - toIntervalDay(back) + toIntervalSecond(user % 7200 + step * 600) AS time
${selectEvents("concat('history ', toString(number))", 'login', "'mfa'")}
FROM numbers({first:UInt64}, {count:UInt64})`;

function selectEvents(eventId: string, login: string, proof: string): string {
  return `SELECT 'default', time, lower(hex(MD5(${eventId}))), {stamp:DateTime64(3, 'UTC')}, 'otel', 'otel',
    if(signs_in, 'sign_in', 'access'), 'success', if(signs_in, ${proof}, 'none'), ${login}, ${login}, session, 'browser',
    if(signs_in, [session], []), 'payroll', 'payroll', concat('78.40.', toString(user % 250), '.7'),
    concat('78.40.', toString(user % 250), '.0/24'), 'DE', 3320 + user % 40, 'residential',
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'browser',
    ['Chrome', 'Firefox', 'Edge', 'Safari'][user % 4 + 1], ['Windows', 'Linux', 'macOS'][user % 3 + 1]`;
}

/** How many events a history has. */
export function eventsIn({ users, days }: Extent): number {
  return users * days * EVENTS_A_SESSION;
}

/**
 * Stores a history that ends on the day of `now` (milliseconds since 1970), oldest first, in batches that arrived a
 * minute apart.
 */
export async function storeHistory(database: Database, extent: Extent, now: number): Promise<Arrived[]> {
  const events = eventsIn(extent);
  const batches = Math.ceil(events / MOST_EVENTS_A_BATCH);
  const arrived: Arrived[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const to = now - (batches + 5 - batch) * MINUTE;
    const first = batch * MOST_EVENTS_A_BATCH;
    await database.command(INSERT_HISTORY, {
      users: extent.users,
      days: extent.days,
      each: EVENTS_A_SESSION,
      first,
      count: Math.min(MOST_EVENTS_A_BATCH, events - first),
      morning: storeTime(Math.floor(now / DAY) * DAY),
      stamp: storeTime(to),
    });
    arrived.push({ from: to - 1, to });
  }
  return arrived;
}

/** What 5 minutes bring: uses of sessions of the day, new sessions with their sign-in, and sessions without one. */
export interface News {
  readonly name: string;
  readonly users: number;
  readonly eventsAUser: number;
}

/** Of the users: how many sign in anew, and how many use a session that nobody signed in to. */
const [NEW_SHARE, BARE_SHARE] = [0.2, 0.05];

const INSERT_NEWS = `INSERT INTO events (${COLUMNS})
WITH
    number % {each:UInt64} AS step,
    intDiv(number, {each:UInt64}) AS user,
    user < {bare:UInt64} AS is_bare,
    user >= {bare:UInt64} AND user < {bare:UInt64} + {fresh:UInt64} AS is_fresh,
    is_fresh AND step = 0 AS signs_in,
    lower(hex(MD5(concat(multiIf(is_bare, concat({name:String}, ' bare '), is_fresh, concat({name:String}, ' fresh '), 'session '),
        toString(user), ' 0')))) AS session,
    concat('user', toString(user), '@example.com') AS login,
    {began:DateTime64(3, 'UTC')} + toIntervalMillisecond(intDiv(300000 * (step + 1), {each:UInt64})) AS time
${selectEvents("concat({name:String}, ' ', toString(number))", 'login', "'mfa'")}
FROM numbers({count:UInt64})`;

/** Stores what the 5 minutes before `now` bring; it arrives at `now`. */
export async function storeNews(database: Database, news: News, now: number): Promise<Arrived> {
  await database.command(INSERT_NEWS, {
    name: news.name,
    each: news.eventsAUser,
    bare: Math.ceil(news.users * BARE_SHARE),
    fresh: Math.ceil(news.users * NEW_SHARE),
    began: storeTime(now - 5 * MINUTE),
    stamp: storeTime(now),
    count: news.users * news.eventsAUser,
  });
  return { from: now - 1, to: now };
}

function storeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
