import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';

// What the text of a setting may be. Each says whether the text is right and what it means; the words for a person
// are beside the setting.

export const port = () =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().max(65_535));

export const days = () =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(2).max(3_650));

export const readableFile = z.string().refine((path) => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
});

export const readableFolder = z.string().refine((path) => {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
});

export const plainUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return bare && (url.protocol === 'http:' || url.protocol === 'https:');
});

/** Members of `words`, separated by commas; each once, in their order. */
export const listOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(',').map((word) => word.trim()))])
    .pipe(z.array(z.enum(words)));

const UNITS: Readonly<Record<string, number>> = { MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };
const SIZE = /^(\d{1,6})\s?(MiB|GiB|TiB)$/;

/** `2GiB` or `512 MiB`, in bytes. */
export const size = z
  .string()
  .regex(SIZE)
  .transform((text) => {
    const [, count = '0', unit = 'MiB'] = SIZE.exec(text) ?? [];
    return Number(count) * (UNITS[unit] ?? 0);
  });

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** `name=value,name=value`, values percent-encoded where they hold a comma: the form of OTEL_EXPORTER_OTLP_HEADERS. */
export const headers = z.string().transform((text, context) => {
  const pairs = text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? ['', ''] : [pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())];
    });
  if (pairs.every(([name, value]) => HEADER_NAME.test(name) && HEADER_VALUE.test(value))) {
    return Object.fromEntries(pairs);
  }
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The text of headers, as {@link headers} reads it back. */
export function headersText(pairs: Iterable<readonly [string, string]>): string {
  return Array.from(pairs, ([name, value]) => `${name}=${encodeURIComponent(value)}`).join(',');
}
