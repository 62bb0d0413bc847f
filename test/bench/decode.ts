import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
  const medians = figures.map(median);
  console.log('                         us a record (median, min..max)   records/s a core');
  for (const [i, name] of names.entries()) {
    const own = figures[i] ?? [];
    const middle = medians[i] ?? Number.NaN;
    const spread = `${Math.min(...own).toFixed(2)}..${Math.max(...own).toFixed(2)}`;
    console.log(
      `${name.padEnd(24)} ${middle.toFixed(2).padStart(6)}   ${spread.padEnd(24)} ${Math.round(1e6 / middle)
        .toLocaleString('en')
        .padStart(12)}`,
    );
  }
  const [gunzip = 0, ours = 0, reference = 0] = medians;
  console.log(
    `\ndecode alone: ${(ours - gunzip).toFixed(2)} us against ${(reference - gunzip).toFixed(2)} us a record`,
  );
  console.log(`protobufjs / Vouchtrail: ${(reference / ours).toFixed(2)} with gunzip, `);
  console.log(`                         ${((reference - gunzip) / (ours - gunzip)).toFixed(2)} without`);
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function startChild(name: string): ChildProcess {
  const execArgv = ['--import', 'tsx', '--max-semi-space-size=64'];
  return fork(fileURLToPath(import.meta.url), ['--child', name], { execArgv });
}

async function measure(child: ChildProcess): Promise<number> {
  child.send('round');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a measuring process ended with ${code}`);
  });
  const [figure] = await Promise.race([once(child, 'message'), ended]);
  return figure as number;
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
