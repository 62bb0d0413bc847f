import { type ExecutionResult, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin, type YogaInitialContext } from 'graphql-yoga';

/** An operation that passed validation and is about to be executed. Of its variables nobody is told. */
export interface OperationSeen {
  readonly type: 'query' | 'mutation' | 'subscription';
  /** A name of GraphQL's grammar, of whatever length; undefined for an anonymous one. */
  readonly name: string | undefined;
  /** Of the request that brought it. */
  readonly headers: Pick<Headers, 'get'>;
}

/** Told of each operation; what it returns is told when that is done, with the `code` of each of its errors. */
export type OperationWatch = (operation: OperationSeen) => (errorCodes: readonly string[]) => void;

/** Has somebody told of each operation that is executed. */
export function watchedOperations(watch: OperationWatch): Plugin<YogaInitialContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const operation = getOperationAST(document, operationName);
      if (!operation) return undefined;
      const done = watch({
        type: operation.operation,
        name: operation.name?.value,
        headers: contextValue.request.headers,
      });
      return { onExecuteDone: ({ result }) => done(isAsyncIterable(result) ? [] : errorCodes(result)) };
    },
  };
}

function errorCodes({ errors = [] }: ExecutionResult): string[] {
  return errors.map(({ extensions }) => String(extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR'));
}
