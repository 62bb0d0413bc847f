/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ACTIVITIES = ['user.session.start', 'user.authentication.sso', 'user.authentication.auth_via_mfa'];
const COUNTRIES = ['DE', 'US', 'FR', 'IN', 'BR', 'JP'];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
];

interface Attribute {
  key: string;
  value: { stringValue: string } | { boolValue: boolean } | { intValue: number };
}

/**
 * An `ExportLogsServiceRequest` as a plain object: identity logs of about 2 KB each when encoded, with 15
 * attributes and a body of about 1.2 KB of JSON text. The same `random` sequence gives the same request.
 */
export function identityLogsRequest(records: number, random: () => number) {
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += Math.floor(random() * 16).toString(16);
    return text;
  };
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
  const logRecords = Array.from({ length: records }, (_, i) => {
    const user = Math.floor(random() * 5000);
    const address = `198.51.${Math.floor(random() * 100)}.${Math.floor(random() * 256)}`;
    const [session, agent, country, activity] = [hex(32), pick(AGENTS), pick(COUNTRIES), pick(ACTIVITIES)];
    const event = {
      uuid: hex(32),
      published: new Date(1_760_000_000_000 + i * 37).toISOString(),
      eventType: activity,
      severity: 'INFO',
      displayMessage: 'A user signed in to an application with single sign-on',
      actor: {
        id: `00u${hex(16)}`,
        type: 'User',
        alternateId: `user${user}@example.com`,
        displayName: `User ${user}`,
      },
      client: {
        userAgent: { rawUserAgent: agent, os: 'Linux', browser: 'CHROME' },
        zone: 'null',
        device: 'Computer',
        id: hex(20),
        ipAddress: address,
        geographicalContext: {
          city: 'Springfield',
          country,
          postalCode: '12345',
          geolocation: { lat: 1.5, lon: 2.5 },
        },
      },
      outcome: { result: 'SUCCESS', reason: null },
      target: [
        {
          id: `0oa${hex(16)}`,
          type: 'AppInstance',
          alternateId: 'Payroll',
          displayName: 'Payroll',
          detailEntry: null,
        },
        { id: `0ua${hex(16)}`, type: 'AppUser', alternateId: `user${user}`, displayName: `User ${user}` },
      ],
      transaction: { type: 'WEB', id: hex(24), detail: {} },
      authenticationContext: { authenticationStep: 0, externalSessionId: session, rootSessionId: session },
      securityContext: { asNumber: 64500, asOrg: 'example networks', isp: 'example', domain: 'example.com' },
      request: { ipChain: [{ ip: address, version: 'V4', source: null }] },
    };
    const time = (1_760_000_000_000_000_000n + BigInt(i) * 37_000_001n).toString();
    return {
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: 9,
      severityText: 'INFO',
      eventName: activity,
      traceId: Buffer.from(hex(32), 'hex'),
      spanId: Buffer.from(hex(16), 'hex'),
      flags: 1,
      body: { stringValue: JSON.stringify(event) },
      attributes: [
        text('log.record.uid', event.uuid),
        text('user.id', event.actor.id),
        text('user.email', event.actor.alternateId),
        text('user.name', event.actor.displayName),
        text('session.id', session),
        text('client.address', address),
        text('geo.country.iso_code', country),
        text('user_agent.original', agent),
        text('http.request.method', pick(['GET', 'POST'])),
        { key: 'http.response.status_code', value: { intValue: 200 } },
        text('url.path', `/app/payroll/${hex(8)}`),
        text('service.name', 'identity-gateway'),
        { key: 'client.as.number', value: { intValue: 64500 } },
        { key: 'mfa.passed', value: { boolValue: random() < 0.5 } },
        text('deployment.environment.name', 'production'),
      ] as Attribute[],
    };
  });
  const resource = { attributes: [text('service.name', 'identity-gateway'), text('host.name', 'gw-1')] };
  const scope = { name: 'io.example.identity', version: '1.4.2' };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] };
}
