// As much of PromQL as deploy/alerts.yaml speaks: selectors with matchers and a range, functions over a range,
// sum and max by labels, absent, arithmetic and comparison with one-to-one matching. Anything else is refused.

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'selector';
      readonly metric: string;
      readonly matchers: readonly Matcher[];
      readonly rangeSeconds: number | undefined;
    }
  | { readonly kind: 'call'; readonly name: 'rate' | 'increase' | 'absent'; readonly of: Expression }
  | {
      readonly kind: 'aggregate';
      readonly name: 'sum' | 'max';
      readonly by: readonly string[];
      readonly of: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export class ExpressionError extends Error {}

const token =
  /\s*(?:(?<number>\d+(?:\.\d+)?)(?![\w])|(?<name>[a-zA-Z_:][\w:]*)|(?<text>"(?:[^"\\]|\\.)*")|(?<range>\[\d+[smhd]\])|(?<sign>==|!=|>=|<=|=~|!~|[-+*/<>(){}=,]))/y;
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const precedence: readonly (readonly string[])[] = [
  ['==', '!=', '>', '<', '>=', '<='],
  ['+', '-'],
  ['*', '/'],
];

/** @throws ExpressionError where the text is more, or less, than this reads */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.binary(0);
  parser.end();
  return expression;
}

/** The names of the metrics that an expression reads. */
export function metricsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'selector':
      return [expression.metric];
    case 'binary':
      return [...metricsIn(expression.left), ...metricsIn(expression.right)];
    default:
      return metricsIn(expression.of);
  }
}

class Parser {
  readonly #text: string;
  readonly #tokens: string[] = [];

  constructor(text: string) {
    this.#text = text;
    token.lastIndex = 0;
    while (text.slice(token.lastIndex).trim() !== '') {
      const at = token.lastIndex;
      const found = token.exec(text);
      if (found === null) throw new ExpressionError(`cannot be read at: ${text.slice(at)}`);
      this.#tokens.push(found[0].trim());
    }
  }

  binary(level: number): Expression {
    const operators = precedence[level];
    if (operators === undefined) return this.#operand();
    let left = this.binary(level + 1);
    while (operators.includes(this.#next() ?? '')) {
      const operator = this.#take();
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  end(): void {
    if (this.#next() !== undefined) throw this.#unexpected();
  }

  #next(): string | undefined {
    return this.#tokens[0];
  }

  #take(wanted?: string): string {
    if (this.#next() === undefined || (wanted !== undefined && this.#next() !== wanted))
      throw this.#unexpected();
    return this.#tokens.shift() ?? '';
  }

  #unexpected(): ExpressionError {
    return new ExpressionError(`${this.#next() ?? 'its end'} is not expected in: ${this.#text}`);
  }

  #operand(): Expression {
    const first = this.#take();
    if (/^\d/.test(first)) return { kind: 'number', value: Number(first) };
    if (first === '(') return this.#closed();
    if (first === 'sum' || first === 'max') return this.#aggregate(first);
    if (first === 'rate' || first === 'increase' || first === 'absent') {
      this.#take('(');
      return { kind: 'call', name: first, of: this.#closed() };
    }
    if (!/^[a-zA-Z_]/.test(first) || this.#next() === '(')
      throw new ExpressionError(`${first} is not expected in: ${this.#text}`);
    return this.#selector(first);
  }

  #closed(): Expression {
    const inner = this.binary(0);
    this.#take(')');
    return inner;
  }

  #aggregate(name: 'sum' | 'max'): Expression {
    this.#take('by');
    this.#take('(');
    const by = [this.#take()];
    while (this.#next() === ',') {
      this.#take();
      by.push(this.#take());
    }
    this.#take(')');
    this.#take('(');
    return { kind: 'aggregate', name, by, of: this.#closed() };
  }

  #selector(metric: string): Expression {
    const matchers: Matcher[] = [];
    if (this.#next() === '{') {
      this.#take();
      matchers.push(this.#matcher());
      while (this.#next() === ',') {
        this.#take();
        matchers.push(this.#matcher());
      }
      this.#take('}');
    }
    const range = /^\[(\d+)([smhd])\]$/.exec(this.#next() ?? '');
    if (range !== null) this.#take();
    const rangeSeconds = range === null ? undefined : Number(range[1]) * (secondsOf[range[2] ?? 's'] ?? 1);
    return { kind: 'selector', metric, matchers, rangeSeconds };
  }

  #matcher(): Matcher {
    const label = this.#take();
    const operator = this.#take() as Matcher['operator'];
    return { label, operator, value: JSON.parse(this.#take()) as string };
  }
}
