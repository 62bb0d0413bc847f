import protobuf from 'protobufjs';

// Field numbers and types from opentelemetry/proto/{common,resource,logs}/v1/*.proto,
// collector/logs/v1/logs_service.proto, google/rpc/{status,error_details}.proto and google/protobuf/duration.proto.
const root = protobuf.Root.fromJSON({
  nested: {
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
            'stringValueStrindex',
          ],
        },
      },
      fields: {
        stringValue: { type: 'string', id: 1 },
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: { type: 'bytes', id: 7 },
        stringValueStrindex: { type: 'int32', id: 8 },
      },
    },
    ArrayValue: { fields: { values: { rule: 'repeated', type: 'AnyValue', id: 1 } } },
    KeyValueList: { fields: { values: { rule: 'repeated', type: 'KeyValue', id: 1 } } },
    KeyValue: {
      fields: {
        key: { type: 'string', id: 1 },
        value: { type: 'AnyValue', id: 2 },
        keyStrindex: { type: 'int32', id: 3 },
      },
    },
    Resource: {
      fields: {
        attributes: { rule: 'repeated', type: 'KeyValue', id: 1 },
        droppedAttributesCount: { type: 'uint32', id: 2 },
      },
    },
    InstrumentationScope: {
      fields: {
        name: { type: 'string', id: 1 },
        version: { type: 'string', id: 2 },
        attributes: { rule: 'repeated', type: 'KeyValue', id: 3 },
        droppedAttributesCount: { type: 'uint32', id: 4 },
      },
    },
    LogRecord: {
      fields: {
        timeUnixNano: { type: 'fixed64', id: 1 },
        severityNumber: { type: 'int32', id: 2 },
        severityText: { type: 'string', id: 3 },
        body: { type: 'AnyValue', id: 5 },
        attributes: { rule: 'repeated', type: 'KeyValue', id: 6 },
        droppedAttributesCount: { type: 'uint32', id: 7 },
        flags: { type: 'fixed32', id: 8 },
        traceId: { type: 'bytes', id: 9 },
        spanId: { type: 'bytes', id: 10 },
        observedTimeUnixNano: { type: 'fixed64', id: 11 },
        eventName: { type: 'string', id: 12 },
      },
    },
    ScopeLogs: {
      fields: {
        scope: { type: 'InstrumentationScope', id: 1 },
        logRecords: { rule: 'repeated', type: 'LogRecord', id: 2 },
        schemaUrl: { type: 'string', id: 3 },
      },
    },
    ResourceLogs: {
      fields: {
        resource: { type: 'Resource', id: 1 },
        scopeLogs: { rule: 'repeated', type: 'ScopeLogs', id: 2 },
        schemaUrl: { type: 'string', id: 3 },
      },
    },
    ExportLogsServiceRequest: {
      fields: { resourceLogs: { rule: 'repeated', type: 'ResourceLogs', id: 1 } },
    },
    ExportLogsPartialSuccess: {
      fields: { rejectedLogRecords: { type: 'int64', id: 1 }, errorMessage: { type: 'string', id: 2 } },
    },
    ExportLogsServiceResponse: {
      fields: { partialSuccess: { type: 'ExportLogsPartialSuccess', id: 1 } },
    },
    Any: { fields: { typeUrl: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
        details: { rule: 'repeated', type: 'Any', id: 3 },
      },
    },
    Duration: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
    RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
    FieldViolation: { fields: { field: { type: 'string', id: 1 }, description: { type: 'string', id: 2 } } },
    BadRequest: { fields: { fieldViolations: { rule: 'repeated', type: 'FieldViolation', id: 1 } } },
  },
});

export const LogsRequestType = root.lookupType('ExportLogsServiceRequest');
export const LogRecordType = root.lookupType('LogRecord');
const LogsResponseType = root.lookupType('ExportLogsServiceResponse');
const StatusType = root.lookupType('Status');

/** A google.rpc.Status whose details are decoded, by the last part of their type's name. */
export interface DecodedStatus {
  code: number;
  message: string;
  details: { RetryInfo?: { retryDelay: { seconds?: number; nanos?: number } }; BadRequest?: object };
}

export function decodeStatus(body: Uint8Array): DecodedStatus {
  const { details: anys = [], ...status } = StatusType.toObject(StatusType.decode(body));
  const details = anys.map((any: { typeUrl: string; value: Uint8Array }) => {
    const [host, name] = any.typeUrl.split('/google.rpc.') as [string, string];
    if (host !== 'type.googleapis.com') throw new Error(`${any.typeUrl} is no type of google.rpc`);
    const type = root.lookupType(name);
    return [name, type.toObject(type.decode(any.value), { longs: Number })];
  });
  return { ...status, details: Object.fromEntries(details) } as DecodedStatus;
}

/** The `partial_success` of an encoded `ExportLogsServiceResponse`. */
export function decodePartialSuccess(body: Uint8Array): { rejected: number; message: string } | undefined {
  const { partialSuccess } = LogsResponseType.toObject(LogsResponseType.decode(body), { longs: Number });
  if (partialSuccess === undefined) return undefined;
  return { rejected: partialSuccess.rejectedLogRecords ?? 0, message: partialSuccess.errorMessage ?? '' };
}

/** An `ExportLogsServiceRequest` as protobufjs takes it, encoded. */
export function encodeLogsRequest(request: object): Buffer {
  return Buffer.from(LogsRequestType.encode(LogsRequestType.fromObject(request)).finish());
}

/** An `ExportLogsServiceResponse` with a partial success. */
export function encodePartialSuccess(rejectedLogRecords: number, errorMessage: string): Buffer {
  const response = LogsResponseType.fromObject({ partialSuccess: { rejectedLogRecords, errorMessage } });
  return Buffer.from(LogsResponseType.encode(response).finish());
}

/** A google.rpc.Status, with a RetryInfo if there is a delay. */
export function encodeStatus(code: number, message: string, retrySeconds?: number): Buffer {
  const RetryInfo = root.lookupType('RetryInfo');
  const delay = {
    seconds: Math.floor(retrySeconds ?? 0),
    nanos: Math.round(((retrySeconds ?? 0) % 1) * 1e9),
  };
  const value = RetryInfo.encode(RetryInfo.fromObject({ retryDelay: delay })).finish();
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value }];
  const status = StatusType.fromObject({ code, message, ...(retrySeconds === undefined ? {} : { details }) });
  return Buffer.from(StatusType.encode(status).finish());
}
