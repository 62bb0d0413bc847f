import {
  FINDING_STATES,
  LINKS,
  RESOLUTIONS,
  SEVERITIES,
  VERDICTS,
  WITHDRAWN_REASONS,
} from '../../schema/words.js';
import { builder } from '../builder.js';
import { parseGlobalId } from '../global-id.js';
import { badInput } from '../limits/bad-input.js';
import type { ProvenanceShape } from '../provenance/provenance.js';
import { traceProvenance } from '../provenance/trace.js';
import { loadEvent } from '../reading/event-loaders.js';
import {
  actionsLoader,
  evidenceTimeLoader,
  findingLoader,
  relatedLoader,
  revisionsLoader,
} from '../reading/finding-loaders.js';
import { sessionLoader } from '../reading/session-loaders.js';
import { wordOf } from '../reading/stored-words.js';
import { shownState, versionOf } from '../triage/decision.js';
import { Application, applicationOf } from './application.js';
import { AttackReference } from './attack.js';
import { Correlation, removedCorrelation } from './correlation.js';
import { EventConnection, eventsOfFinding } from './event-list.js';
import { FindingConnection, findingArguments, findingsOf } from './finding-list.js';
import { FindingRevision, PointReason } from './finding-revision.js';
import { Provenance } from './provenance.js';
import { Event, Finding, Session, User } from './refs.js';
import { Note, notesOf, ResolutionEnum, TriageAction } from './triage-action.js';
import { userOf } from './user.js';
import { FindingStateEnum, LinkEnum, SeverityEnum, VerdictEnum, WithdrawnReasonEnum } from './words.js';

/** Of a finding about many sessions at once. */
const NO_CHAIN: ProvenanceShape = {
  edges: [],
  complete: false,
  text: 'The finding is about all sessions of a kind and not about one: no chain leads from it.',
};

