import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { MOST_GAP_FINDINGS } from '../log-coverage/gaps.js';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE } from '../paging/page-arguments.js';
import { MOST_RELATED } from '../reading/finding-loaders.js';

/** Objects that pages within pages may ask for: 100 findings with 100 of something each, and half as much again. */
const MAX_OBJECTS = 15_000;

/** Entries of lists that are no pages and whose entries lead on to objects with pages of their own. */
const LISTS: Readonly<Record<string, number>> = {
  'Coverage.gaps': MOST_GAP_FINDINGS,
  'TriageFindingsPayload.results': LARGEST_PAGE,
};

interface Operation {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Entries of one object's field at most; 1 for a field that is no list of objects with pages of their own. */
function entriesOf(operation: Operation, parent: GraphQLCompositeType, field: FieldNode): number {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 1;
  const definition = parent.getFields()[field.name.value];
  if (!definition) return 1;
  const type = getNullableType(definition.type);
  const named = getNamedType(type);
  if (named.name.endsWith('Connection')) {
    const { first, last } = getArgumentValues(definition, field, operation.variables) as Record<
      string,
      unknown
    >;
    const size = Number(first ?? last ?? DEFAULT_PAGE_SIZE);
    // A size that is not allowed is refused by the field itself, with a better message.
    return size >= 1 && size <= LARGEST_PAGE ? size : 1;
  }
  // The lists of a connection hold what its page size says.
  if (parent.name.endsWith('Connection')) return 1;
  const list = LISTS[`${parent.name}.${definition.name}`];
  if (list !== undefined) return list;
  const isNode = isObjectType(named) && named.getInterfaces().some((each) => each.name === 'Node');
  return isListType(type) && isNode ? MOST_RELATED : 1;
}

function objectsOf(
  operation: Operation,
  parent: GraphQLCompositeType,
  selections: SelectionSetNode,
  parents: number,
): number {
  let objects = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      if (!selection.selectionSet) continue;
      const definition =
        isObjectType(parent) || isInterfaceType(parent)
          ? parent.getFields()[selection.name.value]
          : undefined;
      const named = definition && getNamedType(definition.type);
      if (!named || !isCompositeType(named)) continue;
      const entries = entriesOf(operation, parent, selection);
      if (entries > 1) objects += parents * entries;
      objects += objectsOf(operation, named, selection.selectionSet, parents * entries);
    } else {
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : operation.fragments[selection.name.value];
      if (!fragment) continue;
      const condition = fragment.typeCondition && operation.schema.getType(fragment.typeCondition.name.value);
      const type = condition && isCompositeType(condition) ? condition : parent;
      objects += objectsOf(operation, type, fragment.selectionSet, parents);
    }
    if (objects > MAX_OBJECTS) return objects;
  }
  return objects;
}

/**
 * How many objects an operation may ask for by pages within pages, each page as full as it may be. Counting stops
 * above MAX_OBJECTS.
 */
function askedObjects(operation: Operation, definition: OperationDefinitionNode): number {
  const root = operation.schema.getRootType(definition.operation);
  return root ? objectsOf(operation, root, definition.selectionSet, 1) : 0;
}

/** Refuses pages within pages that multiply beyond what one answer may hold. */
export function answerSizeLimit(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { definitions } = args.document as DocumentNode;
      const fragments = Object.fromEntries(
        definitions.flatMap((each) =>
          each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
        ),
      );
      const definition = definitions.find(
        (each): each is OperationDefinitionNode =>
          each.kind === Kind.OPERATION_DEFINITION &&
          (args.operationName == null || each.name?.value === args.operationName),
      );
      const operation = { schema: args.schema, fragments, variables: args.variableValues ?? {} };
      if (!definition || askedObjects(operation, definition) <= MAX_OBJECTS) return;
      const message = `The pages within pages of the query may hold more than ${MAX_OBJECTS} objects: ask for smaller pages with \`first\`, or for less in one query.`;
      const extensions = { code: 'QUERY_TOO_LARGE', http: { status: 400, spec: false } };
      setResultAndStopExecution({ errors: [new GraphQLError(message, { extensions })] });
    },
  };
}
