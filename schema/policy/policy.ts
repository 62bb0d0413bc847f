import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { SOURCES } from '../words.js';

/** Assurance that an application asks for; decides its re-authentication limits unless it has its own. */
export const APPLICATION_LEVELS = ['low', 'normal', 'high'] as const;
export type ApplicationLevel = (typeof APPLICATION_LEVELS)[number];

/** A duration such as `12h`, `30 min` or `15m`, in seconds. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86400 };
const DURATION = /^(\d{1,6})\s*(s|m|min|h|d)$/;
const duration = z
  .string()
  .regex(DURATION, 'must be a duration such as 15m, 12h or 30d')
  .transform((text) => {
    const [, count = '0', unit = 's'] = DURATION.exec(text) ?? [];
    return Number(count) * (UNITS[unit] ?? 1);
  })
  .refine((seconds) => seconds >= 60 && seconds <= 366 * 86400, 'must lie between 1m and 366d');

const name = z.string().trim().min(1, 'must not be empty').max(512);
const network = z.string().refine((text) => {
  try {
    return ipaddr.parseCIDR(text) !== undefined;
  } catch {
    return false;
  }
}, 'must be a network in CIDR notation, such as 192.0.2.0/24');

const policySchema = z.strictObject({
  tenant: name.default('default'),
  applications: z
    .array(
      z.strictObject({
        id: name,
        level: z.enum(APPLICATION_LEVELS).default('normal'),
        reauthentication: z.strictObject({ max: duration, idle: duration }).optional(),
      }),
    )
    .max(10_000)
    .default([])
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'names an application twice'),
  privileged: z
    .strictObject({
      users: z.array(name).max(100_000).default([]),
      roles: z.array(name).max(10_000).default([]),
    })
    .prefault({}),
  complete: z
    .array(
      z.strictObject({
        source: z.enum(SOURCES),
        organization: name.optional(),
        application: name.optional(),
      }),
    )
    .max(10_000)
    .default([]),
  devices: z.strictObject({ strong: z.boolean().default(false) }).prefault({}),
  networks: z.strictObject({ corporate: z.array(network).max(10_000).default([]) }).prefault({}),
});

/** What an operator decides: applications and their levels, who is privileged, which sources are complete. */
export type Policy = z.infer<typeof policySchema>;

/** NIST SP 800-63B-4 limits by level, in seconds: from the last real credential, and idle. */
const LEVEL_LIMITS: Readonly<Record<ApplicationLevel, { max: number; idle: number }>> = {
  // AAL1 asks for no idle limit: 30 days stand for both.
  low: { max: 30 * 86400, idle: 30 * 86400 },
  normal: { max: 86400, idle: 3600 },
  high: { max: 12 * 3600, idle: 900 },
};

/** The re-authentication limits of an application, in seconds. */
export function reauthenticationLimits(application: Policy['applications'][number]): {
  max: number;
  idle: number;
} {
  return application.reauthentication ?? LEVEL_LIMITS[application.level];
}

/** A policy file that cannot be used: every problem with its line, where in the document, and what is allowed. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super(
      `The policy ${path} is wrong; it was not applied.\n${problems.map((text) => `  ${text}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** A policy with the text it came from and that text's hash, by which it is known to be new. */
export interface PolicyDocument {
  readonly policy: Policy;
  readonly text: string;
  /** SHA-256 of the text, 64 hex characters. */
  readonly hash: string;
}

/**
 * Reads a policy from YAML (or JSON, which YAML includes).
 * @param path named in errors
 * @throws PolicyError with all problems at once
 */
export function readPolicy(text: string, path: string): PolicyDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new PolicyError(
      path,
      document.errors.map((error) => `line ${lineOf(error.pos[0])}: ${error.message}`),
    );
  }
  const parsed = policySchema.safeParse(document.toJS() ?? {});
  if (parsed.success) {
    return { policy: parsed.data, text, hash: createHash('sha256').update(text).digest('hex') };
  }
  const problems = parsed.error.issues.map((issue) => {
    const place = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
    // The nearest part of the document that is there: a missing field has no line of its own.
    let node: unknown;
    for (let depth = place.length; depth >= 0 && node === undefined; depth--) {
      node = document.getIn(place.slice(0, depth), true) ?? undefined;
    }
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    const line = range === undefined ? 1 : lineOf(range[0]);
    return `line ${line}: ${place.join('.') || 'the document'}: ${issue.message}`;
  });
  throw new PolicyError(path, problems);
}
