import { GraphQLError } from 'graphql';

/** `spec: false` keeps the status 400 also for clients that accept application/json, where the spec says 200. */
const BAD_INPUT = { code: 'BAD_USER_INPUT', http: { status: 400, spec: false } };

/**
 * What the client sent cannot be used. The message names the argument, what was given and what is allowed.
 * @param argument where it was given, such as `first` or `filter.users`; undefined where only its type is known
 */
export function badInput(argument: string | undefined, message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { ...BAD_INPUT, ...(argument === undefined ? {} : { argument }) },
  });
}
