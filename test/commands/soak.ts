import { parseArgs } from 'node:util';
import { KillRounds, type Victim } from '../durability/kill-rounds.js';
import { overload } from '../durability/overload.js';
import { endAll, startedService, storePid, temporaryFolder } from '../program.js';

// npm run soak -- kill [--minutes 10]       kills the program, its store or both under load, and looks for losses
// npm run soak -- overload [--seconds 60]   sends more than can be stored, and looks at the memory

const VICTIMS: readonly Victim[] = ['child', 'program', 'both'];
const MIB = 1024 ** 2;

async function kill(minutes: number): Promise<number> {
  const rounds = await KillRounds.on(temporaryFolder());
  const end = Date.now() + minutes * 60_000;
  let acknowledged = 0;
  let number = 0;
  while (Date.now() < end) {
    const victim = VICTIMS[number++ % VICTIMS.length] as Victim;
    const { faults, ...round } = await rounds.round(victim, Math.random() * 2_000);
    acknowledged += round.acknowledged;
    console.log(
      `round ${number}: kill -9 of ${victim}; ${round.acknowledged} of ${round.sent} records acknowledged, ` +
        `acknowledged again after ${round.recoveredMs} ms; ${faults.length} faults`,
    );
    for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
    if (faults.length > 0) return 1;
  }
  const faults = await rounds.faults();
  console.log(`${number} rounds, ${acknowledged} acknowledged records, ${faults.length} faults in the end`);
  await rounds.close();
  return faults.length === 0 ? 0 : 1;
}

async function pressure(seconds: number, senders: number): Promise<number> {
  const dataDir = temporaryFolder();
  const service = await startedService(dataDir);
  const pids = () => [service.process.pid ?? 0, storePid(dataDir)];
  const { otlpHttpUrl } = service;
  const result = await overload({ otlpHttpUrl, pids, seconds, senders });
  const rate = (records: number): string => `${Math.round(records / result.seconds)} records/s`;
  const size = (bytes = 0): string => `${Math.round(bytes / MIB)} MiB`;
  console.log(`${senders} senders for ${result.seconds.toFixed(1)} s: ${rate(result.sent)} offered`);
  console.log(`${rate(result.acknowledged)} stored, ${rate(result.refused)} refused`);
  console.log(`offered ${(result.sent / result.acknowledged).toFixed(1)} times what was stored`);
  console.log(`peak memory: program ${size(result.peaks[0])}, store ${size(result.peaks[1])}`);
  console.log(
    `both at the same moment: ${size(result.peak)}, ${size(result.privatePeak)} of it without mapped files`,
  );
  service.process.kill('SIGTERM');
  await service.ended;
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '60' },
      senders: { type: 'string', default: '256' },
    },
  });
  try {
    if (positionals[0] === 'kill') return await kill(Number(values.minutes));
    if (positionals[0] === 'overload') return await pressure(Number(values.seconds), Number(values.senders));
  } finally {
    await endAll();
  }
  console.error(
    'Say what to do: npm run soak -- kill [--minutes 10] or overload [--seconds 60] [--senders 256]',
  );
  return 2;
}

process.exit(await main());
