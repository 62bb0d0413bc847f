import type { EvidenceGrade } from '../../schema/words.js';

/**
 * Authentication methods (`amr`, RFC 8176) and what they prove. Beside the RFC's words those that providers send:
 * `phr`, `phrh` (Okta: phishing-resistant, with hardware), `fido`, `webauthn`, `passkey`, `push`, `totp`.
 */
const PHISHING_RESISTANT = new Set(['phr', 'phrh', 'fido', 'fido2', 'webauthn', 'passkey', 'u2f']);

/** Keys that resist phishing once a person unlocks them, by a PIN or by being there. */
const KEYS = new Set(['hwk', 'sc']);
const UNLOCKS = new Set(['pin', 'fpt', 'face', 'user']);

const FACTORS = new Set(
  'mfa mca otp totp hotp sms tel push hwk swk sc pop fpt face iris retina vbm ngcmfa duo'.split(' '),
);

/** The more of them the merrier, but a hostile sender must not fill a column. */
const MAX_METHODS = 16;
const LONGEST_METHOD = 32;

/** `vouchtrail.amr` as sent: a list, or words between commas or spaces. Lower-cased, without repetitions. */
export function parseAmr(value: unknown): readonly string[] {
  const words = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.slice(0, 1024).split(/[\s,;]+/)
      : [];
  const methods = new Set<string>();
  for (const word of words.slice(0, MAX_METHODS)) {
    if (typeof word !== 'string') continue;
    const method = word.trim().toLowerCase();
    if (method !== '' && method.length <= LONGEST_METHOD) methods.add(method);
  }
  return [...methods];
}

/** What a sign-in by these methods proves; none given is a credential, since something was checked. */
export function gradeOfAmr(amr: readonly string[]): EvidenceGrade {
  if (amr.some((method) => PHISHING_RESISTANT.has(method))) return 'phishing_resistant';
  if (amr.some((method) => KEYS.has(method)) && amr.some((method) => UNLOCKS.has(method))) {
    return 'phishing_resistant';
  }
  return amr.some((method) => FACTORS.has(method)) ? 'mfa' : 'credential';
}
