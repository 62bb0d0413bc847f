import { setTimeout as pause } from 'node:timers/promises';

/** A finding as an analyst sees it at one moment. */
export interface SeenFinding {
  readonly id: string;
  readonly severity: 'INFO' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly state: 'PROVISIONAL' | 'OPEN' | 'WITHDRAWN';
  readonly withdrawnBecause: 'EVIDENCE' | 'COVERAGE' | 'SUPERSEDED' | null;
  readonly title: string;
  readonly firstSeen: string;
  readonly eventCount: number;
  readonly correlation: { readonly id: string };
  readonly user: { readonly name: string | null } | null;
  readonly application: { readonly name: string } | null;
  readonly evidenceArrived: { readonly source: string; readonly time: string } | null;
  readonly revisions: readonly { readonly state: string; readonly severity: string }[];
}

const FINDINGS = `{
  correlation(id: "unvouched-access") { lastRun { until error } }
  findings(first: 100) {
    totalCount
    nodes {
      id severity state withdrawnBecause title firstSeen eventCount
      correlation { id } user { name } application { name } evidenceArrived { source time }
      revisions { state severity }
    }
  }
}`;

interface Findings {
  readonly correlation: {
    readonly lastRun: { readonly until: string; readonly error: string | null } | null;
  };
  readonly findings: { readonly totalCount: number; readonly nodes: readonly SeenFinding[] };
}

/** How long judging may take on a machine that does much else. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 700;

/** Looks at the findings all the time, through GraphQL, and remembers each in every state it was ever seen in. */
export class Analyst {
  readonly #apiUrl: () => string;
  readonly #seen = new Map<string, SeenFinding>();
  #judgedUpTo = 0;
  #looks = 0;
  #ended = false;
  readonly #watching: Promise<void>;

  /** @param apiUrl asked before each look */
  constructor(apiUrl: () => string) {
    this.#apiUrl = apiUrl;
    this.#watching = this.#watch();
  }

  /** Each finding in each state and severity in which it was seen. */
  get seen(): readonly SeenFinding[] {
    return [...this.#seen.values()];
  }

  /** How many times the findings were looked at. */
  get looks(): number {
    return this.#looks;
  }

  /** Ends the watching; to be called before the program ends. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#watching;
  }

  /**
   * Asks once.
   * @throws if it is not answered or answered with errors
   */
  async ask<Data>(query: string): Promise<Data> {
    const response = await fetch(`${this.#apiUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(20_000),
    });
    const answer = (await response.json()) as { data?: Data; errors?: unknown };
    if (answer.data === undefined || answer.errors !== undefined) {
      throw new Error(`GraphQL answered ${response.status}: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    return answer.data;
  }

  /** The findings once everything is judged that was acknowledged at a moment (milliseconds since 1970). */
  async findingsAfter(acknowledgedAt: number): Promise<readonly SeenFinding[]> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(200)) {
      if (this.#judgedUpTo >= acknowledgedAt) return this.#look();
    }
    throw new Error(`what was sent was not judged within ${PATIENCE_MS / 1000} s`);
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      // While the program or its store is started again nobody answers, or with errors: that is no observation.
      await this.#look().catch(() => undefined);
      await pause(LOOK_EVERY_MS);
    }
  }

  async #look(): Promise<readonly SeenFinding[]> {
    const { correlation, findings } = await this.ask<Findings>(FINDINGS);
    const { lastRun } = correlation;
    if (findings.totalCount > findings.nodes.length)
      throw new Error('there are more findings than one look shows');
    if (lastRun?.error) throw new Error(lastRun.error);
    for (const finding of findings.nodes) {
      this.#seen.set(`${finding.id} ${finding.state} ${finding.severity}`, finding);
    }
    this.#looks += 1;
    this.#judgedUpTo = Math.max(this.#judgedUpTo, Date.parse(lastRun?.until ?? '') || 0);
    return findings.nodes;
  }
}
