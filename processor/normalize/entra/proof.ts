import { gradeNumber } from '../../../schema/event.js';
import type { EvidenceGrade } from '../../../schema/words.js';
import { isTrueIn, type JsonObject } from '../json-record.js';
import { objectsIn, structureIn, valueIn } from './fields.js';
import { gradeOf, methodOf } from './methods.js';

/** What an interactive sign-in shows of how its user proved who he is. */
export interface Proof {
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
  /** The record says that a second factor was passed earlier. */
  readonly claimsMfa: boolean;
  /** A first factor was checked, here or by the federated provider: a session begins. */
  readonly isSignIn: boolean;
}

/** "MFA requirement satisfied by claim in the token", "... by claim provided by external provider". */
const BY_CLAIM = /satisfied by (?:claim|token)|previously satisfied/i;
/** "MFA requirement skipped due to remembered device", and to location, registered device, app password. */
const SKIPPED = /\bskipped\b|\bbypass/i;
const MFA = /\bmfa\b|multi-?factor/i;
/** "MFA successfully completed", "MFA completed in Azure AD". */
const MFA_COMPLETED =
  /\bmfa (?:successfully )?completed|multi-?factor authentication (?:successfully )?completed/i;
const UNFINISHED = /in.progress|denied|declined|required in/i;

/**
 * `authenticationDetails` decides, step by step: what the log calls `multiFactorAuthentication` in
 * `authenticationRequirement` was asked for, not passed. Its steps may be missing or still "in progress" when the
 * record is written; `status.additionalDetails` then says how the second factor ended.
 */
export function readProof(properties: JsonObject): Proof {
  const steps = new Steps();
  for (const step of objectsIn(properties, 'authenticationDetails')) steps.add(step);
  const summary = valueIn(structureIn(properties, 'status'), 'additionalDetails');
  if (MFA_COMPLETED.test(summary) && !steps.claimsMfa) {
    steps.addCompleted(valueIn(structureIn(properties, 'mfaDetail'), 'authMethod'));
  } else steps.addStatement(summary);
  const { claimsMfa, isSignIn } = steps;
  const evidence = steps.grade();
  const amr = evidence === 'mfa' ? [...steps.amr].concat('mfa') : [...steps.amr];
  return { evidence, amr, claimsMfa, isSignIn };
}

/** Collects what the steps of a sign-in prove. */
class Steps {
  claimsMfa = false;
  isSignIn = false;
  readonly amr = new Set<string>();
  #best: EvidenceGrade = 'none';
  #isFirstInherited = false;
  #isBypassed = false;

  /** A factor that was skipped lowers what a token claims, but takes nothing from a password that was checked. */
  grade(): EvidenceGrade {
    return this.#isBypassed && gradeNumber(this.#best) < gradeNumber('credential') ? 'bypassed' : this.#best;
  }

  add(step: JsonObject): void {
    const name = valueIn(step, 'authenticationMethod');
    const detail = valueIn(step, 'authenticationStepResultDetail');
    const requirement = valueIn(step, 'authenticationStepRequirement');
    if (!isTrueIn(step, 'succeeded') || UNFINISHED.test(detail)) return;
    const isSecond = MFA.test(requirement) || MFA.test(detail) || !/primary/i.test(requirement);
    if (BY_CLAIM.test(name) || BY_CLAIM.test(detail)) {
      this.#inherit(MFA.test(requirement) || MFA.test(detail));
    } else if (SKIPPED.test(detail)) this.#isBypassed = true;
    else if (/federat/i.test(name)) {
      // The provider checked the password: its own log holds the evidence.
      this.#raise('inherited');
      this.isSignIn = true;
    } else if (name !== '') this.#use(name, isSecond);
  }

  /** What `status.additionalDetails` says where no step says it. */
  addStatement(summary: string): void {
    if (BY_CLAIM.test(summary)) this.#inherit(MFA.test(summary));
    else if (SKIPPED.test(summary)) this.#isBypassed = true;
  }

  /** The second factor was passed, by the summary. */
  addCompleted(name: string): void {
    const method = methodOf(name);
    for (const word of method.amr) this.amr.add(word);
    this.#raise(gradeOf(method, true) === 'phishing_resistant' ? 'phishing_resistant' : 'mfa');
    // The row of the first factor is the last to be written, so that its absence says nothing.
    if (!this.#isFirstInherited) this.isSignIn = true;
  }

  #use(name: string, isSecond: boolean): void {
    const method = methodOf(name);
    for (const word of method.amr) this.amr.add(word);
    this.#raise(gradeOf(method, isSecond));
    if (method.proves !== 'factor' || !isSecond) this.isSignIn = true;
  }

  #inherit(isMfa: boolean): void {
    this.#raise('inherited');
    if (isMfa) this.claimsMfa = true;
    else this.#isFirstInherited = true;
  }

  #raise(evidence: EvidenceGrade): void {
    if (gradeNumber(evidence) > gradeNumber(this.#best)) this.#best = evidence;
  }
}
