import { diag } from '@opentelemetry/api';

const logger = diag.createComponentLogger({ namespace: 'vouchtrail' });

/** Tells whoever listens to OpenTelemetry's diagnostics. A listener that fails is no reason for us to. */
export function tell(level: 'info' | 'warn' | 'error', message: string, ...details: unknown[]): void {
  try {
    logger[level](message, ...details);
  } catch {
    // There is nobody left to tell.
  }
}
