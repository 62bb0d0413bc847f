import type { Activity, Outcome, SessionKind } from '../../../schema/words.js';
import { objectIn } from '../json-record.js';
import type { People } from './people.js';
import { known, type OktaRecord } from './record.js';

/** The session of an event. */
export interface Session {
  /** The most root id; '' = none. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: SessionKind;
}

/** Ids of a single request to the API: no session starts or ends with them. */
export function isTransient(id: string): boolean {
  return id.startsWith('trs');
}

/**
 * The session ids on a record. The external id changes between the sign-in and what follows; events of all sessions
 * below one root name that (okta/customer-detections, log_fields.csv).
 */
export function sessionIdsOf(record: OktaRecord): { root: string; external: string } {
  const { authentication, debug, targets } = record;
  const root = known(authentication, 'rootSessionId');
  let external = known(authentication, 'externalSessionId');
  switch (record.eventType) {
    case 'user.session.context.change':
      external = known(debug, 'externalSessionId') || external;
      break;
    case 'user.authentication.slo':
      external = known(debug, 'endedSessionId') || external;
      break;
    case 'user.device_session.start':
    case 'user.device_session.end':
      // A desktop's session, above many of the browser's: it is none of theirs that begins or ends.
      return { root: known(authentication, 'deviceSessionId'), external: '' };
  }
  if (external === '' && root === '') {
    // A back end that redeems a code has no cookie: the token's own entry names the session.
    for (const target of targets) {
      external = known(objectIn(target, 'detailEntry'), 'externalSessionId');
      if (external !== '') break;
    }
  }
  return { root, external };
}

/**
 * The session that an event belongs to. An administrator who ends somebody's sessions does so in one of his own, and a
 * revoked token is not the session that it came from: neither id is that of what ended.
 */
export function readSession(
  record: OktaRecord,
  activity: Activity,
  outcome: Outcome,
  people: People,
): Session {
  const none: Session = { id: '', aliases: [], kind: kindWithoutId(record, people) };
  const isTokens = record.eventType.startsWith('app.oauth2.');
  if (activity === 'session_revoke' && (isTokens || people.actsOnOther)) return none;
  // Nobody is in the session of a refused sign-in yet, and another name may be tried in the same window.
  if (activity === 'sign_in' && outcome !== 'success') return none;
  const { root, external } = sessionIdsOf(record);
  const [id, ...others] = [root, external].filter((each) => each !== '' && !isTransient(each));
  return id === undefined ? none : { id, aliases: others.filter((other) => other !== id), kind: 'browser' };
}

function kindWithoutId(record: OktaRecord, { isSystem }: People): SessionKind {
  if (isSystem) return 'service';
  const isApi =
    known(objectIn(record.transaction, 'detail'), 'requestApiTokenId') !== '' ||
    isTransient(known(record.authentication, 'externalSessionId'));
  return isApi ? 'api' : 'implied';
}
