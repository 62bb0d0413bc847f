import type { Logger } from '../logger.js';
import type { Traces } from './traces.js';

export type { Traces } from './traces.js';

type Environment = Readonly<Record<string, string | undefined>>;

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/**
 * Whether an environment asks for the service's own traces by the standard variables: it names an exporter other
 * than `none`, or where they go, and does not disable the SDK.
 */
export function asksForTraces(environment: Environment): boolean {
  const value = (name: string): string => environment[name]?.trim() ?? '';
  if (value('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  const [exporter = ''] = value('OTEL_TRACES_EXPORTER').split(',');
  if (exporter !== '') return exporter.trim() !== 'none';
  return ENDPOINTS.some((name) => value(name) !== '');
}

/**
 * Begins to trace what the service does, if this process's environment asks for it. The SDK is not even loaded
 * otherwise: it takes memory and time to start that most services would pay for nothing.
 */
export async function openTraces(logger: Logger): Promise<Traces | undefined> {
  // Not handed in as settings are: the SDK reads its variables there itself, and they must be the same.
  if (!asksForTraces(process.env)) return undefined;
  const { startTraces } = await import('./traces.js');
  return startTraces(logger);
}
