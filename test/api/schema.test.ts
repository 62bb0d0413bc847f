import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectType, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { NODE_TYPES } from '../../api/global-id.js';
import { schema } from '../../api/schema.js';
import { schemaChanges } from '../../api/schema-changes.js';
import { APPLICATION_LEVELS } from '../../schema/policy/policy.js';
import { schemaFolder } from '../../schema/store/sql-file.js';
import {
  ACTIVITIES,
  EVIDENCE_GRADES,
  FINDING_STATES,
  LINKS,
  NETWORK_CLASSES,
  OUTCOMES,
  SESSION_KINDS,
  SEVERITIES,
  VERDICTS,
  WITHDRAWN_REASONS,
} from '../../schema/words.js';

const printed = `${printSchema(schema)}\n`;
const written = await readFile(join(schemaFolder, 'schema.graphql'), 'utf8');

describe('schema/schema.graphql', () => {
  it('breaks no client of what the code says', async () => {
    expect((await schemaChanges(written, printed)).breaking).toEqual([]);
  });

  it('is what the code says: else run api/commands/print-schema.ts', () => {
    expect(written).toBe(printed);
  });

  it('would be told what breaks and what does not', async () => {
    const before = 'type Query { a: String b(first: Int): Int } enum E { X }';
    const after = 'type Query { b(first: Int!): Int c: E } enum E { X Y }';
    const changes = await schemaChanges(before, after);
    expect(changes.breaking.join('\n')).toMatch(/'a' .*removed[\s\S]*'Int!?'/);
    expect(changes.others.join('\n')).toMatch(/'c'/);
  });
});

describe('the schema', () => {
  it.each([
    ['Activity', ACTIVITIES],
    ['ApplicationLevel', APPLICATION_LEVELS],
    ['Evidence', EVIDENCE_GRADES],
    ['FindingState', FINDING_STATES],
    ['Link', LINKS],
    ['NetworkClass', NETWORK_CLASSES],
    ['Outcome', OUTCOMES],
    ['SessionKind', SESSION_KINDS],
    ['Severity', SEVERITIES],
    ['Verdict', VERDICTS],
    ['WithdrawnReason', WITHDRAWN_REASONS],
  ] as const)('has the words of %s in upper case', (name, words) => {
    const type = schema.getType(name);
    const values = type && 'getValues' in type ? type.getValues().map((value) => value.name) : [];
    expect([...values].sort()).toEqual(words.map((word) => word.toUpperCase()).sort());
  });

  it('finds by id exactly the types whose ids it gives out', () => {
    const nodes = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && type.getInterfaces().some((each) => each.name === 'Node'),
    );
    expect(nodes.map((type) => type.name).sort()).toEqual([...NODE_TYPES].sort());
  });

  it('names its connections itself', () => {
    const names = Object.keys(schema.getTypeMap()).filter((name) => name.endsWith('Connection'));
    expect(names.sort()).toEqual([
      'ApplicationConnection',
      'CorrelationRunConnection',
      'DeadLetterConnection',
      'EventConnection',
      'FindingConnection',
      'SessionConnection',
      'UserConnection',
    ]);
  });
});
