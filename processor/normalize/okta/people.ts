import type { Activity, ActorKind } from '../../../schema/words.js';
import { type JsonObject, objectIn } from '../json-record.js';
import { known, type OktaRecord, targetOf, typeOf } from './record.js';

/** '' where the record does not say. */
export interface Person {
  readonly id: string;
  /** Okta's login name: usually, not always, a mail address. */
  readonly name: string;
}

/** Who did something, and to whom. */
export interface People {
  readonly user: Person;
  readonly kind: ActorKind;
  /** Whom an administrative act or the end of sessions is about. */
  readonly target: Person | undefined;
  /** Whether Okta acted by itself. */
  readonly isSystem: boolean;
  /** Whether the user among the targets is another than the actor. */
  readonly actsOnOther: boolean;
}

const NOBODY: Person = { id: '', name: '' };

function personOf(entity: JsonObject | undefined): Person {
  return entity === undefined ? NOBODY : { id: known(entity, 'id'), name: known(entity, 'alternateId') };
}

/** Acts on an account, and the work of Okta's machinery: imports, provisioning, mails. */
const ACTS: ReadonlySet<Activity> = new Set(['admin', 'other']);

/**
 * Okta's system acts on behalf of users in their sessions, and clients redeem codes for them: such an event is that of
 * the user it is about. So is a risk, whoever reports it. What is done to an account is the deed of whoever does it.
 */
export function readPeople(record: OktaRecord, activity: Activity): People {
  const actor = personOf(record.actor);
  const type = typeOf(record.actor);
  const isSystem = type === 'systemprincipal' || actor.name.toLowerCase() === 'system@okta.com';
  const isUser = !isSystem && (type === 'user' || type === '') && isKnown(actor);
  const about = personOf(targetOf(record, 'user'));
  const actsOnOther = isKnown(about) && (about.id === '' ? about.name !== actor.name : about.id !== actor.id);

  let user = actor;
  let kind: ActorKind = isUser ? 'person' : 'service';
  if (isKnown(about) && (activity === 'risk' || (!isUser && !ACTS.has(activity)))) {
    user = about;
    kind = isSystem ? 'service' : 'person';
  } else if (!isUser && !isSystem) {
    const subject = subjectOf(record);
    if (subject !== '') {
      user = { id: subject, name: '' };
      kind = 'person';
    } else if (type === 'user' || type === '' || type === 'ip address') {
      user = NOBODY;
      kind = 'unknown';
    } else if (actor.name === '') {
      user = { id: actor.id, name: known(record.actor, 'displayName') };
    }
  }
  return { user, kind, target: targetPerson(record, activity, about, user), isSystem, actsOnOther };
}

function isKnown({ id, name }: Person): boolean {
  return id !== '' || name !== '';
}

/** Whom a token is for, by id: the token's own entry says it, or the request. */
function subjectOf({ eventType, targets, debug }: OktaRecord): string {
  if (!eventType.startsWith('app.oauth2.')) return '';
  for (const target of targets) {
    const subject = known(objectIn(target, 'detailEntry'), 'subject');
    if (subject.startsWith('00u')) return subject;
  }
  const user = known(debug, 'userId');
  return user.startsWith('00u') ? user : '';
}

function targetPerson(
  { eventType }: OktaRecord,
  activity: Activity,
  about: Person,
  user: Person,
): Person | undefined {
  if (activity === 'session_revoke') {
    // The end of one token is not the end of all that its user has.
    const isOneToken = eventType.startsWith('app.oauth2.') && !eventType.endsWith('.implicit.user');
    return isOneToken || !isKnown(about) ? undefined : about;
  }
  if (!ACTS.has(activity)) return undefined;
  if (isKnown(about)) return about;
  if (activity === 'other') return undefined;
  // Users who change their own devices and factors are not always listed as targets.
  return /^(?:user|device)\./.test(eventType) && isKnown(user) ? user : undefined;
}
