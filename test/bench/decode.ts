import { gunzipSync, gzipSync } from 'node:zlib';
import { DEFAULT_DECODE_LIMITS } from '../../processor/receiver/decode-limits.js';
import type { LogRecord } from '../../processor/receiver/log-record.js';
import { decodeProtobufLogs } from '../../processor/receiver/protobuf-logs.js';
import { encodeLogsRequest, LogsRequestType } from '../processor/receiver/otlp-descriptor.js';
import { identityLogsRequest, seededRandom } from '../processor/receiver/sample-requests.js';
import type { Effort, Say } from './measuring/benchmark.js';
import { measureInTurns, type Round } from './measuring/contenders.js';
import { median, ratios, spread, whole } from './measuring/statistics.js';

const SEED = 20260721;
const REQUESTS = 8;
const SIZES = {
  full: { records: 1000, rounds: 9, requestsARound: 96 },
  smoke: { records: 20, rounds: 1, requestsARound: REQUESTS },
} as const;
const GUNZIP = { chunkSize: 256 * 1024 };

/** Returns the number of records in a request. */
type Contender = (body: Buffer) => number;

const contenders: Record<string, Contender> = {
  'gunzip alone': (body) => (gunzipSync(body, GUNZIP).length > 0 ? 1 : 0),
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
 * by protobufjs.
 */
export async function run(say: Say, effort: Effort): Promise<void> {
  const { records, rounds, requestsARound } = SIZES[effort];
  const encoded = encodeLogsRequest(identityLogsRequest(records, seededRandom(SEED)));
  say(
    `OTLP requests (protobuf, gzip) of ${whole(records)} records with 15 attributes; ${whole(encoded.length / records)} bytes a record,`,
  );
  say(
    `${whole(gzipSync(encoded).length / records)} gzipped; seed ${SEED}; ${rounds} rounds of ${requestsARound} requests.`,
  );
  const names = Object.keys(contenders);
  const input = JSON.stringify({ records, requestsARound } satisfies Input);
  report(say, names, await measureInTurns({ module: import.meta.url, contenders: names, input, rounds }));
}

function report(say: Say, names: string[], figures: number[][]): void {
  say('');
  say('                       us a record: median, min..max  records/s a core');
  for (const [i, name] of names.entries()) {
    const own = figures[i] ?? [];
    say(`${name.padEnd(22)} ${spread(own).padEnd(30)} ${whole(1e6 / median(own)).padStart(16)}`);
  }
  const [gunzip = [], ours = [], reference = []] = figures;
  const [alone, other] = [median(ours) - median(gunzip), median(reference) - median(gunzip)];
  say('');
  say(
    `protobufjs / Vouchtrail: ${spread(ratios(reference, ours))} with gunzip, ${(other / alone).toFixed(2)} without`,
  );
  say(`decode without gunzip:   ${alone.toFixed(2)} us a record against ${other.toFixed(2)}`);
}

interface Input {
  readonly records: number;
  readonly requestsARound: number;
}

/** A contender in its own process. */
export function prepare(contender: string, input: string): Round {
  const { records, requestsARound } = JSON.parse(input) as Input;
  const decode = contenders[contender] as Contender;
  const random = seededRandom(SEED);
  const bodies = Array.from({ length: REQUESTS }, () =>
    gzipSync(encodeLogsRequest(identityLogsRequest(records, random))),
  );
  return () => {
    const before = process.cpuUsage();
    for (let i = 0; i < requestsARound; i++) decode(bodies[i % REQUESTS] as Buffer);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (requestsARound * records);
  };
}
