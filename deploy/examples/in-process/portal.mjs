// An application that tells of its sessions, with Vouchtrail's processor inside. README.md says how to run it.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { SessionLogRecordProcessor } from 'vouchtrail';

const {
  VOUCHTRAIL_KEY: key,
  VOUCHTRAIL_CLICKHOUSE_URL: url,
  VOUCHTRAIL_CLICKHOUSE_USER: username,
  VOUCHTRAIL_CLICKHOUSE_PASSWORD: password,
  VOUCHTRAIL_CLICKHOUSE_DATABASE: database,
} = process.env;

const sessions = new SessionLogRecordProcessor({
  key,
  ...(url && { store: { url, username, password, database } }),
  onDrop: (reason, events) => console.error(`${events} events did not get to the store: ${reason}`),
});

const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'portal' }),
  // First what enriches, then what exports; an OTLP exporter takes the console's place.
  processors: [sessions, new SimpleLogRecordProcessor({ exporter: new ConsoleLogRecordExporter() })],
});
const logger = provider.getLogger('portal.auth');

// Only because the first record comes at once: the address databases take a moment, and nothing waits for them.
await sessions.ready;

const client = {
  'client.address': '8.8.8.8',
  'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};
const session = { 'session.id': 'b54c1f3e-portal', 'user.id': 'ada@example.com', ...client };

logger.emit({
  eventName: 'sign_in',
  attributes: { ...session, 'vouchtrail.activity': 'sign_in', 'vouchtrail.amr': ['pwd', 'otp'] },
});
logger.emit({ eventName: 'app.access', attributes: { ...session, 'http.route': '/invoices' } });
logger.emit({ body: 'cache warmed up', attributes: { entries: 1_024 } });

// Flushes the store as well.
await provider.shutdown();
console.log(sessions.counters);
