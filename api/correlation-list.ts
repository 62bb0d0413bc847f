/** A tuning value of a correlation, as its header declares it. */
export interface CorrelationParameter {
  readonly name: string;
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly meaning: string;
}

/** What a correlation's file says of itself: its header and its SQL. */
export interface CorrelationMetadata {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly severity: string;
  readonly attack: readonly { readonly id: string; readonly name?: string | undefined }[];
  readonly every: string;
  readonly lookback: string;
  readonly parameters: readonly CorrelationParameter[];
  readonly falsePositives: readonly string[];
  readonly knownGaps: readonly string[];
  readonly response: readonly string[];
  readonly sql: string;
}

/** The correlations that this program runs, looked up by id and by what of ATT&CK they cover. */
export class CorrelationList {
  readonly all: readonly CorrelationMetadata[];
  readonly #byId: ReadonlyMap<string, CorrelationMetadata>;

  constructor(correlations: readonly CorrelationMetadata[]) {
    this.all = [...correlations].sort((a, b) => a.id.localeCompare(b.id, 'en'));
    this.#byId = new Map(correlations.map((each) => [each.id, each]));
  }

  get(id: string): CorrelationMetadata | undefined {
    return this.#byId.get(id);
  }

  /** Ids of the correlations that name one of these analytics or techniques; a technique includes its parts. */
  coveringAttack(attackIds: readonly string[]): string[] {
    const covers = (id: string) =>
      attackIds.some((asked) => id === asked.toUpperCase() || id.startsWith(`${asked.toUpperCase()}.`));
    return this.all.filter((each) => each.attack.some((named) => covers(named.id))).map((each) => each.id);
  }
}
