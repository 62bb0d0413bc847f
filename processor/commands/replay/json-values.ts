import { MOST_BYTES_AT_ONCE, type TextLine } from './text-lines.js';

/** A JSON value of a file, or a line that is none. */
export type FoundValue =
  | { readonly line: number; readonly value: unknown; readonly text: string }
  | { readonly line: number; readonly fault: string };

/**
 * The JSON values of a file: one on each line, or, if the first line is not JSON by itself, the file as one
 * value over several lines. Only such a file is held in memory, up to `MOST_BYTES_AT_ONCE`; if it is not one
 * value after all, its lines are taken one by one and those that are not JSON are faults.
 */
export async function* jsonValues(lines: AsyncIterable<TextLine>): AsyncGenerator<FoundValue> {
  // Taken by hand: leaving a `for await` early would end the lines.
  const iterator = lines[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && isBlank(next.value)) next = await iterator.next();
  if (next.done) return;
  const first = parse(next.value);
  if (!('fault' in first)) {
    yield first;
  } else {
    const held = [next.value];
    for (let characters = 0; characters <= MOST_BYTES_AT_ONCE; ) {
      next = await iterator.next();
      if (next.done) break;
      held.push(next.value);
      characters += next.value.text?.length ?? MOST_BYTES_AT_ONCE;
    }
    yield* heldValues(held);
  }
  for (next = await iterator.next(); !next.done; next = await iterator.next()) {
    if (!isBlank(next.value)) yield parse(next.value);
  }
}

function* heldValues(held: readonly TextLine[]): Generator<FoundValue> {
  const [first] = held as [TextLine];
  if (held.length > 1 && held.every(({ text }) => text !== undefined)) {
    const whole = parse({ number: first.number, text: held.map(({ text }) => text).join('\n') });
    if (!('fault' in whole)) {
      yield whole;
      return;
    }
  }
  for (const line of held) if (!isBlank(line)) yield parse(line);
}

function isBlank({ text }: TextLine): boolean {
  return text !== undefined && text.trim() === '';
}

function parse({ number, text }: TextLine): FoundValue {
  if (text === undefined) {
    return { line: number, fault: `longer than ${MOST_BYTES_AT_ONCE} bytes: write one record a line` };
  }
  try {
    return { line: number, value: JSON.parse(text), text };
  } catch (error) {
    return { line: number, fault: `not JSON: ${(error as Error).message}` };
  }
}
