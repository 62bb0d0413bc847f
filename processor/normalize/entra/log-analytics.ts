/**
 * Rows of Entra ID's tables in Log Analytics, as its data export writes them: one flat object, every column's name
 * with a capital. Columns: Azure Monitor reference, SigninLogs, AADNonInteractiveUserSignInLogs, AuditLogs, ...
 */
import { type JsonObject, textIn } from '../json-record.js';

/** Columns whose names differ in more than their first letter. `TenantId` is the workspace's. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['AADTenantId', 'tenantId'],
  ['AadTenantId', 'tenantId'],
  ['IPAddress', 'ipAddress'],
  ['ResourceIdentity', 'resourceId'],
  ['RiskEventTypes_V2', 'riskEventTypes_v2'],
  ['TenantId', 'workspaceId'],
  ['TimeGenerated', 'time'],
]);

/** A row with the names that the record has in its other shapes, and the category of its table. */
export interface Row {
  readonly category: string;
  readonly fields: JsonObject;
}

/** The row that a record is, or `undefined` if its names say that it is none. */
export function rowOf(record: JsonObject): Row | undefined {
  const { Type: table, Category: category, TenantId: workspace } = record;
  if (typeof workspace !== 'string' || (typeof table !== 'string' && typeof category !== 'string')) {
    return undefined;
  }
  const fields: JsonObject = {};
  for (const name of Object.keys(record)) {
    const field = COLUMNS.get(name) ?? name.charAt(0).toLowerCase() + name.slice(1);
    fields[field] = record[name];
  }
  // The table of the audit log has the log's own categories in that column.
  return { category: textIn(record, 'Type').replace(/^AAD/, '') || textIn(record, 'Category'), fields };
}
