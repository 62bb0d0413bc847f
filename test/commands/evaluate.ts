import { parseArgs } from 'node:util';

// npm run evaluate: tells labelled scenarios in a company's background, judges them, and measures what is found.

const USAGE = `Usage: npm run evaluate [-- OPTIONS]

  --seed TEXT     the world to tell; several are told one after another (default: tuning-1)
  --users N       users besides those of the scenarios (default 40)
  --days N        days, at least 12 (default 14)
  --every HOURS   how often it is judged by day (default 4); a third as often at night
  --only TEXT     only scenarios whose id holds it; may be given several times
  --explain       what judging saw of each miss and each false finding
  --json          the figures as JSON instead of the report
  --write         writes docs/evaluation.md; without --seed of the tuning and the held-out seeds

Starts the embedded store in a temporary folder, which is removed at the end.
`;

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { runEvaluation } = await import('../evaluation/command.js');
  return await runEvaluation(flags);
}

function readFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', multiple: true, default: [] },
        users: { type: 'string', default: '40' },
        days: { type: 'string', default: '14' },
        every: { type: 'string', default: '4' },
        only: { type: 'string', multiple: true, default: [] },
        explain: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    const [users, days, everyHours] = [Number(values.users), Number(values.days), Number(values.every)];
    if (!Number.isInteger(users) || users < 0)
      throw new TypeError(`--users ${values.users} is no whole number`);
    if (!Number.isInteger(days) || days < 12)
      throw new TypeError(`--days ${values.days}: give a whole number of 12 or more`);
    if (!Number.isInteger(everyHours) || everyHours < 1)
      throw new TypeError(`--every ${values.every}: give whole hours`);
    return { ...values, users, days, everyHours };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nTry: npm run evaluate -- --help\n`);
    return undefined;
  }
}

process.exit(await main(process.argv.slice(2)));
