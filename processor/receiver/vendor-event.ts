/**
 * Finds the vendors' records in a log record. Collectors deliver them as JSON text, as a map, as bytes, several in
 * one body, wrapped by a queue, or with an empty body and everything in attributes; what a record is is told by an
 * explicit `vouchtrail.source`, else by its shape, never by the name of the scope.
 */
import { attributeText, jsonOf } from '../normalize/any-value-json.js';
import { isObject, type Json, type JsonObject, textIn } from '../normalize/json-record.js';
import type { Vendor, VendorRecord } from '../normalize/vendor.js';
import type { AnyValueMap, LogRecord } from './log-record.js';

/** Something that is a vendor's by its own word or by its looks, and cannot be read. */
export interface UnreadableVendorRecord {
  readonly source: string;
  readonly path: string;
  readonly reason: string;
  /** As it came, secrets and all. */
  readonly text: string;
}

export type VendorEvents =
  | {
      readonly kind: 'vendor';
      readonly records: readonly VendorRecord[];
      readonly unreadable: readonly UnreadableVendorRecord[];
      /** How many records of other logs came along: whole, and not about identity. */
      readonly others: number;
    }
  /** An application's own record about a session or a user, by OpenTelemetry's names. */
  | { readonly kind: 'native' }
  /** Not about identity. */
  | { readonly kind: 'none' };

const NATIVE: VendorEvents = { kind: 'native' };
const NONE: VendorEvents = { kind: 'none' };

/** Any of these on a record makes it about identity. */
const NATIVE_ATTRIBUTES = [
  'session.id',
  'user.id',
  'user.name',
  'user.email',
  'user.hash',
  'user.full_name',
  'enduser.id',
  'enduser.pseudo.id',
  'vouchtrail.activity',
];

/** How deep wrappers are opened: a queue's envelope around a file's list around the records. */
const MAX_WRAPPERS = 4;

/** The vendors' records in `log`, or what it is instead. */
export function findVendorEvents(log: LogRecord, vendors: readonly Vendor[]): VendorEvents {
  const claim = (
    attributeText(log.attributes, 'vouchtrail.source') ||
    attributeText(log.resource.attributes, 'vouchtrail.source')
  ).toLowerCase();
  if (claim === 'otel') return NATIVE;
  if (claim !== '') vendors = vendors.filter((vendor) => vendor.source === claim);
  if (vendors.length === 0) {
    const reason = `no normaliser for the source '${claim}': leave vouchtrail.source out, or update Vouchtrail`;
    return unreadable(claim, 'attributes["vouchtrail.source"]', reason, log);
  }

  const search = new Search(vendors, claim);
  search.body(log.body);
  if (search.found === 0) search.attributes(log);
  if (search.found > 0) return search;
  // An empty page is no broken record, nor is what another log of the same feed wrote.
  if (claim !== '' && !search.isEmpty && search.others === 0) {
    const reason = `neither body nor attributes hold a ${claim} record`;
    return unreadable(claim, 'body', reason, log);
  }
  return isNative(log) ? NATIVE : NONE;
}

function isNative(log: LogRecord): boolean {
  // Mobile and browser SDKs put the session on the resource.
  return (
    NATIVE_ATTRIBUTES.some((name) => log.attributes[name] !== undefined) ||
    log.resource.attributes['session.id'] !== undefined
  );
}

function unreadable(source: string, path: string, reason: string, log: LogRecord): VendorEvents {
  const text = typeof log.body === 'string' ? log.body : JSON.stringify(jsonOf(log.body ?? log.attributes));
  return { kind: 'vendor', records: [], unreadable: [{ source, path, reason, text }], others: 0 };
}

/** Collects what it finds, in the shape of the answer. */
class Search {
  readonly kind = 'vendor';
  readonly records: VendorRecord[] = [];
  readonly unreadable: UnreadableVendorRecord[] = [];
  others = 0;
  /** Whether there was a list without anything in it. */
  isEmpty = false;
  readonly #vendors: readonly Vendor[];
  readonly #claim: string;

  constructor(vendors: readonly Vendor[], claim: string) {
    this.#vendors = vendors;
    this.#claim = claim;
  }

  /** How much there is to tell, readable or not. */
  get found(): number {
    return this.records.length + this.unreadable.length;
  }

