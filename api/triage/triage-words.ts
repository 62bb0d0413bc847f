/** States that triage can give to a finding; `open` takes it back, so that the finding's own state shows again. */
export const TRIAGE_STATES = ['open', 'acknowledged', 'resolved'] as const;
export type TriageState = (typeof TRIAGE_STATES)[number];

/** What can be done about a finding. */
export const TRIAGE_KINDS = ['acknowledge', 'resolve', 'reopen', 'assign', 'note', 'undo'] as const;
export type TriageKind = (typeof TRIAGE_KINDS)[number];
