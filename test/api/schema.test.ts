import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectType, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schemaChanges } from '../../api/commands/schema-changes.js';
import { NODE_TYPES } from '../../api/global-id.js';
import { schema } from '../../api/schema.js';
import { EVENT_COLUMNS } from '../../schema/event.js';
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
    expect(names.sort()).toEqual(['EventConnection', 'FindingConnection', 'SessionConnection']);
  });

  it('shows every column of an event, but those that only join or sort', () => {
    /** Shown under another name or as an object. */
    const elsewhere: Record<string, string> = {
      ts: 'time',
      observed_at: 'observedTime',
      event_id: 'id',
      user_key: 'user',
      user_name: 'user',
      application_id: 'application',
      application_name: 'application',
    };
    const kept = [
      'tenant', 'ingested_at', 'time_clamped', 'stream', 'claimed_mfa', 'user_id', 'user_email', 'session_id',
      'session_kind', 'session_implied', 'session_created_at', 'principal_key', 'token_id', 'vouches_for', 'network',
      'client_kind', 'service_name', 'event_name', 'severity_number', 'trace_id', 'span_id', 'resource_attributes',
    ];
    const type = schema.getType('Event');
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    const camel = (name: string) => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const hidden = EVENT_COLUMNS.map((column) => column.name).filter(
      (name) => !fields.includes(elsewhere[name] ?? camel(name)),
    );
    expect(hidden.sort()).toEqual(kept.sort());
  });
});
