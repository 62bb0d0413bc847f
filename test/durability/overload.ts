import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface OverloadOptions {
  /** Without a path. */
  readonly otlpHttpUrl: string;
  /** Processes whose memory counts, asked anew at each look: a child may be another one by then. */
  readonly pids: () => readonly number[];
  readonly seconds: number;
  readonly senders: number;
}

export interface Overload {
  /** Log records sent, and those of requests that were acknowledged and refused. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Of those acknowledged: while requests still came, not when the storm was over. */
  readonly acknowledgedMeanwhile: number;
  readonly refused: number;
  readonly seconds: number;
  /** The most that each process held at once, in bytes, and all of them at the same moment. */
  readonly peaks: readonly number[];
  readonly peak: number;
  /** The same of all of them without mapped files: the engine's library, which the system may drop and read again. */
  readonly privatePeak: number;
}

const RECORDS = 500;
const BODIES = 40;
const LOOK_EVERY_MS = 100;

/** Sends as fast as it can from many senders at once, none of which waits when it is refused, and looks at the memory. */
export async function overload({ otlpHttpUrl, pids, seconds, senders }: OverloadOptions): Promise<Overload> {
  const bodies = Array.from({ length: BODIES }, (_, i) => gzipSync(requestBody(i), { level: 1 }));
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  const counts = { sent: 0, acknowledged: 0, acknowledgedMeanwhile: 0, refused: 0 };
  const peaks: number[] = [];
  let [peak, privatePeak] = [0, 0];
  const look = setInterval(() => {
    const sizes = pids().map(memoryOf);
    for (const [i, { resident }] of sizes.entries()) peaks[i] = Math.max(peaks[i] ?? 0, resident);
    peak = Math.max(peak, sum(sizes.map(({ resident }) => resident)));
    privatePeak = Math.max(privatePeak, sum(sizes.map((size) => size.private)));
  }, LOOK_EVERY_MS);
  const began = performance.now();
  const storms = () => performance.now() - began < seconds * 1000;
  const sendOn = async (sender: number): Promise<void> => {
    for (let n = sender; storms(); n++) {
      counts.sent += RECORDS;
      const status = await post(otlpHttpUrl, agent, bodies[n % BODIES] as Buffer);
      if (status === 200) counts.acknowledged += RECORDS;
      else counts.refused += RECORDS;
      if (status === 200 && storms()) counts.acknowledgedMeanwhile += RECORDS;
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, sender) => sendOn(sender)));
  clearInterval(look);
  agent.destroy();
  return { ...counts, seconds: (performance.now() - began) / 1000, peaks, peak, privatePeak };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a process holds in memory, in bytes; nothing when it is gone. Linux only. */
function memoryOf(pid: number): { resident: number; private: number } {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // Gone.
  }
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { resident: kib('VmRSS') * 1024, private: kib('RssAnon') * 1024 };
}

/** @returns the HTTP status, 0 if the connection broke */
function post(url: string, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': body.length,
    };
    const sending = request(`${url}/v1/logs`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sending.on('error', () => resolve(0));
    sending.end(body);
  });
}

function requestBody(number: number): string {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = Array.from({ length: RECORDS }, (_, i) => {
    const id = number * RECORDS + i;
    return {
      timeUnixNano: `${Date.now() - id}000000`,
      eventName: 'app.access',
      body: { stringValue: `request ${id} was served `.repeat(20) },
      attributes: [
        text('log.record.uid', `overload ${id}`),
        text('session.id', `session ${id % 2000}`),
        text('user.name', `person${id % 300}@example.com`),
        text('client.address', `198.51.100.${id % 250}`),
        text('user_agent.original', `Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/${id % 120}.0`),
        text('url.path', `/invoices/${id}`),
      ],
    };
  });
  const resource = { attributes: [text('service.name', 'overload')] };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
}
