import type { Company, Person, Visit } from './company.js';
import { type Attribute, type GeneratedRecord, number, text, texts } from './record.js';

/** The company's own applications, as `service.name` says them. */
export const SERVICES = ['payroll', 'expenses', 'tickets', 'wiki', 'people', 'crm'];

const ROUTES = [
  '/',
  '/reports',
  '/reports/{id}',
  '/people/{id}',
  '/search',
  '/approvals',
  '/settings',
  '/export',
];

/** A log record of one of the company's own applications, by OpenTelemetry's names. */
export function applicationRecord(company: Company, service: string): GeneratedRecord {
  const { chance } = company;
  const visit = company.visit(service, () => chance.hex(32));
  const at = company.tick();
  const [eventName, more] = visit.isFirst ? beginning(company) : use(company);
  return {
    timeUnixNano: `${at}${String(chance.below(1_000_000)).padStart(6, '0')}`,
    observedTimeUnixNano: `${at + 150 + chance.below(300)}000000`,
    severityNumber: 9,
    eventName,
    body: { stringValue: `${eventName} by ${visit.actor.login}` },
    attributes: [...usual(company, visit, service), ...more],
    traceId: Buffer.from(chance.hex(32), 'hex'),
    spanId: Buffer.from(chance.hex(16), 'hex'),
  };
}

function usual(company: Company, visit: Visit<Person>, service: string): Attribute[] {
  const { actor } = visit;
  return [
    text('session.id', visit.session),
    text('user.id', actor.employeeId),
    text('user.name', actor.login),
    text('user.email', actor.login),
    text('user.full_name', actor.name),
    text('client.address', visit.address),
    number('client.port', 32_768 + company.chance.below(28_000)),
    text('user_agent.original', visit.agent),
    text('device.id', actor.deviceId),
    text('server.address', `${service}.corp.example.com`),
    number('server.port', 443),
    text('url.scheme', 'https'),
    text('network.protocol.version', '2'),
    text('tls.client.ja3', '9f1c6d7ae3b84f0d2a5e7c6b1d908e3f'),
    text('log.record.uid', company.chance.uuid()),
    text('thread.name', `http-worker-${company.chance.below(16)}`),
    text('code.function.name', 'com.example.audit.AuditTrail.write'),
  ];
}

function beginning(company: Company): readonly [string, Attribute[]] {
  return [
    'app.sign_in',
    [
      text('vouchtrail.activity', 'sign_in'),
      text('vouchtrail.outcome', 'success'),
      texts('vouchtrail.amr', company.chance.happens(0.6) ? ['pwd', 'otp', 'mfa'] : ['hwk', 'user']),
    ],
  ];
}

function use(company: Company): readonly [string, Attribute[]] {
  const { chance } = company;
  const draw = chance.below(100);
  if (draw < 4) return ['session.end', []];
  const route = chance.pickUnevenly(ROUTES);
  return [
    'app.access',
    [
      text('http.request.method', chance.happens(0.8) ? 'GET' : 'POST'),
      text('http.route', route),
      text('url.path', route.replace('{id}', String(chance.below(100_000)))),
      number('http.response.status_code', draw < 97 ? 200 : 403),
      number('http.server.request.body.size', chance.below(4_000)),
    ],
  ];
}
