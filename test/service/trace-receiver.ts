import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

// The parts of OTLP's trace messages that the tests look at; other fields are skipped
// (opentelemetry-proto, collector/trace/v1/trace_service.proto and trace/v1/trace.proto).
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
    Status status = 15;
  }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; Value value = 2; }
  message Value {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  }`);
const requestType = root.lookupType('Request');

export interface ReceivedSpan {
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  /** '' for one without a parent. */
  readonly parentSpanId: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/** An OTLP/HTTP receiver of traces that keeps what it gets. */
export interface TraceReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Paths that were asked for, each once. */
  readonly paths: Set<string>;
  /** All bodies, decompressed. */
  bodies(): string;
  /** The spans of a name. */
  named(name: string): ReceivedSpan[];
  close(): void;
}

/** @param answers false: it takes requests and never answers them */
export async function traceReceiver({ answers = true } = {}): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const paths = new Set<string>();
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      paths.add(request.url ?? '');
      if (!answers) return;
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      bodies.push(body.toString('latin1'));
      if (request.url === '/v1/traces') spans.push(...spansIn(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    paths,
    bodies: () => bodies.join('\n'),
    named: (name) => spans.filter((span) => span.name === name),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}

interface Message {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: Record<string, never>[] }[];
  }[];
}

function spansIn(body: Buffer): ReceivedSpan[] {
  const decoded = requestType.toObject(requestType.decode(body), {
    longs: String,
    defaults: true,
    arrays: true,
  }) as Message;
  const values = (attributes: KeyValue[]): Record<string, unknown> =>
    Object.fromEntries(
      attributes.map(({ key, value }) => [
        key,
        value['intValue'] === undefined ? Object.values(value)[0] : Number(value['intValue']),
      ]),
    );
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const milliseconds = (nanos: string): number => Number(BigInt(nanos) / 1000n) / 1000;
  return decoded.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap((scope) => scope.spans)
      .map((span) => ({
        name: span['name'] as unknown as string,
        kind: span['kind'] as unknown as number,
        traceId: hex(span['traceId'] as unknown as Uint8Array),
        spanId: hex(span['spanId'] as unknown as Uint8Array),
        parentSpanId: hex(span['parentSpanId'] as unknown as Uint8Array),
        began: milliseconds(span['startTimeUnixNano'] as unknown as string),
        ended: milliseconds(span['endTimeUnixNano'] as unknown as string),
        attributes: values(span['attributes'] as unknown as KeyValue[]),
        resource: values(resource.attributes),
        failed: (span['status'] as unknown as { code?: number } | null)?.code === 2,
      })),
  );
}
