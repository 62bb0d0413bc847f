import { ByteCursor } from './byte-cursor.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

// What ends a run of plain characters in a string: a quote, a backslash, a control character.
const ENDS_RUN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);
// JSON's number (RFC 8259, section 6); numbers are short, so that a regular expression cannot hurt.
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
// Unknown members may nest as JSON likes; the stack may not.
const MAX_SKIP_DEPTH = 512;

// lib.es2024.string, which Node 20 has.
type WellFormable = string & { isWellFormed(): boolean; toWellFormed(): string };

/**
 * Reads JSON (RFC 8259) member by member, from bytes. JSON.parse would round integers beyond 2^53, which
 * timestamps are, and would make an object for every envelope; this reads only what is asked for.
 *
 * An object is read as `for (let more = reader.enterObject(); more; more = reader.nextMember())`, where each turn
 * must consume the value of `reader.memberName` by one call; an array likewise.
 */
export class JsonReader extends ByteCursor {
  /** The name of the member whose value comes next. */
  memberName = '';
  readonly #maxSkipDepth: number;
  #skipDepth = 0;

  /** `maxSkipDepth`: how deep a value may nest that is skipped. */
  constructor(bytes: Uint8Array, maxSkipDepth = MAX_SKIP_DEPTH) {
    super(bytes);
    this.#maxSkipDepth = maxSkipDepth;
  }

  /** Enters an object and reads the first member's name; false if it has none. */
  enterObject(): boolean {
    this.#expect(OPEN_BRACE, 'an object');
    if (this.#takeIf(CLOSE_BRACE)) return false;
    this.#readMemberName();
    return true;
  }

  /** Goes on to the next member; false at the end of the object, which is consumed. */
  nextMember(): boolean {
    if (this.#takeIf(CLOSE_BRACE)) return false;
    this.#expect(COMMA, 'a comma or the end of the object');
    this.#readMemberName();
    return true;
  }

  /** Enters an array; false if it is empty. */
  enterArray(): boolean {
    this.#expect(OPEN_BRACKET, 'an array');
    return !this.#takeIf(CLOSE_BRACKET);
  }

  /** Goes on to the next element; false at the end of the array, which is consumed. */
  nextElement(): boolean {
    if (this.#takeIf(CLOSE_BRACKET)) return false;
    this.#expect(COMMA, 'a comma or the end of the array');
    return true;
  }

  /** Checks that nothing but space follows. */
  end(): void {
    this.#skipSpace();
    if (this.position < this.length) this.fail('something after the end of the JSON text');
  }

  /** Consumes a `null` if one comes next. */
  takeNull(): boolean {
    return this.#takeWord('null');
  }

  boolean(): boolean {
    if (this.#takeWord('true')) return true;
    if (this.#takeWord('false')) return false;
    return this.fail('something other than true or false');
  }

  /** Whether a string comes next. */
  atString(): boolean {
    this.#skipSpace();
    return this.#peek() === QUOTE;
  }

  /** A string that may be unique. */
  string(): string {
    return this.#string(false);
  }

  /** A string of which there are few. */
  key(): string {
    return this.#string(true);
  }

  /** The text of a number. */
  numberText(): string {
    this.#skipSpace();
    const start = this.position;
    let end = start;
    while (end < this.length && isNumberByte(this.bytes[end] as number)) end++;
    if (end === start) this.fail('something other than a number');
    const text = this.valueText(start, end);
    if (!NUMBER.test(text)) this.fail('a malformed number', start);
    this.position = end;
    return text;
  }

  /** Consumes a value of any kind. */
  skipValue(): void {
    this.#skipSpace();
    const byte = this.#peek();
    if (byte === QUOTE) this.#string(false);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++this.#skipDepth > this.#maxSkipDepth) {
        this.fail(`values nested deeper than ${this.#maxSkipDepth} levels`);
      }
      if (byte === OPEN_BRACE) {
        for (let more = this.enterObject(); more; more = this.nextMember()) this.skipValue();
      } else {
        for (let more = this.enterArray(); more; more = this.nextElement()) this.skipValue();
      }
      this.#skipDepth--;
    } else if (byte === MINUS || isDigit(byte)) this.numberText();
    else if (!this.takeNull()) this.boolean();
  }

  #readMemberName(): void {
    this.memberName = this.#string(true);
    this.#expect(COLON, 'a colon');
  }

  #string(isKey: boolean): string {
    this.#expect(QUOTE, 'a string');
    const bytes = this.bytes;
    const length = this.length;
    const start = this.position;
    let escaped = false;
    let at = start;
    for (;;) {
      while (at < length && ENDS_RUN[bytes[at] as number] === 0) at++;
      if (at >= length) this.fail('a string that is cut off', start - 1);
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) this.fail('a control character in a string', at);
      escaped = true;
      at += 2;
    }
    this.position = at + 1;
    if (escaped) return this.#unescape(start - 1, at + 1);
    return isKey ? this.keyText(start, at) : this.valueText(start, at);
  }

  #unescape(start: number, end: number): string {
    const quoted = this.text(start, end);
    let value: WellFormable;
    try {
      value = JSON.parse(quoted) as WellFormable;
    } catch {
      return this.fail('a malformed escape in a string', start);
    }
    if (value.isWellFormed()) return value;
    // A lone surrogate has no UTF-8 form, so that it could not be stored.
    this.invalidUtf8++;
    return value.toWellFormed();
  }

  #skipSpace(): void {
    const bytes = this.bytes;
    let at = this.position;
    while (at < this.length) {
      const byte = bytes[at];
      if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at++;
    }
    this.position = at;
  }

  #takeIf(byte: number): boolean {
    let next = this.#peek();
    if (next <= SPACE) {
      this.#skipSpace();
      next = this.#peek();
    }
    if (next !== byte) return false;
    this.position++;
    return true;
  }

  // The next byte, or one that is in no JSON text at the end of this one.
  #peek(): number {
    return this.position < this.length ? (this.bytes[this.position] as number) : 0xff;
  }

  #expect(byte: number, what: string): void {
    if (this.#takeIf(byte)) return;
    const found = this.position < this.length ? 'something else' : 'the end of the text';
    this.fail(`${found} where ${what} should be`);
  }

  #takeWord(word: string): boolean {
    this.#skipSpace();
    const end = this.position + word.length;
    if (end > this.length || this.#peek() !== word.charCodeAt(0) || this.keyText(this.position, end) !== word)
      return false;
    this.position = end;
    return true;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

// Digits, sign, point, exponent.
function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
