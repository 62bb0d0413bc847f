import type { Event } from '../../../schema/event.js';
import type { JsonObject } from '../json-record.js';
import { structureIn, valueIn } from './fields.js';

/** What an event says of the program that acted. */
type EventClient = Pick<Event, 'client_kind' | 'browser' | 'browser_version' | 'os' | 'os_version'>;

/** Names of one family on a desk and on a phone, as they are read from user agents. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['IE', 'Internet Explorer'],
  ['Samsung Browser', 'Samsung Internet'],
]);

/** Entra ID's spellings, which vary in case and with a space or without: `MacOs`, `Ios 17.4`, `Windows10`. */
const SYSTEMS: readonly (readonly [pattern: RegExp, system: string])[] = [
  [/^windows ?phone/i, 'Windows Phone'],
  [/^windows/i, 'Windows'],
  [/^mac ?os/i, 'macOS'],
  [/^i(?:pad)?os/i, 'iOS'],
  [/^android/i, 'Android'],
  [/^chrome ?os|^chromium ?os/i, 'ChromeOS'],
  [/^linux|^ubuntu/i, 'Linux'],
];

/** Longer ones are no names, and must not fill a column. */
const LONGEST_NAME = 64;

/**
 * The client that `deviceDetail` names, in the words that user agents are read with: most records have no user agent,
 * and Entra ID has read it already. Fields: Microsoft Graph, deviceDetail (`browser`: "Edge 120.0.0", "Rich Client
 * 5.2.4.0", "Mobile Safari"; `operatingSystem`: "Windows 10", "Ios 17.4").
 */
export function deviceClient(properties: JsonObject): EventClient {
  const detail = structureIn(properties, 'deviceDetail');
  const { family, version } = browserOf(valueIn(detail, 'browser').slice(0, LONGEST_NAME));
  const system = valueIn(detail, 'operatingSystem').slice(0, LONGEST_NAME);
  const os = SYSTEMS.find(([pattern]) => pattern.test(system))?.[1] ?? '';
  return {
    // "Rich Client" is any application that signs in by Microsoft's own library.
    client_kind: family === '' ? 'unknown' : family === 'Rich Client' ? 'app' : 'browser',
    browser: family,
    browser_version: version,
    os,
    os_version: os === 'Linux' ? '' : (/\d[\d.]*/.exec(system)?.[0] ?? ''),
  };
}

function browserOf(text: string): { family: string; version: string } {
  const [, name = '', version = ''] = /^(.*?)(?:[ /](\d+)[\d.]*)?$/.exec(text) ?? [];
  const family = name.replace(/^Mobile | Mobile$/i, '').trim();
  return { family: FAMILIES.get(family) ?? family, version };
}
