import { userKey } from '../../../schema/keys.js';
import type { ActorKind } from '../../../schema/words.js';
import type { JsonObject } from '../json-record.js';
import { valueIn } from './fields.js';

/** Who a record is about. */
export interface EntraUser {
  /** The object id in the directory. */
  readonly id: string;
  /** The user principal name, or the name of a service principal. */
  readonly name: string;
  readonly kind: ActorKind;
}

export const NOBODY: EntraUser = Object.freeze({ id: '', name: '', kind: 'unknown' });

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const GUEST = '#ext#@';

/** The user in a record, or nobody. */
export function personIn(record: JsonObject, idField: string, nameField = 'userPrincipalName'): EntraUser {
  return userOf('person', valueIn(record, idField), valueIn(record, nameField));
}

/** Somebody of that kind, if there is anything to know him by. */
export function userOf(kind: ActorKind, id: string, name: string): EntraUser {
  return id === '' && name === '' ? NOBODY : { id, name, kind };
}

/**
 * The login that a user principal name stands for. A guest is `ana_example.com#EXT#@tenant.onmicrosoft.com` in the
 * directory and `ana@example.com` in the sign-in log; where names are withheld, the object id stands in their place.
 */
export function loginOf({ name, id, kind }: EntraUser): string {
  if (kind === 'service' || name === id || GUID.test(name)) return '';
  const guest = name.toLowerCase().indexOf(GUEST);
  if (guest < 0) return name;
  const home = name.slice(0, guest);
  const at = home.lastIndexOf('_');
  return at > 0 ? `${home.slice(0, at)}@${home.slice(at + 1)}` : home;
}

/** The join key of a user: people by login, services by object id, since their names are not unique. */
export function keyOf(user: EntraUser, organization: string): string {
  const { name, id } = user;
  const login = loginOf(user);
  // A name that is no login is better than nothing, but an id is better than that.
  const known = login.includes('@') ? login : id === '' ? name : '';
  return userKey({ source: 'entra', organization, name: known, id, email: '' });
}
