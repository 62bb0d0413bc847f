import { type JsonObject, objectIn, textIn } from '../json-record.js';
import { known, type OktaRecord, targetOf, typeOf } from './record.js';

export interface Application {
  readonly id: string;
  readonly name: string;
}

/** Where a record names no application, it is Okta itself that was used. */
const OKTA: Application = { id: 'okta', name: 'Okta' };

/** The client by which the Admin Console signs in at Okta: a hop inside Okta, with a client that is not the user's. */
const ADMIN_CONSOLE_CLIENT = 'okta.b58d5b75-07d4-5f25-bf59-368a1261a405';

/** Whether a record was made by Okta's own back end and not by the user's client. */
export function isInternalHop({ actor, client }: OktaRecord): boolean {
  return (
    textIn(client, 'id').startsWith(ADMIN_CONSOLE_CLIENT) ||
    textIn(actor, 'id').startsWith(ADMIN_CONSOLE_CLIENT)
  );
}

/** The application that was used: the target instance, or the client that asked for a token. */
export function readApplication(record: OktaRecord): Application {
  const instance = targetOf(record, 'appinstance', 'publicclientapp', 'clientapp');
  // `alternateId` is the name that the organization gave its instance, `displayName` that of the product.
  if (instance !== undefined) return applicationOf(instance, ['alternateId', 'displayName']);
  if (/client/.test(typeOf(record.actor))) {
    return applicationOf(record.actor, ['displayName', 'alternateId']);
  }
  const client = known(record.client, 'id');
  if (record.eventType.startsWith('app.oauth2.') && client !== '') return { id: client, name: client };
  return record.eventType === 'user.session.access_admin_app'
    ? { id: 'okta-admin-console', name: 'Okta Admin Console' }
    : OKTA;
}

function applicationOf(entity: JsonObject, names: readonly string[]): Application {
  const name = names.map((field) => known(entity, field)).find((text) => text !== '') ?? '';
  const id = known(entity, 'id') || name;
  return id === '' ? OKTA : { id, name: name || id };
}

/** Sign-on modes and grant types under the names that other providers have for the same protocols. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['SAML_2_0', 'saml20'],
  ['SAML_1_1', 'saml11'],
  ['OPENID_CONNECT', 'oidc'],
  ['WS_FEDERATION', 'wsFederation'],
  ['password', 'ropc'],
  ['urn:ietf:params:oauth:grant-type:device_code', 'deviceCode'],
]);

/** How the client authenticates: `saml20`, `oidc`, `authorization_code`, `deviceCode`; '' where nothing is said. */
export function readProtocol(record: OktaRecord): string {
  const grant = known(record.debug, 'grantType');
  if (grant !== '') return PROTOCOLS.get(grant) ?? grant.replace(/^urn:.*:/, '').slice(0, 64);
  const detail = objectIn(targetOf(record, 'appinstance') ?? {}, 'detailEntry');
  // `SAML 2.0` and `OpenID Connect` in one field, SAML_2_0 and OPENID_CONNECT in the other.
  const mode = known(detail, 'signOnModeType') || known(record.debug, 'signOnMode');
  const word = mode.toUpperCase().replace(/[ .]+/g, '_');
  return PROTOCOLS.get(word) ?? word.toLowerCase().slice(0, 64);
}
