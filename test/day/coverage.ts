import type { Analyst } from './analyst.js';

/** What `coverage` tells of a source and application. */
export interface SourceTold {
  readonly source: string;
  readonly application: { readonly name: string } | null;
  readonly newest: string;
  /** In seconds; null where there were no records. */
  readonly usualDelay: { readonly median: number | null };
  readonly streams: readonly { readonly name: string; readonly lagSeconds: number }[];
  readonly correlations: readonly {
    readonly correlation: { readonly id: string };
    readonly canFire: boolean;
    readonly reason: string;
  }[];
}

export interface Coverage {
  /** The clock of the tenant. */
  readonly until: string;
  readonly sources: readonly SourceTold[];
}

/** What is known of the hours from a moment on (milliseconds since 1970), as an analyst asks for it. */
export async function coverageSince(analyst: Analyst, moment: number): Promise<Coverage> {
  const { coverage } = await analyst.ask<{ coverage: Coverage }>(`{
    coverage(since: "${new Date(moment).toISOString()}") {
      until
      sources {
        source application { name } newest usualDelay { median }
        streams { name lagSeconds }
        correlations { correlation { id } canFire reason }
      }
    }
  }`);
  return coverage;
}

/** What is told of one application. */
export function ofApplication({ sources }: Coverage, name: string): SourceTold | undefined {
  return sources.find(({ application }) => application?.name === name);
}

/** How old the newest record is by the tenant's clock, in seconds; NaN where there is none. */
export function ageSeconds({ until }: Coverage, told: SourceTold | undefined): number {
  return (Date.parse(until) - Date.parse(told?.newest ?? '')) / 1000;
}

/** Whether a session that nothing vouches for could be found there, and why not. */
export function unvouchedAccessAt(
  told: SourceTold | undefined,
): SourceTold['correlations'][number] | undefined {
  return told?.correlations.find(({ correlation }) => correlation.id === 'unvouched-access');
}
