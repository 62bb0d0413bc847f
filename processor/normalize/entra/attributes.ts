/**
 * Entra ID's records from log records that hold them in attributes only: the Collector's azure_event_hub receiver
 * (`azure.properties` as a map), its azure_encoding extension (each field of `properties` as an attribute of its own)
 * and JSON that a pipeline parsed into attributes.
 */
import type { AnyValue, AnyValueMap, LogRecord } from '../../receiver/log-record.js';
import { jsonOf } from '../any-value-json.js';
import type { JsonObject } from '../json-record.js';
import { readRecord } from './record.js';

/** Names: opentelemetry-collector-contrib, pkg/translator/azurelogs and extension/encoding/azureencodingextension. */
const FIELDS: readonly (readonly [field: string, attribute: string])[] = [
  ['category', 'azure.category'],
  ['operationName', 'azure.operation.name'],
  ['operationVersion', 'azure.operation.version'],
  ['correlationId', 'azure.correlation.id'],
  ['correlationId', 'azure.correlation_id'],
  ['resultType', 'azure.result.type'],
  ['resultSignature', 'azure.result.signature'],
  ['resultDescription', 'azure.result.description'],
  ['identity', 'azure.identity'],
  ['tenantId', 'azure.tenant.id'],
  ['callerIpAddress', 'network.peer.address'],
  ['callerIpAddress', 'net.sock.peer.addr'],
];

const RESOURCE_FIELDS: readonly (readonly [field: string, attribute: string])[] = [
  ['resourceId', 'azure.resource.id'],
  ['resourceId', 'cloud.resource_id'],
  ['tenantId', 'azure.tenant.id'],
];

const ATTRIBUTES = new Set(FIELDS.map(([, attribute]) => attribute));

/** Whether an attribute is a field of the envelope that {@link recordFromAttributes} rebuilt, and so in its raw text. */
export function isAzureAttribute(name: string): boolean {
  return name.startsWith('azure.') || ATTRIBUTES.has(name);
}

/** The record that a log record's attributes hold, in the shape of diagnostic settings, or `undefined`. */
export function recordFromAttributes(log: LogRecord): JsonObject | undefined {
  const { attributes } = log;
  let record: JsonObject;
  if (attributes['azure.category'] !== undefined) record = azureRecord(log);
  else if (attributes['category'] === undefined || attributes['properties'] === undefined) return undefined;
  else record = ownFields(attributes);
  return readRecord(record) === undefined ? undefined : record;
}

function azureRecord({ attributes, resource, timeUnixNano }: LogRecord): JsonObject {
  const record: JsonObject = {};
  const set = (field: string, value: AnyValue): void => {
    if (value !== undefined) record[field] ??= jsonOf(value);
  };
  if (timeUnixNano > 0n) record['time'] = new Date(Number(timeUnixNano / 1_000_000n)).toISOString();
  for (const [field, attribute] of FIELDS) set(field, attributes[attribute]);
  for (const [field, attribute] of RESOURCE_FIELDS) set(field, resource.attributes[attribute]);
  set('properties', attributes['azure.properties']);
  record['properties'] ??= { ...ownFields(attributes), correlationId: record['correlationId'] ?? null };
  return record;
}

/** Entra's own fields have no dots in their names; OpenTelemetry's and the Collector's have. */
function ownFields(attributes: AnyValueMap): JsonObject {
  const fields: JsonObject = {};
  for (const name of Object.keys(attributes)) {
    if (!name.includes('.')) fields[name] = jsonOf(attributes[name]);
  }
  return fields;
}
