import { randomUUID } from 'node:crypto';
import type { ChdbResult, Session } from 'chdb';
import type { Engine } from './engine.js';
import { QueryError, queryErrorFromEngine } from './query-error.js';
import { sqlName, sqlString } from './quoting.js';

/** What a statement wants around itself: all of it is undone after the statement. */
export interface StatementContext {
  /** Undefined: the one that the connection has, or `defaultDatabase` on a new connection. */
  readonly database: string | undefined;
  readonly defaultDatabase: string;
  /** Found again by KILL; unique to the statement. */
  readonly tag: string;
  /** The engine's readonly mode: no change, no file, no other machine. */
  readonly readOnly: boolean;
  readonly settings: ReadonlyMap<string, string>;
  /** Values of `{name:Type}` parameters, escaped as in the URL of ClickHouse's HTTP interface. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The value that a parameter gets when its request is over. The engine cannot unset one; this half of an
 * escape sequence cannot be read as any type, so a statement that reaches for another request's value fails.
 */
const POISON = sqlString('\\');

const UNKNOWN_SETTING = 115;

/** Settings that change many others, which putting back the one does not undo. */
const SWEEPING = new Set(['compatibility', 'profile']);

/** A connection that many requests use one after the other, each as if it were new. */
export class EngineConnection {
  readonly #session: Session;
  readonly #defaults: ReadonlyMap<string, string>;
  /** Undefined on a new connection; empty when a statement may have changed it. */
  #database: string | undefined;
  readonly #undo: string[] = [];
  #usable = true;

  /** @param defaults settings that differ from ClickHouse's own defaults on a new connection */
  constructor(session: Session, defaults: ReadonlyMap<string, string>) {
    this.#session = session;
    this.#defaults = defaults;
  }

  /** Brings database, settings and parameters into place. Call `restore` afterwards, also when it throws. */
  async prepare(context: StatementContext): Promise<void> {
    const statements: string[] = [];
    const wanted =
      context.database ?? (this.#database === undefined ? context.defaultDatabase : this.#database);
    if (wanted !== this.#database) {
      statements.push(`USE ${sqlName(wanted)}`);
      this.#database = '';
    }
    const settings = new Map(context.settings);
    const comment = settings.get('log_comment');
    settings.set('log_comment', comment === undefined ? context.tag : `${context.tag} ${comment}`);
    for (const [name, value] of settings) {
      statements.push(`SET ${name} = ${sqlString(value)}`);
      // Every request has a tag of its own.
      if (name === 'log_comment') continue;
      const before = this.#defaults.get(name);
      this.#undo.push(`SET ${name} = ${before === undefined ? 'DEFAULT' : sqlString(before)}`);
      if (SWEEPING.has(name)) this.#usable = false;
    }
    for (const [name, value] of context.parameters) {
      statements.push(`SET param_${name} = ${sqlString(value)}`);
      this.#undo.push(`SET param_${name} = ${POISON}`);
    }
    if (context.readOnly) {
      // Last, since no setting can be given after it; and the first to be undone.
      statements.push('SET readonly = 1');
      this.#undo.unshift('SET readonly = DEFAULT');
    }
    await this.#session.queryAsync(statements.join(';'), { format: 'Null' });
    this.#database = wanted;
  }

  /** Call after a statement of the client's that may have chosen another database. */
  forgetDatabase(): void {
    this.#database = '';
  }

  /** Runs one statement and keeps its output in memory. */
  run(text: string, format: string): Promise<ChdbResult> {
    return this.#session.queryAsync(text, { format });
  }

  /**
   * Undoes what `prepare` did. After a failure the engine may still hold output of the failed statement and
   * give it to the next one: answers are thrown away until one is what was asked for. A connection for which
   * this does not succeed is not `usable` any more.
   */
  async restore(failed: boolean): Promise<void> {
    const undo = this.#undo.splice(0);
    try {
      if (!failed) {
        if (undo.length > 0) await this.#session.queryAsync(undo.join(';'), { format: 'Null' });
        return;
      }
      for (const statement of undo) {
        await this.#session.queryAsync(statement, { format: 'Null' }).catch((error: unknown) => {
          // A setting that does not exist was never set: that the failure may have been all about.
          if (queryErrorFromEngine(error).code !== UNKNOWN_SETTING) throw error;
        });
      }
      if (!(await this.#drain())) this.#usable = false;
    } catch {
      this.#usable = false;
    }
  }

  /** Whether another request may have this connection. */
  get usable(): boolean {
    return this.#usable;
  }

  close(): void {
    this.#session.close();
  }

  async #drain(): Promise<boolean> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const token = randomUUID();
      const answer = await this.#session.queryAsync(`SELECT '${token}'`, { format: 'TSV' });
      if (answer.text() === `${token}\n`) return true;
    }
    return false;
  }
}

/** Finds out what a new connection's settings are, and returns a function that opens connections. */
export async function connectionOpener(engine: Engine): Promise<() => EngineConnection> {
  const probe = engine.connect();
  const changed = await probe.queryAsync('SELECT name, value FROM system.settings WHERE changed', {
    format: 'JSONCompactEachRow',
  });
  probe.close();
  const defaults = new Map<string, string>();
  for (const line of changed.text().split('\n')) {
    if (line === '') continue;
    const [name, value] = JSON.parse(line) as [string, string];
    defaults.set(name, value);
  }
  return () => new EngineConnection(engine.connect(), defaults);
}

/** Throws unless the name can be a setting's or a parameter's. */
export function assertPlainName(name: string, what: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new QueryError(
      UNKNOWN_SETTING,
      'UNKNOWN_SETTING',
      `${what} ${JSON.stringify(name)} is not a plain name.`,
    );
  }
}
