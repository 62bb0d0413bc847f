import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import { UAParser } from 'ua-parser-js';
import type { ClientKind } from '../../schema/words.js';
import { recogniseTool } from './tools.js';

/** What a user agent says of its client; '' where it says nothing. */
export interface Client {
  readonly kind: ClientKind;
  /** Family of the browser, application or tool. */
  readonly browser: string;
  /** Its major version. */
  readonly browserVersion: string;
  /** Windows, macOS, Linux, Android, iOS, ChromeOS or what else it says. */
  readonly os: string;
  readonly osVersion: string;
}

const UNKNOWN_CLIENT: Client = Object.freeze({
  kind: 'unknown',
  browser: '',
  browserVersion: '',
  os: '',
  osVersion: '',
});

/** Parsing costs as much as all the rest of an event: agents are few and come again. */
const CACHE_SIZE = 8192;
/** What follows is neither remembered nor read: a sender of long random agents must not fill memory or time. */
const LONGEST = 512;

/** One family for a browser on a desk and on a phone: it is the same client to a person. */
const FAMILIES: Readonly<Record<string, string>> = {
  'Mobile Chrome': 'Chrome',
  Chromium: 'Chrome',
  'Mobile Firefox': 'Firefox',
  'Mobile Safari': 'Safari',
  'Opera Mobi': 'Opera',
  'Opera Touch': 'Opera',
  'Samsung Browser': 'Samsung Internet',
  IE: 'Internet Explorer',
  IEMobile: 'Internet Explorer',
};

const SYSTEMS: Readonly<Record<string, string>> = {
  'Mac OS': 'macOS',
  'Chromium OS': 'ChromeOS',
  'Chrome OS': 'ChromeOS',
  'Windows Phone': 'Windows Phone',
};

/** Systems that are told apart by version; of the rest only the kernel is alike. */
const VERSIONED = new Set(['Windows', 'macOS', 'Android', 'iOS', 'ChromeOS']);
const LINUXES =
  /^(?:Linux|Ubuntu|Debian|Fedora|CentOS|RedHat|SUSE|openSUSE|Mint|Gentoo|Arch|Manjaro|Raspbian|Kubuntu|Xubuntu|Mageia|Slackware|PCLinuxOS|Amazon Linux|GNU)$/i;

/** A parser that remembers the most recent user agents. */
export function createClientParser(): (userAgent: string) => Client {
  const recent = new LRUCache<string, Client>({ max: CACHE_SIZE });
  return (userAgent) => {
    if (userAgent === '') return UNKNOWN_CLIENT;
    const known = recent.get(userAgent);
    if (known !== undefined) return known;
    const client = parse(userAgent.slice(0, LONGEST));
    if (userAgent.length <= LONGEST) recent.set(userAgent, client);
    return client;
  };
}

/** What vendors write where they know no user agent. */
const NO_AGENT = /^(?:unknown|none|null|n\/?a|-+)$/i;

/** Authenticators speak for the person who holds the phone, in user agents of their own; Apple's begin with a team's id. */
const OKTA_VERIFY = /^(?:OktaVerify|(?:\w{1,16}\.)?com\.okta\.mobile|OktaDeviceSDK)\b/;

/** What signs people in on their devices, without a browser: Microsoft's brokers and libraries, and Office with them. */
const SIGN_IN_LIBRARY =
  /^(?:Windows-AzureAD-Authentication-Provider|Microsoft (?:Office|Authenticator))\b|\bMSAL \d/;

function oktaVerify(userAgent: string): Client {
  const [, name = '', osVersion = ''] =
    /\b(iOS|iPadOS|macOS|Android|Windows)\/?\s?([\d.]*)/.exec(userAgent) ?? [];
  const os = name === 'iPadOS' ? 'iOS' : name;
  const [, browserVersion = ''] = /^[^/]+\/(\d+)/.exec(userAgent) ?? [];
  return { kind: 'app', browser: 'Okta Verify', browserVersion, os, osVersion };
}

function parse(received: string): Client {
  if (NO_AGENT.test(received)) return UNKNOWN_CLIENT;
  if (OKTA_VERIFY.test(received)) return oktaVerify(received);
  // S3's records put the user agent into brackets.
  const userAgent = received.startsWith('[') && received.endsWith(']') ? received.slice(1, -1) : received;
  const tool = recogniseTool(userAgent);
  if (tool !== undefined) return tool;
  const { browser, os } = new UAParser(userAgent).getResult();
  const family = browser.name === undefined ? '' : (FAMILIES[browser.name] ?? browser.name);
  const system = systemOf(os.name ?? '');
  const product = family === '' || family === 'Electron' ? ownProduct(userAgent) : '';
  return {
    kind: kindOf(userAgent, family, system),
    browser: product || family,
    browserVersion: product === '' ? (browser.version ?? '').replace(/\D.*$/, '') : '',
    os: system,
    osVersion: VERSIONED.has(system) ? (os.version ?? '') : '',
  };
}

function systemOf(name: string): string {
  return LINUXES.test(name) ? 'Linux' : (SYSTEMS[name] ?? name);
}

/** Electron and the platforms' own HTTP stacks are applications; browsers without a screen are scripts. */
function kindOf(userAgent: string, family: string, system: string): ClientKind {
  if (/headless|phantomjs|puppeteer|playwright|selenium/i.test(userAgent)) return 'tool';
  if (/\bElectron\/|\bCFNetwork\/|\bDalvik\/|\b(?:wv|FBAN|Instagram)\b/.test(userAgent)) return 'app';
  if (SIGN_IN_LIBRARY.test(userAgent)) return 'app';
  if (isbot(userAgent)) return 'tool';
  if (family !== '')
    return userAgent.startsWith('Mozilla/') || userAgent.startsWith('Opera') ? 'browser' : 'app';
  return system === '' ? 'unknown' : 'app';
}

/** Products that every browser, and every application built on one, names. */
const COMMON_PRODUCTS = new Set([
  'Mozilla',
  'AppleWebKit',
  'Chrome',
  'Safari',
  'Electron',
  'Gecko',
  'Version',
]);

/** An application's own name: `Acme-Sync/3.1 (...)` and `Mozilla/5.0 (...) Acme/2 Chrome/118 Electron/27` have one. */
function ownProduct(userAgent: string): string {
  for (const [, product = ''] of userAgent.matchAll(/(?:^|\s)([A-Za-z][\w.-]{0,63})\/v?\d/g)) {
    if (!COMMON_PRODUCTS.has(product)) return product;
  }
  return '';
}
