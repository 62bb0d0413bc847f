import type { Context } from '../context.js';
import { cellDayKey, gateLoader } from '../reading/session-loaders.js';
import type { GateRow } from '../reading/session-queries.js';
import { knownTime } from '../reading/store-time.js';
import type { SessionLife } from './session-life.js';

/** The gate of the place and day of a session's first use: whether absence counts there. */
async function coverage(context: Context, life: SessionLife): Promise<string> {
  const { state } = life;
  if (!state || state.implied) return '';
  const used = knownTime(state.first_use) ?? state.first_seen;
  const cell = [state.source, state.organization, state.kind, state.application_id].join('|');
  const gate = await gateLoader(context).load(cellDayKey({ cell, day: used.slice(0, 10) }));
  return coverageText(gate, state.user_key);
}

/** What the figures of a gate say of a user's session. */
function coverageText(gate: GateRow | undefined, userKey: string): string {
  if (!gate || gate.user_days === 0) {
    return 'Coverage: unknown, for in the eight days before no other session of this kind could be compared.';
  }
  const isException = gate.exceptions.includes(userKey);
  const isOpen = (gate.open_for_others === 1) !== isException;
  const figures = `On ${gate.closed} of ${gate.user_days} user-days of ${gate.users} users in the eight days before, every session of this kind had its evidence in store`;
  const own = isException
    ? "; without this user's own days, which do not count, it is the other way round"
    : '';
  return `Coverage: ${isOpen ? 'there' : 'not there'}. ${figures}${own}.`;
}

/**
 * Why something of a session is not in store: what was looked for, where, and whether its absence counts.
 * @param what such as `a sign-in`
 */
export async function absence(context: Context, life: SessionLife, what: string): Promise<string> {
  const { state } = life;
  if (!state)
    return `Looked for ${what} of the session ${life.key}: no judged session of that key is in store.`;
  const where = state.sources.length > 0 ? ` in ${state.sources.join(', ')}` : '';
  const judged = state.missing === '' ? '' : ` The judging said: ${state.missing}.`;
  const counted = await coverage(context, life);
  return `Looked for ${what} under the keys of the session${where}, and none is in store.${judged}${counted === '' ? '' : ` ${counted}`}`;
}
