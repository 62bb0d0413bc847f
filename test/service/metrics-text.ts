/** One line of a scrape: `name{label="value"} 1`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  /** By the name of the metric: `counter`, `gauge` or `histogram`. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const line = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * Reads the Prometheus text format 0.0.4.
 * @throws Error for a line that is none of its lines
 */
export function readScrape(text: string): Scrape {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const written of text.split('\n').filter((one) => one !== '')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(written);
    if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    if (written.startsWith('#')) continue;
    const { name = '', labels = '', value = '' } = line.exec(written)?.groups ?? {};
    if (name === '') throw new Error(`this is no line of a scrape: ${written}`);
    const pairs = [...labels.matchAll(label)].map(
      ([, key = '', text = '']) => [key, unescaped(text)] as const,
    );
    samples.push({ name, labels: Object.fromEntries(pairs), value: numberOf(value) });
  }
  return { types, samples };
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** The metric that a sample belongs to: a histogram has samples of three names. */
export function metricOf({ types }: Scrape, { name }: Sample): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return types.get(base) === 'histogram' ? base : name;
}
