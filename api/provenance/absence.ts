import type { Context } from '../context.js';
import { absenceCoverage } from './absence-coverage.js';
import type { SessionLife } from './session-life.js';

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
  const counted = await absenceCoverage(context, life);
  return `Looked for ${what} under the keys of the session${where}, and none is in store.${judged}${counted === '' ? '' : ` ${counted}`}`;
}
