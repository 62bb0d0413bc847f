import type { FindingState } from '../../schema/words.js';

/*
 * Why a change was not made. They are answers, not faults: a mutation returns them beside its payload, so that a
 * client can tell them apart by type.
 */

interface Problem {
  readonly message: string;
}

/** What is named is not there. */
export class NotFoundError implements Problem {
  readonly message: string;
  readonly id: string;

  /** @param id as the client gave it */
  constructor(id: string, what: string) {
    this.id = id;
    this.message = `No ${what} has the id ${JSON.stringify(id.slice(0, 100))}.`;
  }
}

/** The client has seen an older version than the one that is there. */
export class StaleVersionError implements Problem {
  readonly message: string;
  readonly id: string;
  readonly expected: number;
  readonly actual: number;

  constructor(id: string, expected: number, actual: number) {
    this.id = id;
    this.expected = expected;
    this.actual = actual;
    this.message = `The finding is at version ${actual}, not ${expected}: look at what changed, and decide again.`;
  }
}

/** What is asked for makes no sense in the state that the finding is in. */
export class InvalidTransitionError implements Problem {
  readonly message: string;
  readonly id: string;
  /** The state that the finding shows. */
  readonly from: FindingState;

  /** @param reason goes on after "The finding " */
  constructor(id: string, from: FindingState, reason: string) {
    this.id = id;
    this.from = from;
    this.message = `The finding ${reason}`;
  }
}

/** A field of the input cannot be used; nothing was done. */
export class InvalidInputError implements Problem {
  readonly message: string;
  /** The field, such as `ids`. */
  readonly argument: string;

  constructor(argument: string, message: string) {
    this.argument = argument;
    this.message = message;
  }
}
