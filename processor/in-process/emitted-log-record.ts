/**
 * What the processor needs of the OpenTelemetry SDK, by shape: `@opentelemetry/sdk-logs` from 0.200 to 3.x names and
 * packages its types differently, and a type imported from one version would not fit a program that has another.
 */

/** Seconds and nanoseconds since the epoch, OpenTelemetry's `HrTime`. */
export type EmittedTime = readonly [seconds: number, nanoseconds: number];

/** The resource of a log record. */
export interface EmittedResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl?: string | undefined;
  /** While detectors still run, reading `attributes` is an error that the SDK reports. */
  readonly asyncAttributesPending?: boolean | undefined;
  getRawAttributes?(): readonly (readonly [name: string, value: unknown])[];
}

/** The instrumentation scope of a log record. */
export interface EmittedScope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

/** A log record as the SDK hands it to `onEmit`: `ReadWriteLogRecord`, or `LogRecord` in the oldest versions. */
export interface EmittedLogRecord {
  readonly hrTime: EmittedTime;
  readonly hrTimeObserved: EmittedTime;
  readonly spanContext?:
    | { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
    | undefined;
  readonly resource: EmittedResource;
  readonly instrumentationScope: EmittedScope;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly severityText?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly droppedAttributesCount: number;
  setAttribute(name: string, value: string | number | string[]): unknown;
}
