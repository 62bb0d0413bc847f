import type { EvidenceGrade } from '../../../schema/words.js';

/** A method of authentication as Entra ID names it, and what it proves when it is used. */
export interface Method {
  /** Methods of RFC 8176, and what providers send besides. */
  readonly amr: readonly string[];
  /** `credential`: a password. `factor`: one of two. Others prove as much on their own. */
  readonly proves: 'credential' | 'factor' | 'mfa' | 'phishing_resistant';
}

/**
 * Names: authenticationMethod of Graph's authenticationDetail and the methods of Entra's authentication strengths.
 * The first match wins. A security key is hardware; where the key of a passkey lives cannot be told.
 */
const METHODS: readonly (readonly [pattern: RegExp, method: Method])[] = [
  [/security key/, { amr: ['fido', 'hwk'], proves: 'phishing_resistant' }],
  [/fido/, { amr: ['fido'], proves: 'phishing_resistant' }],
  [/passkey/, { amr: ['passkey'], proves: 'phishing_resistant' }],
  [/windows hello|platform credential|secure enclave/, { amr: ['ngcmfa'], proves: 'phishing_resistant' }],
  [/certificate|x\.?509|smart ?card/, { amr: ['pop'], proves: 'phishing_resistant' }],
  [/passwordless|phone sign-?in/, { amr: ['push'], proves: 'mfa' }],
  [/password/, { amr: ['pwd'], proves: 'credential' }],
  [/temporary access pass|oath|otp|verification code|one-time|passcode/, { amr: ['otp'], proves: 'factor' }],
  [/text message|\bsms\b/, { amr: ['sms'], proves: 'factor' }],
  [/notification|authenticator/, { amr: ['push'], proves: 'factor' }],
  [/phone|voice|call/, { amr: ['tel'], proves: 'factor' }],
];

/** A method without a word of its own still is one that was used. */
const OTHER: Method = { amr: [], proves: 'factor' };
const LONGEST_NAME = 128;

/** What a method of that name is. */
export function methodOf(name: string): Method {
  const lower = name.slice(0, LONGEST_NAME).toLowerCase();
  return METHODS.find(([pattern]) => pattern.test(lower))?.[1] ?? OTHER;
}

/** The grade of a factor, by whether it was the second one. */
export function gradeOf({ proves }: Method, isSecond: boolean): EvidenceGrade {
  if (proves === 'factor') return isSecond ? 'mfa' : 'credential';
  return proves;
}
