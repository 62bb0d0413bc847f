import type { Database, Params, StatementOptions } from '../../../schema/store/database.js';

/** A database that counts what its statements read, by the name that they run under. */
export interface CountingDatabase extends Database {
  /** Rows read since the last time, by `log_comment`; those without one are `other`. */
  takeRowsRead(): ReadonlyMap<string, number>;
}

export function countReads(database: Database): CountingDatabase {
  let rowsRead = new Map<string, number>();
  const add = (options: StatementOptions | undefined, rows: number): void => {
    const name = options?.logComment ?? 'other';
    rowsRead.set(name, (rowsRead.get(name) ?? 0) + rows);
  };
  return {
    name: database.name,
    async query<T>(sql: string, params?: Params, options?: StatementOptions) {
      const answer = await database.query<T>(sql, params, options);
      add(options, answer.rowsRead);
      return answer;
    },
    async command(sql, params, options) {
      const answer = await database.command(sql, params, options);
      add(options, answer.rowsRead ?? 0);
      return answer;
    },
    insertBinary: (...args) => database.insertBinary(...args),
    insertRows: (...args) => database.insertRows(...args),
    ping: () => database.ping(),
    close: () => database.close(),
    takeRowsRead() {
      const taken = rowsRead;
      rowsRead = new Map();
      return taken;
    },
  };
}
