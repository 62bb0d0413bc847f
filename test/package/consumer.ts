/** What a program that uses the package looks like; written into projects that have it installed. */

/** Emits a sign-in and prints, as JSON, what the record says when it is exported. Runs with every SDK since 0.200. */
export const program = `
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { SessionLogRecordProcessor } from 'vouchtrail';

const exporter = new InMemoryLogRecordExporter();
// Until 0.2xx it takes the exporter itself, then an object that holds it.
const exporting = new SimpleLogRecordProcessor(Object.assign(exporter, { exporter }));
const sessions = new SessionLogRecordProcessor({ addresses: false, key: 'a key that is as long as it has to be' });
const provider = new LoggerProvider({ processors: [sessions, exporting] });
for (const processor of [sessions, exporting]) provider.addLogRecordProcessor?.(processor);
provider.getLogger('portal').emit({
  eventName: 'sign_in',
  attributes: { 'session.id': 'a session of the portal', 'vouchtrail.activity': 'sign_in' },
});
const [record] = exporter.getFinishedLogRecords();
await provider.shutdown();
console.log(JSON.stringify({ attributes: record.attributes, counters: sessions.counters }));
`;

/** Uses the types with those of the SDK; must compile. */
export const typedProgram = `
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  type Activity,
  type DropReason,
  EventsNotStoredError,
  ProcessorOptionError,
  SessionLogRecordProcessor,
  type SessionLogRecordProcessorOptions,
} from 'vouchtrail';

declare const key: string | undefined;
const options: SessionLogRecordProcessorOptions = {
  key,
  addresses: { country: '/var/lib/country.mmdb' },
  policy: { corporateNetworks: ['198.51.100.0/24'] },
  store: { url: 'https://clickhouse.example.com:8443', password: key, limits: { queueEvents: 500 } },
  onDrop: (reason: DropReason, events) => console.error(reason, events.toFixed()),
};
const sessions = new SessionLogRecordProcessor(options);
export const processors: LogRecordProcessor[] = [sessions, new SessionLogRecordProcessor()];
export const activity: Activity = 'sign_in';
export const dropped: number = sessions.counters.dropped;
export const faults: (new (...args: never[]) => Error)[] = [EventsNotStoredError, ProcessorOptionError];
await sessions.ready;
`;

/** Misuses that must not compile, each in a line of its own. */
export const misuses = [
  'new SessionLogRecordProcessor({ key: 7 });',
  "new SessionLogRecordProcessor({ store: { username: 'a store without a URL' } });",
  'new SessionLogRecordProcessor({ addresses: true });',
  "new SessionLogRecordProcessor().onEmit('no record');",
  'new SessionLogRecordProcessor().counters.dropped = 0;',
];

/** Prints the files of every module that importing the package loads, whichever way it is loaded. */
export const moduleLister = `
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const list = process.argv[2];
const hooks = \`
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(\${JSON.stringify(list)}, url + '\\\\n');
  return next(url, context);
}\`;
register('data:text/javascript,' + encodeURIComponent(hooks));
await import('vouchtrail');
appendFileSync(list, Object.keys(createRequire(import.meta.url).cache).join('\\n'));
console.log(readFileSync(list, 'utf8'));
`;
