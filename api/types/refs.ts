import { builder } from '../builder.js';
import type { EventRow } from '../reading/event-queries.js';
import type { FindingRow } from '../reading/finding-queries.js';
import type { SessionRow } from '../reading/session-queries.js';

/*
 * The types that refer to each other, by name and by what stands behind them. They are kept apart from their fields,
 * which each file of this folder adds to its own: modules that need each other at load time would not load.
 */

/** A user as a row names it: the key that its events are joined by, and the login name where the row has one. */
export interface UserShape {
  readonly key: string;
  readonly name: string | null;
}

export const Event = builder.objectRef<EventRow>('Event');
export const Finding = builder.objectRef<FindingRow>('Finding');
export const Session = builder.objectRef<SessionRow>('Session');
export const User = builder.objectRef<UserShape>('User');
