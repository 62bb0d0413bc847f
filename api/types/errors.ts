import { builder } from '../builder.js';
import {
  InvalidInputError,
  InvalidTransitionError,
  NotFoundError,
  StaleVersionError,
} from '../triage/problems.js';
import { FindingStateEnum } from './words.js';

const ErrorType = builder.interfaceRef<{ readonly message: string }>('Error').implement({
  description:
    'Why a change was not made. A client asks for `message` of all and for the fields of those it handles.',
  fields: (t) => ({ message: t.exposeString('message', { description: 'For people.' }) }),
});

export const NotFoundErrorType = builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  isTypeOf: (value) => value instanceof NotFoundError,
  description: 'What is named is not there.',
  interfaces: [ErrorType],
  fields: (t) => ({ id: t.exposeID('id', { description: 'As it was given.' }) }),
});

export const StaleVersionErrorType = builder.objectType(StaleVersionError, {
  name: 'StaleVersionError',
  isTypeOf: (value) => value instanceof StaleVersionError,
  description: 'The finding has changed since the version that was given: nothing was done about it.',
  interfaces: [ErrorType],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'As it was given.' }),
    expected: t.exposeInt('expected', { description: 'The version that was given.' }),
    actual: t.exposeInt('actual', { description: 'The version that is there.' }),
  }),
});

export const InvalidTransitionErrorType = builder.objectType(InvalidTransitionError, {
  name: 'InvalidTransitionError',
  isTypeOf: (value) => value instanceof InvalidTransitionError,
  description: 'What is asked for makes no sense for the finding as it stands: nothing was done about it.',
  interfaces: [ErrorType],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'As it was given.' }),
    from: t.field({
      type: FindingStateEnum,
      description: 'The state that the finding shows.',
      resolve: (error) => error.from,
    }),
  }),
});

export const InvalidInputErrorType = builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  isTypeOf: (value) => value instanceof InvalidInputError,
  description: 'A field of the input cannot be used: nothing was done.',
  interfaces: [ErrorType],
  fields: (t) => ({ argument: t.exposeString('argument', { description: 'The field, such as `ids`.' }) }),
});
