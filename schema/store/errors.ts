/** Any failure of the store, seen from its callers. */
export class StoreError extends Error {
  /** ClickHouse's error code, where the store itself answered. */
  readonly code: number | undefined;

  constructor(message: string, code?: number, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * The store could not do it now and may do it later: not reachable, timed out, out of memory or disk, shutting
 * down. Nothing is known about whether a write happened; try again with the same ids.
 */
export class StoreUnavailableError extends StoreError {}

/** The store will say the same next time: a wrong statement, missing table, bad value, missing right. */
export class StoreRejectedError extends StoreError {
  declare readonly code: number;
  /**
   * True when the rows of an insert are what the store could not read, so that taking the bad one out helps.
   * False when statement, table, right or settings are at fault: then no row may be blamed.
   */
  readonly rowsAtFault: boolean;

  constructor(message: string, code: number, rowsAtFault: boolean, cause?: unknown) {
    super(message, code, cause);
    this.rowsAtFault = rowsAtFault;
  }
}

/**
 * ClickHouse codes that pass by themselves (names from ClickHouse's ErrorCodes.cpp).
 * 252 is TOO_MANY_PARTS: inserts here never raise it for partitions, since they switch that check off.
 */
const PASSING = new Set([
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  159, // TIMEOUT_EXCEEDED
  160, // TOO_SLOW
  173, // CANNOT_ALLOCATE_MEMORY
  198, // DNS_ERROR
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  204, // CANNOT_FSYNC
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  236, // ABORTED
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  279, // ALL_CONNECTION_TRIES_FAILED
  285, // TOO_FEW_LIVE_REPLICAS
  294, // CANNOT_WRITE_TO_FILE
  319, // UNKNOWN_STATUS_OF_INSERT
  394, // QUERY_WAS_CANCELLED
  425, // SYSTEM_ERROR
  439, // CANNOT_SCHEDULE_TASK
  745, // SERVER_OVERLOADED
  999, // KEEPER_EXCEPTION
]);

/** Codes with which ClickHouse's input formats answer rows that they cannot read. */
const UNREADABLE_ROWS = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  130, // CANNOT_READ_ARRAY_FROM_TEXT
  131, // TOO_LARGE_STRING_SIZE
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  407, // DECIMAL_OVERFLOW
  441, // CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING
  467, // CANNOT_PARSE_BOOL
  469, // VIOLATED_CONSTRAINT
  650, // SERIALIZATION_ERROR
  675, // CANNOT_PARSE_IPV4
  676, // CANNOT_PARSE_IPV6
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

/**
 * The typed error for an answer of ClickHouse.
 * @param code ClickHouse's error code
 */
export function storeErrorFromCode(code: number, message: string, cause?: unknown): StoreError {
  if (PASSING.has(code)) return new StoreUnavailableError(message, code, cause);
  return new StoreRejectedError(message, code, UNREADABLE_ROWS.has(code), cause);
}
