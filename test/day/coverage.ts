import type { Analyst } from './analyst.js';

/** What `coverage` tells of a source and application. */
export interface SourceTold {
  readonly source: string;
  readonly application: { readonly name: string } | null;
  readonly newest: string;
  readonly usualDelay: { readonly median: number | null };
  readonly streams: readonly { readonly name: string; readonly lagSeconds: number; readonly newest: string }[];
  readonly correlations: readonly {
    readonly correlation: { readonly id: string };
    readonly canFire: boolean;
    readonly reason: string;
  }[];
}

export interface Coverage {
  readonly until: string;
  readonly sources: readonly SourceTold[];
}

/** What is known of the hour at a moment (milliseconds since 1970). */
export async function coverageNow(analyst: Analyst, moment: number): Promise<Coverage> {
  const { coverage } = await analyst.ask<{ coverage: Coverage }>(`{
    coverage(since: "${new Date(moment - 60_000).toISOString()}") {
      until
      sources {
        source application { name } newest usualDelay { median }
        streams { name lagSeconds newest }
        correlations { correlation { id } canFire reason }
      }
    }
  }`);
  return coverage;
}
