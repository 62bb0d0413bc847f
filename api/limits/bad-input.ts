import { GraphQLError } from 'graphql';

/**
 * What the client sent cannot be used. The message names the argument, what was given and what is allowed.
 * @param argument where it was given, such as `first` or `filter.users`
 */
export function badInput(argument: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argument } });
}
