import type { EvidenceGrade } from '../../schema/words.js';
import { builder } from '../builder.js';
import type { EventPlace } from '../reading/event-key.js';
import { loadEvent } from '../reading/event-loaders.js';
import { evidenceLoader } from '../reading/session-loaders.js';
import type { EvidenceRow, SessionRow } from '../reading/session-queries.js';
import { knownTime } from '../reading/store-time.js';
import { gradeOf } from '../reading/stored-words.js';
import { Event } from './refs.js';
import { EvidenceEnum } from './words.js';

interface AssuranceChangeShape extends EventPlace {
  readonly level: number;
  readonly evidence: EvidenceGrade;
  readonly amr: readonly string[];
}

/**
 * The pieces of evidence at which the level, grade or methods of a session became others than before.
 * @param evidence oldest first
 */
function assuranceChanges(evidence: readonly EvidenceRow[]): AssuranceChangeShape[] {
  const changes: AssuranceChangeShape[] = [];
  for (const row of evidence) {
    const change = {
      ts: row.ts,
      event_id: row.event_id,
      level: row.assurance_level,
      evidence: gradeOf(row.grade),
      amr: [...row.amr].sort(),
    };
    const before = changes[changes.length - 1];
    if (
      before?.level !== change.level ||
      before.evidence !== change.evidence ||
      before.amr.join() !== change.amr.join()
    ) {
      changes.push(change);
    }
  }
  return changes;
}

const AssuranceChange = builder.objectRef<AssuranceChangeShape>('AssuranceChange').implement({
  description: 'Evidence at which the assurance of a session became another.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', resolve: (change) => change.ts }),
    level: t.exposeInt('level', {
      description: 'NIST SP 800-63B AAL, 0 if the evidence says nothing of it.',
    }),
    evidence: t.field({ type: EvidenceEnum, resolve: (change) => change.evidence }),
    amr: t.stringList({ resolve: (change) => [...change.amr] }),
    event: t.field({
      type: Event,
      nullable: true,
      description: 'Null once its retention is over.',
      resolve: (change, _args, context) => loadEvent(context, change),
    }),
  }),
});

export const Assurance = builder.objectRef<SessionRow>('Assurance').implement({
  description: 'How sure it is that the person was there, by the evidence that is tied to the session.',
  fields: (t) => ({
    level: t.exposeInt('assurance_level', {
      description: 'NIST SP 800-63B AAL, 1 to 3; 0 where no evidence says.',
    }),
    evidence: t.field({
      type: EvidenceEnum,
      description: 'The best of it.',
      resolve: (session) => gradeOf(session.evidence),
    }),
    amr: t.stringList({
      description: 'Authentication methods of all of it (RFC 8176).',
      resolve: (session) => [...session.amr],
    }),
    lastCredentialAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a credential or factor was last given; null if none is in store.',
      resolve: (session) => knownTime(session.last_credential_at),
    }),
    history: t.field({
      type: [AssuranceChange],
      description:
        'How it came to be, oldest first: evidence that repeats what was there before is left out.',
      resolve: async (session, _args, context) =>
        assuranceChanges((await evidenceLoader(context).load(session.session_key)) ?? []),
    }),
  }),
});
