import type { ProtoAnyValue, ProtoKeyValue, ProtoRequest } from './otlp-requests.js';

/**
 * A request in OTLP/JSON, as its mapping allows it to be written: 64-bit integers as strings or as numbers,
 * hex in either case, members in any order, nulls for absent ones, unknown members, any white space.
 */
export function otlpJson(request: ProtoRequest, random: () => number): string {
  const space = () => (random() < 0.1 ? [' ', '\n', '\t', '\r\n  '][Math.floor(random() * 4)] : '');
  const chance = (probability: number) => random() < probability;
  const list = (items: string[]) => `[${space()}${items.join(`${space()},${space()}`)}${space()}]`;
  const object = (members: [string, string | undefined][]) => {
    const present = members.filter(([, value]) => value !== undefined || chance(0.1));
    if (chance(0.1)) present.push(['anUnknownMember', '{"x":[1,"\\u0041",null,{}]}']);
    present.sort(() => random() - 0.5);
    const texts = present.map(
      ([name, value]) => `${space()}"${name}"${space()}:${space()}${value ?? 'null'}${space()}`,
    );
    return `{${texts.join()}}`;
  };
  const when = <T>(value: T | undefined, write: (value: T) => string) =>
    value === undefined ? undefined : write(value);
  const text = (value: string | undefined) =>
    when(value, (known) => (chance(0.2) ? escapeAll(known) : JSON.stringify(known)));
  const integer = (value: string | undefined) =>
    when(value, (digits) => (chance(0.5) ? digits : `"${digits}"`));
  const number = (value: number | undefined) => when(value, String);
  const hex = (value: Buffer | undefined) =>
    when(value, (bytes) => `"${chance(0.5) ? bytes.toString('hex') : bytes.toString('hex').toUpperCase()}"`);
  const base64 = (value: Buffer | undefined) =>
    when(value, (bytes) => `"${bytes.toString(chance(0.5) ? 'base64' : 'base64url')}"`);
  const double = (value: number | undefined) =>
    when(value, (known) =>
      Number.isFinite(known) ? (Object.is(known, -0) ? '-0' : String(known)) : `"${known}"`,
    );
  const anyValue = (value: ProtoAnyValue | undefined): string | undefined =>
    when(value, (known) =>
      object([
        ['stringValue', text(known.stringValue)],
        ['boolValue', when(known.boolValue, String)],
        ['intValue', integer(known.intValue)],
        ['doubleValue', double(known.doubleValue)],
        ['bytesValue', base64(known.bytesValue)],
        ['stringValueStrindex', number(known.stringValueStrindex)],
        [
          'arrayValue',
          when(known.arrayValue, ({ values }) =>
            object([['values', list(values.map((each) => anyValue(each) as string))]]),
          ),
        ],
        ['kvlistValue', when(known.kvlistValue, ({ values }) => object([['values', pairs(values)]]))],
      ]),
    );
  const pairs = (values: ProtoKeyValue[] = []) =>
    list(
      values.map(({ key, value, keyStrindex }) =>
        object([
          ['key', text(key)],
          ['value', anyValue(value)],
          ['keyStrindex', number(keyStrindex)],
        ]),
      ),
    );
  return object([
    [
      'resourceLogs',
      list(
        request.resourceLogs.map(({ resource, scopeLogs, schemaUrl }) =>
          object([
            ['schemaUrl', text(schemaUrl)],
            [
              'resource',
              when(resource, (known) =>
                object([
                  ['attributes', pairs(known.attributes)],
                  ['droppedAttributesCount', number(known.droppedAttributesCount)],
                ]),
              ),
            ],
            [
              'scopeLogs',
              list(
                scopeLogs.map((group) =>
                  object([
                    ['schemaUrl', text(group.schemaUrl)],
                    [
                      'scope',
                      when(group.scope, (scope) =>
                        object([
                          ['name', text(scope.name)],
                          ['version', text(scope.version)],
                          ['attributes', pairs(scope.attributes)],
                          ['droppedAttributesCount', number(scope.droppedAttributesCount)],
                        ]),
                      ),
                    ],
                    [
                      'logRecords',
                      list(
                        group.logRecords.map((record) =>
                          object([
                            ['timeUnixNano', integer(record.timeUnixNano)],
                            ['observedTimeUnixNano', integer(record.observedTimeUnixNano)],
                            ['severityNumber', number(record.severityNumber)],
                            ['severityText', text(record.severityText)],
                            ['body', anyValue(record.body)],
                            ['attributes', pairs(record.attributes)],
                            ['droppedAttributesCount', number(record.droppedAttributesCount)],
                            ['flags', number(record.flags)],
                            ['traceId', hex(record.traceId)],
                            ['spanId', hex(record.spanId)],
                            ['eventName', text(record.eventName)],
                          ]),
                        ),
                      ),
                    ],
                  ]),
                ),
              ),
            ],
          ]),
        ),
      ),
    ],
  ]);
}

/** A JSON string with every UTF-16 unit as an escape. */
function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}
