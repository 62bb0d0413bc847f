import type { Database } from '../../schema/store/database.js';
import type { TriageKind } from './triage-words.js';

/** A row of `triage_actions`. */
export interface TriageActionRecord {
  readonly tenant: string;
  readonly finding_id: string;
  readonly at: string;
  readonly id: string;
  readonly author: string;
  readonly kind: TriageKind;
  readonly resolution: string;
  readonly assignee: string | null;
  readonly note: string;
  readonly undoes: string;
  readonly seen_version: number;
}

/**
 * Appends what was done about findings. The store has no transactions: within this program, whoever decides by what
 * stands there does so in turn, so that of two who have seen the same version only the first succeeds. Two programs
 * that write at the very same moment may both succeed; then the later of the two counts, and the history shows both.
 */
export class TriageLedger {
  readonly #database: Database;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs the work when all that was begun before for the tenant has ended. */
  async inTurn<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(tenant) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(tenant, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(tenant) === turn) this.#turns.delete(tenant);
    }
  }

  /** Throws StoreUnavailableError or StoreRejectedError, and then whether they are stored is unknown. */
  append(actions: readonly TriageActionRecord[]): Promise<void> {
    return this.#database.insertRows('triage_actions', actions);
  }
}
