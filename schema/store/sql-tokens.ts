/** One piece of SQL text as ClickHouse's lexer would cut it. Whitespace and comments are left out. */
export interface SqlToken {
  readonly kind: 'word' | 'string' | 'quoted' | 'number' | 'symbol';
  readonly text: string;
  /** Offset of the first character in the text. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
  /** How many round, square or curly brackets are open around it. */
  readonly depth: number;
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const WORD = /[A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9][A-Za-z0-9_.]*/y;
const HEREDOC = /\$[A-Za-z0-9_]*\$/y;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** The offset after a quoted piece that starts at `start`; the text's length when it is never closed. */
function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}

function endOfBlockComment(text: string, start: number): number {
  let open = 1;
  for (let at = start + 2; at < text.length; at++) {
    const pair = text.slice(at, at + 2);
    if (pair === '*/') {
      at++;
      open--;
      if (open === 0) return at + 1;
    } else if (pair === '/*') {
      at++;
      open++;
    }
  }
  return text.length;
}

/** The offset after a comment that starts here, or `at` itself when none does. */
function endOfComment(text: string, at: number): number {
  if (text.startsWith('/*', at)) return endOfBlockComment(text, at);
  if (text.startsWith('--', at) || text.startsWith('# ', at) || text.startsWith('#!', at)) {
    const newline = text.indexOf('\n', at);
    return newline === -1 ? text.length : newline + 1;
  }
  return at;
}

/**
 * Cuts SQL text into tokens, lazily: text after the last token asked for is never looked at, so the head of
 * an insert can be read in front of binary rows.
 */
export function* sqlTokens(text: string): Generator<SqlToken> {
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    const afterComment = endOfComment(text, at);
    if (afterComment > at) {
      at = afterComment;
      continue;
    }
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const start = at;
    let kind: SqlToken['kind'] = 'symbol';
    const heredoc = char === '$' ? matchAt(HEREDOC, text, at) : '';
    if (char === "'") {
      kind = 'string';
      at = endOfQuoted(text, at);
    } else if (char === '"' || char === '`') {
      kind = 'quoted';
      at = endOfQuoted(text, at);
    } else if (char === '\u2018' || char === '\u201c') {
      // Typographic quotes, as a text processor makes them, count as quotes for ClickHouse.
      kind = char === '\u2018' ? 'string' : 'quoted';
      const close = text.indexOf(char === '\u2018' ? '\u2019' : '\u201d', at + 1);
      at = close === -1 ? text.length : close + 1;
    } else if (heredoc !== '') {
      kind = 'string';
      const close = text.indexOf(heredoc, at + heredoc.length);
      at = close === -1 ? text.length : close + heredoc.length;
    } else if (WORD_START.test(char)) {
      kind = 'word';
      at += matchAt(WORD, text, at).length;
    } else if (char >= '0' && char <= '9') {
      kind = 'number';
      at += matchAt(NUMBER, text, at).length;
    } else {
      at++;
      if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1);
    }
    yield { kind, text: text.slice(start, at), start, end: at, depth };
    if (kind === 'symbol' && (char === '(' || char === '[' || char === '{')) depth++;
  }
}

/**
 * The names of the `{name:Type}` parameters that a statement uses, each once, in order of appearance.
 */
export function sqlParameterNames(text: string): string[] {
  const names = new Set<string>();
  let before: SqlToken[] = [];
  for (const token of sqlTokens(text)) {
    const [brace, name] = before;
    if (token.text === ':' && token.kind === 'symbol' && brace?.text === '{' && name?.kind === 'word') {
      names.add(name.text);
    }
    before = name ? [name, token] : before.length === 1 ? [...before, token] : [token];
  }
  return [...names];
}

/**
 * Cuts a script into its single statements at the semicolons that stand outside strings, quoted names and
 * comments. Comments before a statement stay with it; statements without any token are dropped.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let tokens = 0;
  for (const token of sqlTokens(text)) {
    if (token.kind === 'symbol' && token.text === ';' && token.depth === 0) {
      if (tokens > 0) statements.push(text.slice(start, token.start).trim());
      start = token.end;
      tokens = 0;
    } else tokens++;
  }
  if (tokens > 0) statements.push(text.slice(start).trim());
  return statements;
}
