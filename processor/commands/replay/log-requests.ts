import type { RecordGroup } from './replay-records.js';

const MOST_RECORDS = 500;
const MOST_CHARACTERS = 2_000_000;

/** An OTLP/JSON request of some log records. */
export interface LogRequest {
  readonly records: number;
  readonly body: string;
}

/** Puts log records into requests of at most 500 records and about 2 MB; a larger record goes alone. */
export class LogRequests {
  #groups: { group: RecordGroup; records: string[] }[] = [];
  #records = 0;
  #characters = 0;

  /** Adds a record; returns the request that it no longer fitted into, if so. */
  add(group: RecordGroup, json: string): LogRequest | undefined {
    const full =
      this.#records >= MOST_RECORDS ||
      (this.#records > 0 && this.#characters + json.length > MOST_CHARACTERS);
    const request = full ? this.take() : undefined;
    const last = this.#groups.at(-1);
    if (last?.group === group) last.records.push(json);
    else this.#groups.push({ group, records: [json] });
    this.#records += 1;
    this.#characters += json.length;
    return request;
  }

  /** The request of what was added since the last one; undefined if that is nothing. */
  take(): LogRequest | undefined {
    if (this.#records === 0) return undefined;
    const resourceLogs = this.#groups.map(({ group, records }) => {
      const scope = json({ scope: group.scope, schemaUrl: group.scopeSchemaUrl });
      const resource = json({ resource: group.resource, schemaUrl: group.resourceSchemaUrl });
      return `{${resource}"scopeLogs":[{${scope}"logRecords":[${records.join(',')}]}]}`;
    });
    const request = { records: this.#records, body: `{"resourceLogs":[${resourceLogs.join(',')}]}` };
    this.#groups = [];
    this.#records = 0;
    this.#characters = 0;
    return request;
  }
}

/** The members of an object that have a value, as JSON text that goes on with further members. */
function json(members: Record<string, unknown>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`)
    .join('');
}
