import { LRUCache } from 'lru-cache';
import type { NetworkClass } from '../../../schema/words.js';
import { NAME_RULES, type NameRule } from './name-words.js';

interface CompiledRule {
  readonly networkClass: NetworkClass;
  readonly fits: (words: readonly string[], spaced: string) => boolean;
}

const RULES: readonly CompiledRule[] = NAME_RULES.map(compile);

/** Most addresses are of few operators, and a name is taken apart in the time of a look-up of its address. */
const recent = new LRUCache<string, NetworkClass>({ max: 8_192 });

/** The class that the words of an operator's name tell; `unknown` if they tell none. */
export function classOfName(name: string): NetworkClass {
  const known = recent.get(name);
  if (known !== undefined) return known;
  const networkClass = tellingClass(name);
  recent.set(name, networkClass);
  return networkClass;
}

function tellingClass(name: string): NetworkClass {
  const words = name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const spaced = ` ${words.join(' ')} `;
  return RULES.find((rule) => rule.fits(words, spaced))?.networkClass ?? 'unknown';
}

function compile({ networkClass, words, starts, ends, phrases, unless }: NameRule): CompiledRule {
  const whole = new Set(parts(words, /\s+/));
  const beginnings = parts(starts, /\s+/);
  const endings = parts(ends, /\s+/);
  const spacedPhrases = parts(phrases, /,\s+/).map((phrase) => ` ${phrase} `);
  const otherwise = new Set(parts(unless, /\s+/));
  const isTelling = (word: string): boolean =>
    whole.has(word) ||
    beginnings.some((beginning) => word.startsWith(beginning)) ||
    endings.some((ending) => word.length > ending.length && word.endsWith(ending));
  return {
    networkClass,
    fits: (name, spaced) =>
      (name.some(isTelling) || spacedPhrases.some((phrase) => spaced.includes(phrase))) &&
      !name.some((word) => otherwise.has(word)),
  };
}

function parts(text: string | undefined, separator: RegExp): readonly string[] {
  return text?.split(separator) ?? [];
}
