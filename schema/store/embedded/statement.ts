import { type SqlToken, sqlParameterNames, sqlTokens } from '../sql-tokens.js';
import type { Engine } from './engine.js';
import { QueryError, queryErrorFromEngine } from './query-error.js';

/** How a statement's text is built, as far as the endpoint must know. */
export interface StatementShape {
  /** The first word, upper case, or a bracket. */
  readonly first: string;
  /** Where `FORMAT name` stands, outside brackets: the last one. */
  readonly format: { readonly name: string; readonly start: number; readonly end: number } | undefined;
  /** An INSERT that takes rows: where its rows would go on. */
  readonly rows: { readonly format: string; readonly start: number; readonly end: number } | undefined;
  /** All words outside strings and comments, upper case. */
  readonly words: ReadonlySet<string>;
  /** Whether it names a file of the server: INTO OUTFILE or FROM INFILE. */
  readonly files: boolean;
}

/** What a statement does, by ClickHouse's own parser (chdb/durable's QueryClass). */
export type StatementKind = 'read' | 'write' | 'control';

export interface Statement {
  readonly text: string;
  readonly kind: StatementKind;
  readonly shape: StatementShape;
}

const KINDS: Readonly<Record<number, StatementKind>> = { 0: 'read', 1: 'write', 2: 'write', 3: 'control' };

/**
 * The place in an INSERT where its rows begin: after `VALUES` or `FORMAT name`. Undefined for INSERT SELECT
 * and for anything that is no INSERT. Reads no further than that place.
 */
export function insertRows(text: string): StatementShape['rows'] {
  const tokens = sqlTokens(text);
  const next = (): SqlToken | undefined => tokens.next().value ?? undefined;
  if (!isWord(next(), 'INSERT')) return undefined;
  let previous = next();
  if (!isWord(previous, 'INTO')) return undefined;
  let targetSeen = false;
  for (const token of tokens) {
    const previousText = previous?.text;
    previous = token;
    if (token.depth > 0 || token.kind !== 'word') {
      targetSeen ||= token.kind === 'quoted';
      continue;
    }
    const word = token.text.toUpperCase();
    // A table or its database may be called like a keyword.
    if (!targetSeen || previousText === '.') {
      targetSeen = word !== 'TABLE' && word !== 'FUNCTION';
      continue;
    }
    if (word === 'SELECT' || word === 'WITH' || word === 'INFILE') return undefined;
    if (word === 'VALUES') return { format: 'Values', start: token.start, end: token.end };
    if (word === 'FORMAT') {
      const name = next();
      if (name?.kind !== 'word') return undefined;
      return { format: name.text, start: token.start, end: name.end };
    }
  }
  return undefined;
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

/** After these words, `format` is a column and no clause. */
const EXPRESSION_FOLLOWS = new Set(
  'SELECT DISTINCT BY WHERE PREWHERE HAVING AND OR NOT ON USING IN LIKE ILIKE AS FROM JOIN LIMIT WITH CASE WHEN THEN ELSE BETWEEN IS'.split(
    ' ',
  ),
);

function endsExpression(token: SqlToken | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'symbol') return [')', ']', '}', '*'].includes(token.text);
  return token.kind !== 'word' || !EXPRESSION_FOLLOWS.has(token.text.toUpperCase());
}

/** Reads the shape of one whole statement. */
function statementShape(text: string): StatementShape {
  const tokens = [...sqlTokens(text)];
  const words = new Set<string>();
  let format: StatementShape['format'];
  let files = false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    words.add(token.text.toUpperCase());
    const before = tokens[index - 1];
    const after = tokens[index + 1];
    files ||= isWord(token, 'OUTFILE') && isWord(before, 'INTO');
    files ||= isWord(token, 'INFILE') && isWord(before, 'FROM');
    const isFormat = token.depth === 0 && isWord(before, 'FORMAT') && endsExpression(tokens[index - 2]);
    if (before && isFormat && (after === undefined || isWord(after, 'SETTINGS'))) {
      format = { name: token.text, start: before.start, end: token.end };
    }
  }
  const first = tokens[0]?.text.toUpperCase() ?? '';
  return { first, format, rows: insertRows(text), words, files };
}

/** Statements whose only effect is on their connection: without a session of its own they would leak or be lost. */
function needsSession(shape: StatementShape): boolean {
  const temporary = shape.first === 'CREATE' && shape.words.has('TEMPORARY');
  return shape.first === 'SET' || shape.first === 'USE' || shape.first === 'BEGIN' || temporary;
}

/**
 * Checks a statement before the engine sees it, and throws a QueryError when it is not exactly one statement,
 * carries rows in its text, names a parameter that has no value, or reaches for the endpoint's own files.
 * @param hasSession whether it runs on a connection that the client keeps for itself
 */
export async function inspectStatement(
  engine: Engine,
  text: string,
  parameters: ReadonlyMap<string, string>,
  hasSession: boolean,
): Promise<Statement> {
  const shape = statementShape(text);
  if (shape.rows && text.slice(shape.rows.end).trim() !== '') {
    throw new QueryError(
      62,
      'SYNTAX_ERROR',
      'Rows inside the text of an INSERT are refused here. Send the INSERT up to VALUES or FORMAT as the query, and the rows as the request body.',
    );
  }
  if (shape.rows?.format === 'Values') {
    // The engine drops whatever follows a semicolon in such rows, and says nothing.
    throw new QueryError(
      73,
      'UNKNOWN_FORMAT',
      'Rows as VALUES are refused here, since the embedded engine loses what follows a semicolon. Use FORMAT JSONEachRow, CSV or any other.',
    );
  }
  const analysis = await engine.parser.analyze(text, 'default');
  if (analysis.statementCount > 1) {
    throw new QueryError(
      62,
      'SYNTAX_ERROR',
      'Multi-statements are not allowed: send one statement a request.',
    );
  }
  const kind = KINDS[Number(analysis.queryClass)];
  if (analysis.statementCount !== 1 || kind === undefined) throw await syntaxError(engine, text);
  if (shape.files) {
    throw new QueryError(
      344,
      'SUPPORT_IS_DISABLED',
      'INTO OUTFILE and FROM INFILE are not available over HTTP.',
    );
  }
  if (!hasSession && needsSession(shape)) {
    throw new QueryError(
      372,
      'SESSION_NOT_FOUND',
      `${shape.first} has no effect after its request. Send it with a session_id, or settings with the query.`,
    );
  }
  // A view keeps its parameters for those who read it.
  const parameterised = shape.first === 'CREATE' && shape.words.has('VIEW');
  const unbound = parameterised ? undefined : sqlParameterNames(text).find((name) => !parameters.has(name));
  if (unbound !== undefined) {
    throw new QueryError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${unbound}\` is not set.`);
  }
  return { text, kind, shape };
}

/** The engine's own words for a text that it cannot parse, got without running it. */
async function syntaxError(engine: Engine, text: string): Promise<QueryError> {
  try {
    await engine.format(text);
  } catch (error) {
    // The engine goes on to name the statement around it, which the client never sent.
    const [message = ''] = queryErrorFromEngine(error).message.split(': In scope SELECT formatQuery');
    return new QueryError(62, 'SYNTAX_ERROR', message);
  }
  return new QueryError(62, 'SYNTAX_ERROR', 'Empty query, or one that is not supported here.');
}
