import { parseArgs } from 'node:util';
import { compare, shortfalls } from '../conformance/agreement.js';
import { ConformanceFileError, FILE, readLines } from '../conformance/lines.js';
import { createReader } from '../conformance/reading.js';
import { reportText } from '../conformance/report.js';

// npm run conformance: what the normalisers read from real records, beside what another product read from them.

const USAGE = `Usage: npm run conformance -- DIR [--min 0.97] [--json]

Reads DIR/${FILE}: a line a record, {"vendor", "raw", "expected": {"user_id", "user_name", "user_email",
"source_ip", "outcome", "user_agent"}}. Prints per source how many were recognised and how far we agree on user,
address, outcome and user agent where they are expected. A user agrees if any id, name or mail does, in any case.

  --min N   exit 1 if any share, over all records of supported sources, is below N (0 to 1)
  --json    one line a record instead: {n, recognised, source, user: {id, name, email}, address, outcome, userAgent}
  --help    this text
`;

function main(args: readonly string[]): number {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(options);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const read = createReader();
  const lines = readLines(options.folder).map(read);
  const comparison = compare(lines);
  process.stdout.write(
    options.json
      ? lines.map(({ reading }) => `${JSON.stringify(reading)}\n`).join('')
      : reportText(comparison),
  );
  const short = options.min === undefined ? [] : shortfalls(comparison, options.min);
  if (short.length > 0) process.stderr.write(`Below the minimum: ${short.join(', ')}\n`);
  return short.length > 0 ? 1 : 0;
}

interface Options {
  readonly folder: string;
  readonly min: number | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** The options, or what is wrong with them. */
function readOptions(args: readonly string[]): Options | string {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { min: { type: 'string' }, json: flag, help: { ...flag, short: 'h' } },
    });
    const [folder = '', ...others] = positionals;
    const min = values.min === undefined ? undefined : Number(values.min);
    if (!values.help && (folder === '' || others.length > 0)) return `Name one folder.\n\n${USAGE}`;
    if (min !== undefined && !(values.min?.trim() !== '' && min >= 0 && min <= 1)) {
      return `--min ${values.min} is no share: give a number from 0 to 1, such as 0.97\n`;
    }
    return { folder, min, json: values.json, help: values.help };
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConformanceFileError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
