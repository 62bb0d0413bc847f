/** What a started service offers, as the greeting needs it. */
export interface Offer {
  version: string;
  /** Without a path; absent without the role. */
  otlpHttpUrl: string | undefined;
  otlpGrpcUrl: string | undefined;
  apiUrl: string | undefined;
  healthUrl: string;
  /** Settings that differ from the defaults and that `npm run sql` needs too, as NAME=value. */
  sqlEnvironment: readonly string[];
  /** Undefined where nothing is stored. */
  dataIn: string | undefined;
  /** The next receiver's URL, where records go on to one. */
  forwardTo: string | undefined;
}

const record = JSON.stringify({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'webshop' } }] },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: 'NOW',
              eventName: 'app.access',
              attributes: [
                { key: 'session.id', value: { stringValue: 'first-session' } },
                { key: 'user.id', value: { stringValue: 'u-1815' } },
                { key: 'user.name', value: { stringValue: 'ada@example.com' } },
                { key: 'client.address', value: { stringValue: '198.51.100.7' } },
              ],
            },
          ],
        },
      ],
    },
  ],
}).replace('"NOW"', `"'$(date +%s)'000000000"`);

const query = JSON.stringify({
  query:
    '{ events(filter: { users: ["ada@example.com"] }) { nodes { time activity user { name } session { key verdict } } } }',
});

const sql = 'SELECT ts, activity, user_name, session_key FROM report_events ORDER BY ts DESC LIMIT 5';

/** Where to send, where to look, and commands to paste into a shell that try it. */
export function greeting(offer: Offer): string {
  const { version, otlpHttpUrl, otlpGrpcUrl, apiUrl, healthUrl, dataIn, forwardTo } = offer;
  const lines = [`Vouchtrail ${version} is ready.`, ''];
  if (otlpHttpUrl !== undefined) lines.push(`  Send OTLP logs to   ${otlpHttpUrl}/v1/logs`);
  if (otlpGrpcUrl !== undefined) lines.push(`  or over gRPC to     ${otlpGrpcUrl}`);
  if (forwardTo !== undefined) lines.push(`  They go on to       ${forwardTo}`);
  if (apiUrl !== undefined) lines.push(`  Ask in GraphQL      ${apiUrl}/graphql   (a browser gets GraphiQL)`);
  lines.push(`  Health, metrics     ${healthUrl}/readyz  ${healthUrl}/metrics`);
  lines.push(`  Data in             ${dataIn ?? 'nothing is stored (VOUCHTRAIL_STORE is off)'}`, '');
  if (otlpHttpUrl !== undefined) {
    lines.push('Send one record:', `  ${post(`${otlpHttpUrl}/v1/logs`, record)}`, '');
  }
  if (apiUrl !== undefined)
    lines.push('See it, and some seconds later its session:', `  ${post(`${apiUrl}/graphql`, query)}`, '');
  if (dataIn !== undefined) {
    const environment = offer.sqlEnvironment.map((assignment) => `${shellQuoted(assignment)} `).join('');
    lines.push('Ask the store:', `  ${environment}npm run sql -- ${shellQuoted(sql)}`, '');
  }
  lines.push('No authentication yet: only this machine can reach it. Ctrl-C stops it.');
  return lines.join('\n');
}

const post = (url: string, body: string): string =>
  `curl -sS ${url} -H 'Content-Type: application/json' -d '${body}'`;

/** NAME=value keeps its name outside of the quotes, or the shell would not see an assignment. */
function shellQuoted(text: string): string {
  const [, name = '', value = ''] = /^([A-Z_]+=)?(.*)$/s.exec(text) ?? [];
  return `${name}'${value.replaceAll("'", `'\\''`)}'`;
}
