import { type Context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import type { CorrelationOutcome, RunOutcome } from '../../schema/detection/run.js';
import { markFailed } from './failed-span.js';
import type { DatabaseWatch, StatementSeen } from './watched-database.js';

/** The statement that a run over sessions begins with. */
const FIRST_STATEMENT = 'judging:dirty-sessions';
const CORRELATION = 'correlation:';

/**
 * A span for each detection run, with a child for each correlation. The scheduler tells what came of a run that went
 * well; when its correlations began, and that a run broke off, is seen from its statements. Runs follow each other.
 */
export class DetectionSpans implements DatabaseWatch {
  readonly #tracer: Tracer;
  /** Statements of judging since the last run was told of. */
  #statements: StatementSeen[] = [];

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  begins(tag: string): void {
    if (tag === FIRST_STATEMENT) this.end();
  }

  statement(seen: StatementSeen): void {
    // The upkeep of the store runs beside.
    if (seen.tag?.startsWith('judging:') || seen.tag?.startsWith(CORRELATION)) this.#statements.push(seen);
  }

  ran({ runId, sessions, preparation, correlations }: RunOutcome, seconds: number): void {
    const statements = this.#taken();
    const ended = Date.now();
    const sum = (of: (outcome: CorrelationOutcome) => number): number =>
      correlations.reduce((total, outcome) => total + of(outcome), 0);
    const span = this.#tracer.startSpan('detection run', {
      root: true,
      startTime: ended - seconds * 1000,
      attributes: {
        'vouchtrail.run.id': runId,
        'vouchtrail.sessions': sessions,
        'vouchtrail.rows_read': preparation.rowsRead + sum(({ rowsRead }) => rowsRead),
        'vouchtrail.findings.raised': sum(({ raised }) => raised),
        'vouchtrail.findings.withdrawn': sum(({ withdrawn }) => withdrawn),
      },
    });
    const parent = trace.setSpan(ROOT_CONTEXT, span);
    const outcomes = new Map(correlations.map((outcome) => [outcome.correlation, outcome]));
    for (const statement of statements) this.#correlation(parent, statement, outcomes);
    span.end(ended);
  }

  /** Makes the span of a run of which nobody told and nobody will: it broke off. Nothing if there is none. */
  end(): void {
    const statements = this.#taken();
    const [first, last] = [statements[0], statements.at(-1)];
    if (first === undefined || last === undefined) return;
    const span = this.#tracer.startSpan('detection run', { root: true, startTime: first.began });
    const parent = trace.setSpan(ROOT_CONTEXT, span);
    for (const statement of statements) this.#correlation(parent, statement, new Map());
    markFailed(span, last.error ?? new Error('what broke it off is not among its statements'));
    span.end(last.ended);
  }

  #correlation(
    parent: Context,
    { tag = '', began, ended, error }: StatementSeen,
    outcomes: ReadonlyMap<string, CorrelationOutcome>,
  ): void {
    if (!tag.startsWith(CORRELATION)) return;
    const id = tag.slice(CORRELATION.length);
    const outcome = outcomes.get(id);
    const attributes = {
      'vouchtrail.correlation.id': id,
      ...(outcome && {
        'vouchtrail.rows_read': outcome.rowsRead,
        'vouchtrail.findings.raised': outcome.raised,
        'vouchtrail.findings.withdrawn': outcome.withdrawn,
      }),
    };
    const span = this.#tracer.startSpan(`correlation ${id}`, { startTime: began, attributes }, parent);
    if (error !== undefined) markFailed(span, error);
    span.end(ended);
  }

  #taken(): StatementSeen[] {
    const statements = this.#statements;
    this.#statements = [];
    return statements;
  }
}
