import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStatement, parametersOf } from '../../../schema/row-types/described-statement.js';
import { parseStoreType, UnsupportedStoreTypeError } from '../../../schema/row-types/store-type.js';
import { interfaceText } from '../../../schema/row-types/typescript.js';
import { type TestStore, testStore } from '../store-fixture.js';

describe('a row type', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(() => store.close());

  it.each([
    ['a text', "'x'", 'string', 'x'],
    ['a word', "toLowCardinality('x')", 'string', 'x'],
    ['a text that may be missing', "if(0, 'x', NULL)", 'string | null', null],
    ['a word that may be missing', "toLowCardinality(toNullable('x'))", 'string | null', 'x'],
    ['bytes of a fixed length', "toFixedString('ab', 2)", 'string', 'ab'],
    [
      'an id',
      "toUUID('00000000-0000-0000-0000-000000000001')",
      'string',
      '00000000-0000-0000-0000-000000000001',
    ],
    ['an address', "toIPv6('::1')", 'string', '::1'],
    ['a day', "toDate('2026-01-02')", 'string', '2026-01-02'],
    ['a second', "toDateTime('2026-01-02 03:04:05', 'UTC')", 'string', '2026-01-02 03:04:05'],
    [
      'a nanosecond',
      "toDateTime64('2026-01-02 03:04:05.000000006', 9, 'UTC')",
      'string',
      '2026-01-02 03:04:05.000000006',
    ],
    ['a small number', 'toInt16(-7)', 'number', -7],
    ['a count', 'count()', 'number', 1],
    ['the largest count that JavaScript can tell', 'toUInt64(9007199254740991)', 'number', 9007199254740991],
    ['a fraction', 'toFloat64(0.5)', 'number | null', 0.5],
    ['a fraction that is none', 'toFloat32(nan)', 'number | null', null],
    ['a fraction that may be missing', 'toNullable(0.5)', 'number | null', 0.5],
    ['a truth', 'toBool(1)', 'boolean', true],
    ['one of some names', "CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)')", "'a' | 'b'", 'b'],
    ['names with quotes', "CAST('it\\'s', 'Enum16(\\'it\\\\\\'s\\' = 1)')", "'it\\'s'", "it's"],
    ['a list', "['x']", 'readonly string[]', ['x']],
    ['a list of lists', '[[toUInt8(1)]]', 'readonly (readonly number[])[]', [[1]]],
    ['a list with gaps', '[1, NULL]', 'readonly (number | null)[]', [1, null]],
    ['a list of names', "[CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)')]", "readonly ('a' | 'b')[]", ['b']],
    ['a map', "map('k', [toUInt8(1)])", 'Readonly<Record<string, readonly number[]>>', { k: [1] }],
    ['a map by number', "map(toUInt8(1), 'x')", 'Readonly<Record<string, string>>', { 1: 'x' }],
    ['a tuple', "('x', toUInt8(1))", 'readonly [string, number]', ['x', 1]],
    ['a list of tuples', "[('x', toUInt8(1))]", 'readonly (readonly [string, number])[]', [['x', 1]]],
    [
      'a tuple with names',
      "CAST(('x', [1]), 'Tuple(name String, `of it` Array(UInt8))')",
      "{\n    readonly name: string;\n    readonly 'of it': readonly number[];\n  }",
      { name: 'x', 'of it': [1] },
    ],
    [
      'a list of tuples with names',
      "CAST([tuple('x')], 'Array(Tuple(name String))')",
      'readonly {\n    readonly name: string;\n  }[]',
      [{ name: 'x' }],
    ],
  ])('says what reading gives of %s', async (_what, expression, type, value) => {
    const statement = `SELECT ${expression} AS value`;
    const described = await describeStatement(store.database, statement);
    expect(interfaceText('Row', described?.columns ?? [])).toBe(
      `export interface Row {\n  readonly value: ${type};\n}\n`,
    );
    expect((await store.database.query(statement)).rows).toEqual([{ value }]);
  });

  it.each([
    ['a semicolon at its end is no part of it', 'SELECT 1 AS one;', ['one']],
    ['a comment at its end is no part of it', 'SELECT 1 AS one -- , 2 AS two', ['one']],
    ['tables that it names first may follow', 'WITH ones AS (SELECT 1 AS one) SELECT one FROM ones', ['one']],
    ['what it inserts is no row', 'INSERT INTO nowhere SELECT 1', undefined],
    ['of several statements none is asked', 'SELECT 1 AS one; SELECT 2 AS two', undefined],
  ])('is that of a statement: %s', async (_what, text, names) => {
    const described = await describeStatement(store.database, text);
    expect(described?.columns.map(({ name }) => name)).toEqual(names);
  });

  it.each(['UInt128', 'Decimal(9, 2)', 'AggregateFunction(max, UInt8)', 'Array(Nothing)', 'toString'])(
    'is not made up for %s, of which digits would be lost or nothing is known',
    (type) => {
      expect(() => parseStoreType(type)).toThrow(UnsupportedStoreTypeError);
    },
  );
});

describe('a statement', () => {
  it('takes the parameters in its text, each once, and not those in strings and comments', () => {
    const text = `SELECT '{a:String}', {b:Array(DateTime64(9, 'UTC'))} -- {c:UInt8}
      WHERE {b:Array(DateTime64(9, 'UTC'))} = [] AND map('k', {d : Map(String, UInt8)})`;
    expect(parametersOf(text)).toEqual([
      { name: 'b', type: { kind: 'array', of: { kind: 'time' } } },
      { name: 'd', type: { kind: 'map', of: { kind: 'integer' } } },
    ]);
  });
});
