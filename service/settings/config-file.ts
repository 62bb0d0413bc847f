import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { headersText } from './kinds.js';
import type { Problem } from './problem.js';
import { nearestSetting, settingNamed, settings } from './settings.js';

/** A setting as a configuration file gives it, as text like a variable's. */
export interface FileValue {
  readonly text: string;
  /** `vouchtrail.yaml line 3: otlp.http_port` */
  readonly place: string;
}

export interface ConfigFile {
  /** By the name of the variable. */
  readonly values: ReadonlyMap<string, FileValue>;
  readonly problems: readonly Problem[];
}

const PREFIX = 'VOUCHTRAIL_';

/**
 * Reads a configuration file. A setting's name there is its variable's in lower case without `VOUCHTRAIL_`, and
 * may be nested at any underscore: `otlp_http_port: 4318` and `otlp: {http_port: 4318}` are the same. Lists and
 * headers may be written as such. Never throws: what is wrong is among the problems, with its line.
 *
 * @param path named in problems
 */
export function readConfigFile(text: string, path: string): ConfigFile {
  return new FileReader(text, path).read();
}

class FileReader {
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #document;
  readonly #values = new Map<string, FileValue>();
  readonly #problems: Problem[] = [];

  constructor(text: string, path: string) {
    this.#path = path;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): ConfigFile {
    const { contents, errors } = this.#document;
    if (errors.length > 0) {
      for (const { pos, message } of errors)
        this.#wrong(this.#place(pos[0], 'the text'), '', `is no YAML: ${message}`);
    } else if (isMap(contents)) {
      this.#readMap(contents, []);
    } else if (contents !== null && !(isScalar(contents) && contents.value === null)) {
      this.#wrong(this.#place(0, 'the document'), '', 'must be settings: name: value');
    }
    return { values: this.#values, problems: this.#problems };
  }

  #readMap(map: YAMLMap, above: readonly string[]): void {
    for (const pair of map.items) this.#readPair(pair as Pair<Scalar, unknown>, above);
  }

  #readPair({ key, value }: Pair<Scalar, unknown>, above: readonly string[]): void {
    const path = [...above, String(key.value)];
    const dotted = path.join('.');
    const place = this.#place(key.range?.[0] ?? 0, dotted);
    const name = nameOf(path);
    const setting = settingNamed(name);
    if (isScalar(value) && value.value === null) return;
    if (
      isMap(value) &&
      setting?.inFile !== 'mapping' &&
      settings.some((other) => isBelow(other.name, name))
    ) {
      this.#readMap(value, path);
    } else if (setting === undefined || name === `${PREFIX}CONFIG`) {
      const meant = pathOf(nearestSetting(name));
      this.#wrong(place, '', `is not a setting; did you mean ${meant}?`);
    } else if (this.#values.has(name)) {
      this.#wrong(place, '', `was set before, at ${this.#values.get(name)?.place}`);
    } else {
      const text = textOf(value, setting.inFile);
      if (text === undefined) this.#wrong(place, '', `must be ${setting.allowed}`);
      else this.#values.set(name, { text, place });
    }
  }

  #place(offset: number, path: string): string {
    return `${this.#path} line ${this.#lines.linePos(offset).line || 1}: ${path}`;
  }

  #wrong(name: string, value: string, reason: string): void {
    this.#problems.push({ name, value, reason });
  }
}

const nameOf = (path: readonly string[]): string => `${PREFIX}${path.join('_').toUpperCase()}`;
const pathOf = (name: string): string => name.slice(PREFIX.length).toLowerCase();
const isBelow = (name: string, above: string): boolean => name.startsWith(`${above}_`);

/** The text that a variable would hold; undefined if the node cannot be one. */
function textOf(node: unknown, form: 'list' | 'mapping' | undefined): string | undefined {
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : node.source;
  if (form === 'list' && isSeq(node)) return joined(node.items.map((item) => textOf(item, undefined)));
  if (form !== 'mapping' || !isMap(node)) return undefined;
  const pairs = node.items.map(
    ({ key, value }) => [textOf(key, undefined), textOf(value, undefined)] as const,
  );
  const whole = pairs.filter((pair): pair is readonly [string, string] => !pair.includes(undefined));
  return whole.length === pairs.length ? headersText(whole) : undefined;
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join(',');
}
