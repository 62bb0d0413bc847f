import type { JsonObject } from '../json-record.js';
import { type Hidden, isSecretName } from '../secrets.js';
import { objectsIn } from './fields.js';

/** Fields whose entries are pairs: the name of the value is a value itself. */
const PAIRS = ['additionalDetails', 'authenticationProcessingDetails', 'additionalInfo'];
const NAMES = ['key', 'Key', 'displayName', 'name', 'Name'];
const VALUES = ['value', 'Value', 'newValue', 'oldValue'];

/** What says nothing, and must not be hidden wherever else it stands. */
const HARMLESS = /^"?(?:true|false|null|none|\d{0,3})?"?$|^\[\]$|^\{\}$/i;

/** Values that are secrets by the name that stands beside them: `{"displayName":"ClientSecret","newValue":"..."}`. */
export function namedSecrets(properties: JsonObject): readonly Hidden[] {
  const hidden: Hidden[] = [];
  const search = (pairs: readonly JsonObject[]): void => {
    for (const pair of pairs) {
      const isSecret = NAMES.some((field) => {
        const name = pair[field];
        return typeof name === 'string' && name !== '' && isSecretName(name);
      });
      if (!isSecret) continue;
      for (const field of VALUES) {
        const value = pair[field];
        if (typeof value === 'string' && !HARMLESS.test(value)) {
          hidden.push({ secret: value, shown: '[redacted]' });
        }
      }
    }
  };
  for (const field of PAIRS) search(objectsIn(properties, field));
  for (const target of objectsIn(properties, 'targetResources')) {
    search(objectsIn(target, 'modifiedProperties'));
  }
  return hidden;
}
