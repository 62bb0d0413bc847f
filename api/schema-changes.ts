import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** What makes one printed schema another. */
export interface SchemaChanges {
  /** Clients that work with the old schema may fail with the new one. */
  readonly breaking: readonly string[];
  readonly others: readonly string[];
}

/** The changes from one printed schema to another, in words. */
export async function schemaChanges(before: string, after: string): Promise<SchemaChanges> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  const isBreaking = (change: Change) => change.criticality.level === CriticalityLevel.Breaking;
  return {
    breaking: changes.filter(isBreaking).map((change) => change.message),
    others: changes.filter((change) => !isBreaking(change)).map((change) => change.message),
  };
}
