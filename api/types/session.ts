import { LINKS, SESSION_KINDS, VERDICTS } from '../../schema/words.js';
import { builder } from '../builder.js';
import type { Context } from '../context.js';
import { badInput } from '../limits/bad-input.js';
import type { ProvenanceShape } from '../provenance/provenance.js';
import { traceProvenance } from '../provenance/trace.js';
import { loadEvent } from '../reading/event-loaders.js';
import { aliasLoader, sessionLoader, strandLoader, tokensLoader } from '../reading/session-loaders.js';
import { type SessionRow, sessionByVendorId } from '../reading/session-queries.js';
import { knownTime } from '../reading/store-time.js';
import { wordOf } from '../reading/stored-words.js';
import { Application, applicationOf } from './application.js';
import { Assurance } from './assurance.js';
import { EventConnection, eventsOfSession } from './event-list.js';
import { FindingConnection, findingArguments, findingsOf } from './finding-list.js';
import { Provenance } from './provenance.js';
import { Event, Session, User } from './refs.js';
import { SessionConnection, sessionArguments, sessionsOf } from './session-list.js';
import { Strand } from './strand.js';
import { userOf } from './user.js';
import { LinkEnum, SessionKindEnum, VerdictEnum } from './words.js';

interface SessionAliasShape {
  readonly kind: 'session' | 'alias' | 'root' | 'token';
  readonly key: string;
  readonly vendorId: string | null;
}

const SessionAliasKind = builder.enumType('SessionAliasKind', {
  values: {
    SESSION: { value: 'session', description: "The source's own id of the session." },
    ALIAS: { value: 'alias', description: 'Another id that records of the session carry beside its own.' },
    ROOT: {
      value: 'root',
      description: 'A session whose records carry the id of this one beside their own.',
    },
    TOKEN: { value: 'token', description: 'A token that was used in it.' },
  } as const,
});

const SessionAlias = builder.objectRef<SessionAliasShape>('SessionAlias').implement({
  description: 'An id under which records of the session, or evidence of it, may be filed.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SessionAliasKind }),
    key: t.exposeString('key', { description: 'Keyed hash of the id.' }),
    vendorId: t.string({
      nullable: true,
      description: "The id as the source's own log shows it; null where it is secret or not kept.",
      resolve: (alias) => alias.vendorId,
    }),
  }),
});

/** The first use of a session, or null where it was never used. */
async function firstUse(context: Context, session: SessionRow) {
  const ts = knownTime(session.first_use);
  const tokens = ts === null ? undefined : await tokensLoader(context).load(session.session_key);
  return tokens?.first_use_event_id ? { ts: tokens.first_use_ts, event_id: tokens.first_use_event_id } : null;
}

const SessionCreation = builder.objectRef<SessionRow>('SessionCreation').implement({
  description: 'When a session was created, and what shows it.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      nullable: true,
      description: "The sign-in's or issue's time, else what the records claim; null if nothing says.",
      resolve: (session) => knownTime(session.created_at),
    }),
    event: t.field({
      type: Event,
      nullable: true,
      description: 'The sign-in or issue; null where only the records claim it.',
      resolve: (session, _args, context) =>
        session.creation_event_id === ''
          ? null
          : loadEvent(context, { ts: session.created_at, event_id: session.creation_event_id }),
    }),
    link: t.field({ type: LinkEnum, resolve: (session) => wordOf(LINKS, session.creation_link, 'none') }),
  }),
});

