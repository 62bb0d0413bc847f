import type { CorrelationList } from './correlation-list.js';
import type { StoreReader } from './reading/store-reader.js';
import type { TriageLedger } from './triage/ledger.js';

/** Who asks. While no authentication exists, everyone who can reach the loopback address is `local`. */
export interface Viewer {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly tenant: string;
}

export const ROLES = ['admin'] as const;
export type Role = (typeof ROLES)[number];

export const LOCAL_VIEWER: Viewer = { name: 'local', roles: ['admin'], tenant: 'default' };

/** What a resolver has: one per request, so that what its loaders remember ends with it. */
export interface Context {
  readonly viewer: Viewer;
  readonly reader: StoreReader;
  readonly correlations: CorrelationList;
  readonly ledger: TriageLedger;
}
