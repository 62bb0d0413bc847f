import { closureOf, type GateFigures, LEAST_CLOSURE } from '../../schema/log-coverage/gate.js';
import { builder } from '../builder.js';
import type { Firing } from '../log-coverage/firing.js';
import { Correlation, removedCorrelation } from './correlation.js';
import { SessionKindEnum } from './words.js';

const CoverageGate = builder.objectRef<GateFigures>('CoverageGate').implement({
  description:
    'How many user-days of the eight days before were closed: each of their sessions had its evidence.',
  fields: (t) => ({
    userDays: t.exposeInt('user_days'),
    closed: t.exposeInt('closed'),
    users: t.exposeInt('users'),
    closure: t.float({
      description:
        'The share of them that is closed at least (lower bound of the Wilson score interval, z = 1).',
      resolve: closureOf,
    }),
    needed: t.float({
      description: 'The closure from which on absence counts.',
      resolve: () => LEAST_CLOSURE,
    }),
  }),
});

export const CorrelationCoverage = builder.objectRef<Firing>('CorrelationCoverage').implement({
  description: 'Whether a correlation can raise findings here that stand, and why not.',
  fields: (t) => ({
    correlation: t.field({
      type: Correlation,
      resolve: ({ correlation }, _args, { correlations }) =>
        correlations.get(correlation) ?? removedCorrelation(correlation),
    }),
    sessionKind: t.field({
      type: SessionKindEnum,
      nullable: true,
      description: 'For which kind of session; null where it is the same for all, or none is known.',
      resolve: (firing) => firing.kind,
    }),
    canFire: t.exposeBoolean('canFire'),
    reason: t.exposeString('reason', { description: 'Why, or why not.' }),
    gate: t.field({
      type: CoverageGate,
      nullable: true,
      description: "As of the tenant's clock.",
      resolve: (firing) => firing.gate,
    }),
  }),
});