builder.node(Session, {
  description: 'Everything that one sign-in vouches for, as it stands after its last judging.',
  id: { resolve: (session) => session.session_key },
  brandLoadedObjects: true,
  loadOne: (key, context) => sessionLoader(context).load(key),
  fields: (t) => ({
    key: t.exposeString('session_key', { description: "Keyed hash of the session's id." }),
    aliases: t.field({
      type: [SessionAlias],
      resolve: async (session, _args, context): Promise<SessionAliasShape[]> => {
        const [life, others] = await Promise.all([
          tokensLoader(context).load(session.session_key),
          aliasLoader(context).load(session.session_key),
        ]);
        const own = { kind: 'session', key: session.session_key, vendorId: session.session_id } as const;
        return [
          ...(session.session_id === '' ? [] : [own]),
          ...(others ?? []).map(({ direction, other_key: key }) => {
            return { kind: direction === 'child' ? 'alias' : 'root', key, vendorId: null } as const;
          }),
          ...(life?.tokens ?? []).map((key) => ({ kind: 'token', key, vendorId: null }) as const),
        ];
      },
    }),
    user: t.field({ type: User, nullable: true, resolve: userOf }),
    application: t.field({
      type: Application,
      nullable: true,
      description: 'Where its first record was.',
      resolve: applicationOf,
    }),
    source: t.exposeString('source', { description: 'Source of its most root record.' }),
    sources: t.stringList({ resolve: (session) => [...session.sources] }),
    organization: t.string({ nullable: true, resolve: (session) => session.organization || null }),
    creation: t.field({ type: SessionCreation, resolve: (session) => session }),
    implied: t.exposeBoolean('implied', {
      description: 'No record has an id of it: the user, the application and the day stand in for one.',
    }),
    kind: t.field({
      type: SessionKindEnum,
      resolve: (session) => wordOf(SESSION_KINDS, session.kind, 'implied'),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was logged out or revoked, the last time; null if no record says.',
      resolve: (session) => knownTime(session.ended_at),
    }),
    firstSeen: t.field({ type: 'DateTime', resolve: (session) => session.first_seen }),
    lastSeen: t.field({ type: 'DateTime', resolve: (session) => session.last_seen }),
    verdict: t.field({
      type: VerdictEnum,
      description: 'The worst of its uses.',
      resolve: (session) => wordOf(VERDICTS, session.verdict, 'unproven'),
    }),
    assurance: t.field({ type: Assurance, resolve: (session) => session }),
    provenance: t.field({
      type: Provenance,
      description: 'What vouches for its first use, edge by edge.',
      resolve: async (session, _args, context): Promise<ProvenanceShape> => {
        const verdict = wordOf(VERDICTS, session.verdict, 'unproven');
        return traceProvenance(context, session.session_key, await firstUse(context, session), verdict);
      },
    }),
    strands: t.field({
      type: [Strand],
      description: 'Its uses by network, client and device, oldest first: the latest 64.',
      resolve: async (session, _args, context) =>
        (await strandLoader(context).load(session.session_key)) ?? [],
    }),
    timeline: t.field({
      type: EventConnection,
      description: 'Its events, oldest first.',
      args: t.arg.connectionArgs(),
      resolve: (session, args, context) => eventsOfSession(context, args, session),
    }),
    findings: t.field({
      type: FindingConnection,
      args: findingArguments,
      resolve: (session, args, context) =>
        findingsOf(context, args, { column: 'session_key', value: session.session_key }),
    }),
  }),
});

builder.queryFields((t) => ({
  session: t.field({
    type: Session,
    nullable: true,
    description: "By its key, or by the vendor's id and the source whose log has it: exactly one way.",
    args: { key: t.arg.string(), vendorId: t.arg.string(), source: t.arg.string() },
    resolve: async (_root, { key, vendorId, source }, context) => {
      if (key != null && vendorId == null && source == null) return sessionLoader(context).load(key);
      if (key != null || vendorId == null || source == null) {
        throw badInput(
          'key',
          'A session is found by `key` alone, or by `vendorId` together with `source`: give exactly one way.',
        );
      }
      const [found] = await context.reader.rows(sessionByVendorId, { vendor_id: vendorId, source });
      return found ? sessionLoader(context).load(found.session_key) : null;
    },
  }),
  sessions: t.field({
    type: SessionConnection,
    args: sessionArguments,
    resolve: (_root, args, context) => sessionsOf(context, args),
  }),
}));