builder.node(Finding, {
  description: 'One episode of suspicious use, with what decided its severity and what vouches for it.',
  id: { resolve: (finding) => finding.id },
  brandLoadedObjects: true,
  loadOne: (id, context) => findingLoader(context).load(id),
  fields: (t) => ({
    correlation: t.field({
      type: Correlation,
      resolve: ({ correlation }, _args, { correlations }) =>
        correlations.get(correlation) ?? removedCorrelation(correlation),
    }),
    state: t.field({
      type: FindingStateEnum,
      description: 'That of triage where there is one, else `systemState`.',
      resolve: shownState,
    }),
    systemState: t.field({
      type: FindingStateEnum,
      description:
        'Where it stands by what is in store: PROVISIONAL, OPEN or WITHDRAWN, whatever triage says.',
      resolve: (finding) => wordOf(FINDING_STATES, finding.state, 'open'),
    }),
    severity: t.field({
      type: SeverityEnum,
      resolve: (finding) => wordOf(SEVERITIES, finding.severity, 'info'),
    }),
    version: t.int({
      description:
        'Counts its revisions and the actions of triage together, undone ones included. A mutation that is given an older one does nothing and answers StaleVersionError.',
      resolve: versionOf,
    }),
    points: t.exposeInt('points', { description: 'They decide the severity.' }),
    pointReasons: t.field({
      type: [PointReason],
      description: 'Where the points come from; they add up to `points`.',
      resolve: (finding) => [...finding.point_reasons],
    }),
    title: t.exposeString('title'),
    summary: t.exposeString('summary', { description: 'One sentence, to be pasted into a ticket.' }),
    related: t.field({
      type: [Finding],
      description: 'Other findings on the same session or user within a day, the newest 20.',
      resolve: async (finding, _args, context) => {
        const ids = (await relatedLoader(context).load(finding.id)) ?? [];
        const loaded = await Promise.all(ids.map((id) => findingLoader(context).load(id)));
        return loaded.filter((other) => other !== undefined);
      },
    }),
    user: t.field({ type: User, nullable: true, resolve: userOf }),
    session: t.field({
      type: Session,
      nullable: true,
      resolve: (finding, _args, context) =>
        finding.session_key === '' ? null : sessionLoader(context).load(finding.session_key),
    }),
    application: t.field({ type: Application, nullable: true, resolve: applicationOf }),
    sourceNames: t.stringList({
      description: 'Sources of its events.',
      resolve: (finding) => [...finding.sources],
    }),
    link: t.field({ type: LinkEnum, resolve: (finding) => wordOf(LINKS, finding.link, 'none') }),
    verdict: t.field({
      type: VerdictEnum,
      resolve: (finding) => wordOf(VERDICTS, finding.verdict, 'unproven'),
    }),
    firstSeen: t.field({ type: 'DateTime', resolve: (finding) => finding.first_seen }),
    lastSeen: t.field({ type: 'DateTime', resolve: (finding) => finding.last_seen }),
    raisedAt: t.field({ type: 'DateTime', resolve: (finding) => finding.raised_at }),
    eventCount: t.exposeInt('event_count', { description: 'Events behind it, when it was last judged.' }),
    events: t.field({
      type: EventConnection,
      description: 'The uses behind it, oldest first.',
      args: t.arg.connectionArgs(),
      resolve: (finding, args, context) => eventsOfFinding(context, args, finding),
    }),
    provenance: t.field({
      type: Provenance,
      description:
        'What vouches for its first use, edge by edge; no edges where it is about no single session.',
      resolve: (finding, _args, context) => {
        if (finding.session_key === '') return NO_CHAIN;
        const use =
          finding.first_event_id === '' ? null : { ts: finding.first_seen, event_id: finding.first_event_id };
        return traceProvenance(
          context,
          finding.session_key,
          use,
          wordOf(VERDICTS, finding.verdict, 'unproven'),
        );
      },
    }),
    attack: t.field({
      type: [AttackReference],
      resolve: ({ correlation }, _args, { correlations }) => [
        ...(correlations.get(correlation)?.attack ?? []),
      ],
    }),
    recommendedResponse: t.stringList({
      resolve: ({ correlation }, _args, { correlations }) => [
        ...(correlations.get(correlation)?.response ?? []),
      ],
    }),
    revisions: t.field({
      type: [FindingRevision],
      description: 'What it was and is, oldest first; the newest 200.',
      resolve: async (finding, _args, context) => [
        ...((await revisionsLoader(context).load(finding.id)) ?? []),
      ],
    }),
    assignee: t.string({
      nullable: true,
      description: 'Who takes care of it.',
      resolve: (finding) => finding.assignee || null,
    }),
    resolution: t.field({
      type: ResolutionEnum,
      nullable: true,
      description: 'What it was; null unless it is RESOLVED.',
      resolve: (finding) => RESOLUTIONS.find((resolution) => resolution === finding.resolution) ?? null,
    }),
    notes: t.field({
      type: [Note],
      description: 'What was written about it and not undone, oldest first, of the newest 200 actions.',
      resolve: (finding, _args, context) => notesOf(context, finding),
    }),
    actions: t.field({
      type: [TriageAction],
      description: 'What was done about it, oldest first, undone actions included; the newest 200.',
      resolve: async (finding, _args, context) => [
        ...((await actionsLoader(context).load(finding.id)) ?? []),
      ],
    }),
    evidenceArrived: t.field({
      type: Event,
      nullable: true,
      description: 'What arrived later and vouches for it.',
      resolve: async (finding, _args, context) => {
        if (finding.evidence_event_id === '') return null;
        const place = await evidenceTimeLoader(context).load(
          `${finding.session_key}/${finding.evidence_event_id}`,
        );
        return place ? loadEvent(context, place) : null;
      },
    }),
    withdrawnBecause: t.field({
      type: WithdrawnReasonEnum,
      nullable: true,
      resolve: ({ withdrawn_because }) =>
        WITHDRAWN_REASONS.find((reason) => reason === withdrawn_because) ?? null,
    }),
  }),
});

builder.queryFields((t) => ({
  finding: t.field({
    type: Finding,
    nullable: true,
    description: 'By `Finding.id`, or by the id that `report_findings` shows.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, args, context) => {
      const parts = parseGlobalId(args.id);
      if (parts && parts.typename !== 'Finding') {
        throw badInput('id', `The id is that of a ${parts.typename}, not of a finding.`);
      }
      return findingLoader(context).load(parts?.id ?? args.id);
    },
  }),
  findings: t.field({
    type: FindingConnection,
    args: findingArguments,
    resolve: (_root, args, context) => findingsOf(context, args),
  }),
}));
