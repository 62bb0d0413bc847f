/** What the demo asks about a finding; names and words are GraphQL's. */
export interface Finding {
  readonly id: string;
  readonly severity: 'INFO' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly state: 'PROVISIONAL' | 'OPEN' | 'ACKNOWLEDGED' | 'RESOLVED' | 'WITHDRAWN';
  readonly title: string;
  readonly summary: string;
  readonly link: string;
  readonly points: number;
  readonly pointReasons: readonly { readonly name: string; readonly points: number; readonly text: string }[];
  readonly correlation: { readonly id: string };
  readonly user: { readonly name: string | null } | null;
  readonly session: { readonly kind: string; readonly source: string } | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly eventCount: number;
}

const SEVERITIES: readonly Finding['severity'][] = ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

/** Whether somebody should look at it: MEDIUM or more, and not withdrawn. */
export function stands(finding: Finding): boolean {
  return (
    finding.state !== 'WITHDRAWN' && SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf('MEDIUM')
  );
}

/** The worst first; withdrawn ones last. */
export function byWeight(a: Finding, b: Finding): number {
  const withdrawn = Number(a.state === 'WITHDRAWN') - Number(b.state === 'WITHDRAWN');
  return withdrawn || b.points - a.points || a.firstSeen.localeCompare(b.firstSeen);
}
