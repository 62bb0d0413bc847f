import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { answerOf, beginCall, frame, openSession } from './grpc-fixture.js';
import { encodeLogsRequest } from './otlp-descriptor.js';
import { MAX_BYTES_IN_FLIGHT, MS_A_BATCH, type Ready, type Report } from './overloaded-receivers.js';
import { PROTOBUF, send } from './receiver-fixture.js';
import { identityLogsRequest, seededRandom } from './sample-requests.js';

const MIB = 1024 * 1024;
const ROUNDS = 200;
const MS_A_ROUND = 20;

const body = encodeLogsRequest(identityLogsRequest(1000, seededRandom(61)));
const zipped = gzipSync(body);

it('keeps its memory bounded under ten times the rate that is stored, and refuses the rest for now', async () => {
  const child = fork(fileURLToPath(new URL('./overloaded-receivers.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  onTestFinished(() => {
    child.kill();
  });
  const [{ http, grpc }] = (await once(child, 'message')) as [Ready];
  const receiver = (url: string) => ({ url, port: Number(new URL(url).port), close: async () => undefined });
  const sessions = [openSession(receiver(grpc)), openSession(receiver(grpc))];
  const overGrpc = async (message: Buffer, session = sessions[0]) => {
    const call = beginCall(session as (typeof sessions)[0], { 'grpc-encoding': 'gzip' });
    call.end(message);
    return (await answerOf(call)).status;
  };
  const overHttp = async () => {
    const headers = { ...PROTOBUF, 'Content-Encoding': 'gzip' };
    return String((await send(receiver(http), headers, zipped, { agent: false })).status);
  };

  // No sender waits for the answer of another: what is not refused piles up.
  const sent: Promise<string>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    sent.push(overGrpc(frame(zipped, true)), overGrpc(frame(body), sessions[1]), overHttp());
    await new Promise((resolve) => setTimeout(resolve, MS_A_ROUND));
  }
  const answers = await Promise.all(sent);
  child.send('report');
  const [report] = (await once(child, 'message')) as [Report];

  const count = (...statuses: string[]) => answers.filter((answer) => statuses.includes(answer)).length;
  expect(new Set(answers)).toEqual(new Set(['200', '503', 'OK', 'UNAVAILABLE']));
  expect(count('OK', '200')).toBe(report.storedBatches);
  expect(report.storedBatches).toBeGreaterThan((0.5 * ROUNDS * MS_A_ROUND) / MS_A_BATCH);
  expect(answers.length).toBeGreaterThan(10 * report.storedBatches);
  // What was offered is many times what was held.
  expect(answers.length * body.length).toBeGreaterThan(1024 * MIB);
  expect(report.residentAtMost - report.residentAtStart).toBeLessThan(6 * MAX_BYTES_IN_FLIGHT);
});
