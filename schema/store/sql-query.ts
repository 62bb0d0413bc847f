/**
 * A statement of a .sql file, with the parameters that it takes and the rows that it answers as types. Such values
 * are written by `npm run row-types`, beside the .sql file.
 */
export interface SqlQuery<Params extends object, Row extends object> {
  /** Relative to the schema folder, such as `queries/findings.sql`. */
  readonly file: string;
  /** Never there: it ties the types to the value. */
  readonly types?: (params: Params) => Row;
}

/** @param file relative to the schema folder */
export function sqlQuery<Params extends object, Row extends object>(file: string): SqlQuery<Params, Row> {
  return { file };
}
