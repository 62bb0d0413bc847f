import type { Database } from '../../../schema/store/database.js';
import type { World } from '../../scenarios/world.js';
import type { Owners } from '../feed.js';
import type { Found } from '../found.js';
import { type Figures, figuresOf, MEDIUM, scoreOf } from '../score.js';
import { alertsOf, loadPeers, type Peer, type PeerAlert } from './peers.js';

/** What a peer's logic came to on a world that was played. */
export interface PeerFigures {
  readonly peer: Peer;
  /** Recall over the attacks in the logs that it reads; the rest over everything. */
  readonly figures: Figures;
}

/** Asks every peer's logic over the events of a world. */
export async function comparePeers(
  database: Database,
  world: World,
  owners: Owners,
  tenant = 'default',
): Promise<readonly PeerFigures[]> {
  const compared: PeerFigures[] = [];
  for (const peer of await loadPeers()) {
    const seen = withinSight(world, peer);
    const sighted = new Set(seen.told.flatMap(({ people }) => people.map(({ login }) => login)));
    const cast = new Set(world.told.flatMap(({ people }) => people.map(({ login }) => login)));
    // What it raises on the people of stories that it cannot see is neither right nor wrong of it.
    const isItsOwn = ({ user_key }: PeerAlert): boolean => {
      const login = owners.get(user_key) ?? '';
      return sighted.has(login) || !cast.has(login);
    };
    const alerts = (await alertsOf(database, peer, tenant)).filter(isItsOwn);
    compared.push({ peer, figures: figuresOf(scoreOf(seen, alerts.map(foundOf(peer)), owners)) });
  }
  return compared;
}

/** The same world with only the stories that are told in logs which the peer's logic reads. */
function withinSight(world: World, { sources }: Peer): World {
  const isRead = new Set<string>(sources);
  return { ...world, told: world.told.filter(({ scenario }) => isRead.has(scenario.family)) };
}

function foundOf({ id }: Peer): (alert: PeerAlert) => Found {
  return ({ user_key, session_key, last_ts }) => {
    // The last time of the day, in the peer's favour: an alert that was there before the attack does not hide it.
    const raised = Date.parse(`${last_ts.slice(0, 23).replace(' ', 'T')}Z`);
    return {
      id: `${id} ${user_key} ${session_key} ${last_ts}`,
      by: id,
      userKey: user_key,
      sessionKey: session_key,
      severity: 'medium',
      severityRank: MEDIUM,
      points: 0,
      reasons: [],
      firstSeen: raised,
      raised,
      state: 'open',
    };
  };
}
