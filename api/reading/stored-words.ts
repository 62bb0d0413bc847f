import { EVIDENCE_GRADES, type EvidenceGrade } from '../../schema/words.js';

/**
 * A word of the store as one of a vocabulary. A store that a newer program filled may hold words unknown here: they
 * show as `otherwise`, for an unknown word must not make the whole answer fail.
 */
export function wordOf<const W extends string>(
  words: readonly W[],
  stored: string,
  otherwise: NoInfer<W>,
): W {
  return (words as readonly string[]).includes(stored) ? (stored as W) : otherwise;
}

/** A grade of the store, by name. */
export function gradeOf(stored: string): EvidenceGrade {
  return wordOf(EVIDENCE_GRADES, stored, 'none');
}
