/** A value of an attribute in OTLP's JSON form. */
type AttributeValue =
  | { stringValue: string }
  | { intValue: number }
  | { arrayValue: { values: AttributeValue[] } };

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/** A log record as protobufjs takes it, as far as it is used here. */
export interface GeneratedRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName?: string;
  readonly body?: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
}

export function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

export function number(key: string, value: number): Attribute {
  return { key, value: { intValue: value } };
}

export function texts(key: string, values: readonly string[]): Attribute {
  return { key, value: { arrayValue: { values: values.map((value) => ({ stringValue: value })) } } };
}

/** A vendor's record as a collector sends it on: its JSON text, seen some time after it was made. */
export function vendorRecord(
  record: object,
  at: number,
  delay: number,
  attributes: Attribute[],
): GeneratedRecord {
  return {
    timeUnixNano: '0',
    observedTimeUnixNano: `${at + delay}000000`,
    severityNumber: 9,
    body: { stringValue: JSON.stringify(record) },
    attributes,
  };
}