  body(body: LogRecord['body']): void {
    if (typeof body === 'string') this.#text(body, 'body', 0);
    else if (body instanceof Uint8Array) this.#text(Buffer.from(body).toString('utf8'), 'body', 0);
    else if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) {
      const json = jsonOf(body);
      this.#value(json, undefined, 'body', 0);
    }
  }

  attributes(log: LogRecord): void {
    for (const vendor of this.#vendors) {
      const record =
        vendor.fromAttributes?.(log) ??
        (this.#holds(vendor, log.attributes) ? jsonOf(log.attributes) : undefined);
      if (!isObject(record)) continue;
      this.records.push({ vendor, record, text: JSON.stringify(record), path: 'attributes' });
      return;
    }
  }

  /** A collector that parses JSON into attributes leaves the vendor's own fields there. */
  #holds(vendor: Vendor, attributes: AnyValueMap): boolean {
    return (
      vendor.marks.every((mark) => attributes[mark] !== undefined) && vendor.matches(attributes as JsonObject)
    );
  }

  #text(text: string, path: string, depth: number): void {
    const start = text.trimStart().charAt(0);
    if (start !== '{' && start !== '[') return;
    const marked = this.#vendors.find((vendor) => vendor.marks.every((mark) => text.includes(mark)));
    if (marked === undefined && this.#claim === '') return;
    const value = parse(text);
    if (value !== undefined) {
      this.#value(value, text, path, depth);
      return;
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines.every((line) => line.trimStart().startsWith('{'))) {
      for (const [i, line] of lines.entries()) this.#text(line, `${path} line ${i + 1}`, depth);
      return;
    }
    const source = this.#claim || marked?.source || '';
    this.unreadable.push({ source, path, reason: 'is not valid JSON: cut off, or not JSON at all', text });
  }

  /** `text` is the value's own text where it stood alone. */
  #value(value: Json, text: string | undefined, path: string, depth: number): void {
    if (Array.isArray(value)) {
      this.#list(value, path, depth);
      return;
    }
    if (!isObject(value)) return;
    const vendor = this.#vendors.find((candidate) => candidate.matches(value));
    if (vendor !== undefined) {
      this.records.push({ vendor, record: value, text: text ?? JSON.stringify(value), path });
      return;
    }
    const before = this.found + this.others;
    if (depth < MAX_WRAPPERS) this.#wrapper(value, path, depth + 1);
    const holdsNothing = this.found + this.others === before;
    if (holdsNothing && this.#vendors.some((each) => each.isOfAnotherLog?.(value))) this.others += 1;
  }

  #wrapper(wrapper: JsonObject, path: string, depth: number): void {
    const { Records: files, records, value: page, logEvents, detail, data } = wrapper;
    if (Array.isArray(files)) this.#list(files, `${path}.Records`, depth);
    else if (Array.isArray(records)) this.#list(records, `${path}.records`, depth);
    else if (Array.isArray(page))
      this.#list(page, `${path}.value`, depth); // Microsoft Graph's pages
    else if (isObject(data) && Array.isArray(data['events'])) {
      this.#list(data['events'], `${path}.data.events`, depth); // Okta's event hooks
    } else if (Array.isArray(logEvents)) {
      // A CloudWatch Logs subscription: each event's message is a text of its own.
      for (const [i, event] of logEvents.entries()) {
        if (isObject(event)) this.#text(textIn(event, 'message'), `${path}.logEvents[${i}].message`, depth);
      }
    } else if (isObject(detail))
      this.#value(detail, undefined, `${path}.detail`, depth); // EventBridge
    else this.#envelope(wrapper, path, depth);
  }

  /** Queues and log shippers put the record's text into a field: SNS, SQS, Fluent Bit, Vector. */
  #envelope(envelope: JsonObject, path: string, depth: number): void {
    for (const field of ['message', 'Message', 'body', 'log', 'event']) {
      const inner = envelope[field];
      if (typeof inner === 'string') this.#text(inner, `${path}.${field}`, depth);
      else if (isObject(inner)) this.#value(inner, undefined, `${path}.${field}`, depth);
    }
  }

  #list(values: readonly Json[], path: string, depth: number): void {
    if (values.length === 0) this.isEmpty = true;
    if (depth > MAX_WRAPPERS) return;
    const before = this.records.length;
    const strangers: number[] = [];
    for (const [i, value] of values.entries()) {
      const known = this.found + this.others;
      this.#value(value, undefined, `${path}[${i}]`, depth + 1);
      if (this.found + this.others === known) strangers.push(i);
    }
    // Among a vendor's records, one of no known shape is a broken one; a list of strangers is someone else's.
    const source = this.#claim || this.records[before]?.vendor.source;
    if (source === undefined) return;
    for (const i of strangers) {
      const reason = `is no ${source} record`;
      this.unreadable.push({
        source,
        path: `${path}[${i}]`,
        reason,
        text: JSON.stringify(values[i] ?? null),
      });
    }
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The engine's message quotes the text, which may hold secrets: the caller says where instead.
    return undefined;
  }
}
