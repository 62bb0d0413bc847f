import { isObject, isTrueIn, type Json, type JsonObject, objectIn, textIn } from '../json-record.js';
import type { OktaRecord } from './record.js';

/** Event types that are a verdict by themselves. */
const VERDICTS: Readonly<Record<string, string>> = {
  'app.oauth2.token.detect_reuse': 'refresh_token_reuse',
  'app.oauth2.as.token.detect_reuse': 'refresh_token_reuse',
  'app.token.reuse': 'refresh_token_reuse',
  'security.session.detect_client_roaming': 'client_roaming',
  'security.breached_credential.detected': 'breached_credential',
  'security.attack.start': 'org_under_attack',
  'security.threat.detected': 'threat_suspected',
  'user.session.context.change': 'session_context_change',
  'user.account.report_suspicious_activity_by_enduser': 'reported_by_user',
  'policy.auth_reevaluate.fail': 'policy_violation',
  'policy.continuous_access.evaluate': 'policy_violation',
  'system.api_token.request_outside_allowed_range': 'outside_allowed_range',
  'system.oauth2.token.request_outside_allowed_range': 'outside_allowed_range',
};

const MAX_RISKS = 8;

/**
 * Okta's own verdicts on an event, in lower case with underscores: of its type, of ThreatInsight, of the names of
 * detections, and a risk level of high. Behaviours (new device, new address) and proxies are no verdicts.
 */
export function readRisks(record: OktaRecord): readonly string[] {
  const { debug, eventType, reason } = record;
  const risks = new Set<string>();
  const verdict = VERDICTS[eventType];
  if (verdict !== undefined && Object.hasOwn(VERDICTS, eventType)) risks.add(verdict);
  if (isTrueIn(debug, 'threatSuspected')) risks.add('threat_suspected');
  if (/declined phishing/i.test(reason.slice(0, 256))) risks.add('phishing_declined');
  for (const name of Object.keys(jsonIn(debug, 'threatDetections'))) risks.add(wordOf(name));
  const risk = textOf(debug['risk']);
  const detection = /\bdetectionName=([^,}]{1,64})/.exec(risk)?.[1];
  if (detection !== undefined) risks.add(wordOf(detection));
  const scored = textIn(objectIn(jsonIn(debug, 'logOnlySecurityData'), 'risk'), 'level');
  if (/\blevel=HIGH\b/i.test(risk) || /^high$/i.test(scored)) risks.add('risk_high');
  if (textIn(debug, 'proxyType').toLowerCase() === 'tor') risks.add('tor');
  return [...risks].filter((word) => word !== '').slice(0, MAX_RISKS);
}

function wordOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 64);
}

const LONGEST_JSON = 4096;

/** `{level=HIGH, reasons=...}` as text, or the same as an object where a shipper parsed it. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value.slice(0, LONGEST_JSON);
  if (!isObject(value)) return '';
  const { level, detectionName } = value;
  return `{detectionName=${String(detectionName ?? '')}, level=${String(level ?? '')}}`;
}

/** JSON that Okta writes as text, and shippers parse. */
function jsonIn(debug: JsonObject, field: string): JsonObject {
  const value = debug[field];
  if (isObject(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('{') || value.length > LONGEST_JSON) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
