import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitStatements, sqlParameterNames, sqlTokens } from '../../../schema/store/sql-tokens.js';
import { type TestStore, testStore } from '../store-fixture.js';

describe('SQL text', () => {
  it('is split at semicolons outside strings, names and comments', () => {
    expect(
      splitStatements(`
        SELECT 'a;b', "c;d", \`e;f\` -- g;h
        ;
        SELECT 'it''s; \\'fine\\';' /* i;j /* k; */ l; */;
        # m;n
        SELECT $x$ ; $y$ ; $x$;
        ;; -- nothing;
      `),
    ).toEqual([
      'SELECT \'a;b\', "c;d", `e;f` -- g;h',
      "SELECT 'it''s; \\'fine\\';' /* i;j /* k; */ l; */",
      '# m;n\n        SELECT $x$ ; $y$ ; $x$',
    ]);
  });

  it('names its parameters', () => {
    const text =
      "SELECT {a:String}, {b_2 : Array(Tuple(String, UInt8))}, '{no:String}', {a:UInt8}, map('x', {c:Identifier}) -- {d:Int8}";
    expect(sqlParameterNames(text)).toEqual(['a', 'b_2', 'c']);
    expect(sqlParameterNames('SELECT {{x:UInt8}}')).toEqual(['x']);
    expect(sqlParameterNames('SELECT a ? b : c')).toEqual([]);
  });

  it('never leaves out anything but blanks and comments, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a1 \'"`\\;()[]{}-/*#$\n:'.split('')), maxLength: 60 }),
        (text) => {
          let at = 0;
          for (const token of sqlTokens(text)) {
            expect(token.text).toBe(text.slice(token.start, token.end));
            expect(token.start).toBeGreaterThanOrEqual(at);
            expect(text.slice(at, token.start)).toMatch(/^(?:\s|--|\/\*|# |#!|$)/);
            at = token.end;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  describe('as ClickHouse reads it', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await testStore();
    });
    afterAll(() => store.close());

    // Each piece is whole, so that joined with semicolons they are as many statements as there are pieces.
    const piece = fc.constantFrom(
      "SELECT 'a;b'",
      "SELECT 'it''s; ' -- x;y\n",
      "SELECT '\\';'",
      'SELECT 1 AS "q;r"',
      'SELECT 2 AS `s;t`',
      'SELECT 3 /* u;v */',
      'SELECT 4 /* w; /* nested; */ ; */',
      'SELECT 5 # y;z\n',
      'SELECT $$ ; $$',
      'SELECT $h$ ; $$ ; $h$',
      'SELECT (6)',
      'SELECT ‘typographic;’',
    );

    it('is split into the statements that ClickHouse accepts one by one', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
          const statements = splitStatements(pieces.join(';'));
          expect(statements).toEqual(pieces.map((text) => text.trim()));
          for (const text of new Set(statements)) {
            await store.database.query('SELECT formatQuery({text:String}) AS text', { text });
          }
        }),
        { numRuns: 20 },
      );
    });
  });
});
