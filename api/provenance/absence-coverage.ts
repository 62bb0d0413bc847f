import { gateText, whyShut } from '../../schema/log-coverage/gate.js';
import { cellOf, isDeclaredComplete } from '../../schema/log-coverage/place.js';
import type { Context } from '../context.js';
import { completeSourcesOf } from '../log-coverage/facts.js';
import { cellStreamLoader, type StreamHealth, streamsOf } from '../log-coverage/streams.js';
import { gateKey, gateLoader } from '../reading/session-loaders.js';
import type { GateRow, SessionRow } from '../reading/session-queries.js';
import { knownTime, type StoreTime, toRfc3339 } from '../reading/store-time.js';
import { latestFor } from './given-evidence.js';
import type { SessionLife } from './session-life.js';

/** What the gate says. It is weighed without the user's own days: a thief's sessions must not shut it for the thief. */
function ofGate(gate: GateRow | undefined, declared: boolean): string {
  if (declared) return 'Coverage: there, for the source is declared complete by policy.';
  if (!gate || gate.user_days === 0) {
    return 'Coverage: unknown, for in the eight days before no session of this kind of another user could be compared.';
  }
  const shut = whyShut(gate);
  const verdict = shut === undefined ? 'there' : `not there: ${shut}`;
  return `Coverage: ${verdict}. Leaving out this user's own days: ${gateText(gate)}.`;
}

/** Streams in which the evidence would be: that of the use, and those in which others of its kind have theirs. */
async function neededStreams(
  context: Context,
  cell: string,
  state: SessionRow,
  stream: string,
): Promise<readonly StreamHealth[]> {
  const [streams, carried] = await Promise.all([streamsOf(context), cellStreamLoader(context).load(cell)]);
  const own = { source: state.source, organization: state.organization, stream };
  const found = [own, ...(carried ?? [])].map((each) =>
    streams.find(each.source, each.organization, each.stream),
  );
  return [...new Set(found.filter((each) => each !== undefined))];
}

/** How far the streams have come: until all have passed the use, what is missing may still arrive. */
function ofStreams(streams: readonly StreamHealth[], used: StoreTime): string {
  if (streams.length === 0) return '';
  const needed = latestFor({ ts: used });
  const behind = streams.filter((each) => each.watermark < needed);
  const stands = (each: StreamHealth) =>
    each.silent
      ? `${each.stream} is silent since ${toRfc3339(each.newest)}`
      : `${each.stream} is complete up to ${toRfc3339(each.watermark)}`;
  const names = (each: readonly StreamHealth[]) => each.map(stands).join(', ');
  return behind.length === 0
    ? ` The streams that would carry it have passed the use: ${names(streams)}.`
    : ` It may still arrive, for not all streams that would carry it have passed the use: ${names(behind)}.`;
}

/** Whether coverage was there at a session's first use: the gate of its place and day, and the streams' freshness. */
export async function absenceCoverage(context: Context, life: SessionLife): Promise<string> {
  const { state } = life;
  if (!state || state.implied) return '';
  const used = knownTime(state.first_use) ?? state.first_seen;
  const cell = cellOf(state, state.kind);
  const [gate, complete, streams] = await Promise.all([
    gateLoader(context).load(gateKey({ cell, day: used.slice(0, 10), user_key: state.user_key })),
    completeSourcesOf(context),
    neededStreams(context, cell, state, life.stream),
  ]);
  return ofGate(gate, isDeclaredComplete(complete, state)) + ofStreams(streams, used);
}
