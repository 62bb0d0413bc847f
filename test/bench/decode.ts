import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DEFAULT_DECODE_LIMITS } from '../../processor/receiver/decode-limits.js';
import type { LogRecord } from '../../processor/receiver/log-record.js';
import { decodeProtobufLogs } from '../../processor/receiver/protobuf-logs.js';
import { encodeLogsRequest, LogsRequestType } from '../processor/receiver/otlp-descriptor.js';
import { identityLogsRequest, seededRandom } from '../processor/receiver/sample-requests.js';

const SEED = 20260721;
const RECORDS = 1000;
const REQUESTS = 8;
const ROUNDS = 9;
const REQUESTS_A_ROUND = 96;
const GUNZIP = { chunkSize: 256 * 1024 };

type Contender = (body: Buffer) => number;

const contenders: Record<string, Contender> = {
  'gunzip alone': (body) => (gunzipSync(body, GUNZIP).length > 0 ? RECORDS : 0),
  'gunzip + Vouchtrail': (body) => {
    const records: LogRecord[] = [];
    decodeProtobufLogs(gunzipSync(body, GUNZIP), DEFAULT_DECODE_LIMITS, (record) => records.push(record));
    return records.length;
  },
  'gunzip + protobufjs': (body) => {
    const request = LogsRequestType.decode(gunzipSync(body, GUNZIP)) as unknown as {
      resourceLogs: { scopeLogs: { logRecords: unknown[] }[] }[];
    };
    let records = 0;
    for (const group of request.resourceLogs) {
      for (const scope of group.scopeLogs) records += scope.logRecords.length;
    }
    return records;
  },
};

/**
 * Measures, in microseconds of CPU a record, gunzip and decode of OTLP protobuf log requests by Vouchtrail and
 * by protobufjs. Each contender has a process of its own; rounds take turns.
 */
export async function run(): Promise<void> {
  const encoded = encodeLogsRequest(identityLogsRequest(RECORDS, seededRandom(SEED)));
  const bytes = Math.round(encoded.length / RECORDS);
  console.log(
    `${RECORDS} records a request, ${bytes} bytes a record (${Math.round(gzipSync(encoded).length / RECORDS)} gzipped), ` +
      `15 attributes; ${ROUNDS} rounds of ${REQUESTS_A_ROUND} requests, seed ${SEED}\n`,
  );
  const names = Object.keys(contenders);
  const children = names.map(startChild);
  const figures = names.map((): number[] => []);
  try {
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, child] of children.entries()) {
        const figure = await measure(child);
        if (round >= 0) figures[i]?.push(figure);
      }
    }
  } finally {
    for (const child of children) child.kill();
  }
  report(names, figures);
}

function report(names: string[], figures: number[][]): void {
  console.log('                         us a record: median, min..max      records/s a core');
  for (const [i, name] of names.entries()) {
    const own = figures[i] ?? [];
    const rate = Math.round(1e6 / median(own)).toLocaleString('en');
    console.log(`${name.padEnd(24)} ${spread(own).padEnd(34)} ${rate.padStart(16)}`);
  }
  const [gunzip = [], ours = [], reference = []] = figures;
  // Rounds of one number ran next to each other, so that their ratio is freer of noise than the figures.
  const ratios = ours.map((figure, i) => (reference[i] ?? Number.NaN) / figure);
  const [alone, other] = [median(ours) - median(gunzip), median(reference) - median(gunzip)];
  console.log(
    `\nprotobufjs / Vouchtrail: ${spread(ratios)} with gunzip, ${(other / alone).toFixed(2)} without`,
  );
  console.log(`decode without gunzip:   ${alone.toFixed(2)} us a record against ${other.toFixed(2)}`);
}

function spread(values: number[]): string {
  return `${median(values).toFixed(2)}, ${Math.min(...values).toFixed(2)}..${Math.max(...values).toFixed(2)}`;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function startChild(name: string): ChildProcess {
  const execArgv = ['--import', 'tsx', '--max-semi-space-size=64'];
  return fork(fileURLToPath(import.meta.url), ['--child', name], { execArgv });
}

function measure(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a measuring process ended with code ${code}`));
    child.once('exit', onExit);
    child.once('message', (figure) => {
      child.off('exit', onExit);
      resolve(figure as number);
    });
    child.send('round');
  });
}

function serveRounds(decode: Contender): void {
  const random = seededRandom(SEED);
  const bodies = Array.from({ length: REQUESTS }, () =>
    gzipSync(encodeLogsRequest(identityLogsRequest(RECORDS, random))),
  );
  process.on('message', () => {
    const before = process.cpuUsage();
    let records = 0;
    for (let i = 0; i < REQUESTS_A_ROUND; i++) records += decode(bodies[i % REQUESTS] as Buffer);
    const { user, system } = process.cpuUsage(before);
    process.send?.((user + system) / records);
  });
}

if (process.send && process.argv[2] === '--child') {
  const decode = contenders[process.argv[3] ?? ''];
  if (decode) serveRounds(decode);
}
