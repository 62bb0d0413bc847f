import { setTimeout as pause } from 'node:timers/promises';
import type { Finding } from './finding.js';

const ASK_EVERY_MS = 1000;
/** The scheduler runs every five seconds: two more runs have changed nothing. */
const QUIET_MS = 10_000;
const PATIENCE_MS = 150_000;

const QUERY = `query Demo {
  correlation(id: "unvouched-access") {
    lastRun { until error }
  }
  findings(first: 100) {
    nodes {
      id severity state title summary link points firstSeen lastSeen eventCount
      pointReasons { name points text }
      correlation { id }
      user { name }
      session { kind source }
    }
  }
}`;

interface Answer {
  readonly correlation: {
    readonly lastRun: { readonly until: string; readonly error: string | null } | null;
  };
  readonly findings: { readonly nodes: readonly Finding[] };
}

/** The findings did not come to rest, or GraphQL could not be asked. */
export class UnsettledError extends Error {
  override readonly name = 'UnsettledError';
}

export interface Waiting {
  /** Without a path, such as `http://127.0.0.1:4000`. */
  readonly apiUrl: string;
  /** When the last record was acknowledged, in milliseconds since the epoch. */
  readonly acknowledgedAt: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until everything that was acknowledged is judged and findings have stopped to change.
 * @returns all findings, withdrawn ones included
 * @throws {UnsettledError} after two and a half minutes
 */
export async function settledFindings({
  apiUrl,
  acknowledgedAt,
  signal,
}: Waiting): Promise<readonly Finding[]> {
  const began = Date.now();
  let seen = '';
  let changedAt = began;
  for (;;) {
    const { correlation, findings } = await ask(apiUrl, signal);
    const now = Date.now();
    const state = JSON.stringify(findings.nodes);
    if (state !== seen) {
      seen = state;
      changedAt = now;
    }
    const judgedUpTo = Date.parse(correlation.lastRun?.until ?? '') || 0;
    if (judgedUpTo >= acknowledgedAt && now - changedAt >= QUIET_MS) return findings.nodes;
    if (now - began > PATIENCE_MS)
      throw new UnsettledError(whyNot(correlation.lastRun, judgedUpTo, acknowledgedAt));
    await pause(ASK_EVERY_MS, undefined, { signal });
  }
}

function whyNot(
  lastRun: Answer['correlation']['lastRun'],
  judgedUpTo: number,
  acknowledgedAt: number,
): string {
  const after = `Findings did not settle within ${PATIENCE_MS / 1000} s:`;
  if (lastRun === null) return `${after} the correlation unvouched-access has not run at all.`;
  if (lastRun.error) return `${after} the last run of unvouched-access failed: ${lastRun.error}`;
  const behind = Math.ceil((acknowledgedAt - judgedUpTo) / 1000);
  if (behind > 0)
    return `${after} judging is still ${behind} s behind the last record. Is the machine very busy?`;
  return `${after} they keep changing.`;
}

async function ask(apiUrl: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(`${apiUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    signal,
  });
  const text = await response.text();
  const answer = response.ok ? (JSON.parse(text) as { data?: Answer; errors?: unknown }) : {};
  if (answer.data === undefined || answer.errors !== undefined) {
    throw new UnsettledError(`${apiUrl}/graphql answered ${response.status}: ${text.slice(0, 500)}`);
  }
  return answer.data;
}
