/** A refusal or failure that is answered in ClickHouse's manner: its code, and the HTTP status for it. */
export class QueryError extends Error {
  /** ClickHouse's error code. */
  readonly code: number;
  /** ClickHouse's name of that code. */
  readonly codeName: string;
  readonly status: number;

  constructor(code: number, codeName: string, message: string, status = httpStatus(code)) {
    super(message);
    this.name = 'QueryError';
    this.code = code;
    this.codeName = codeName;
    this.status = status;
  }

  /** The body that ClickHouse would answer. */
  body(): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.codeName})\n`;
  }
}

/**
 * ClickHouse's error codes by the HTTP status with which a server answers them (src/Server/HTTP/
 * exceptionCodeToHTTPStatus.cpp); all others are 500.
 */
const CODES_BY_STATUS: Readonly<Record<number, readonly number[]>> = {
  400: [
    6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675,
    676,
  ],
  401: [194],
  403: [192, 193, 497, 512, 516],
  404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
  408: [159],
  411: [381],
  413: [229],
  415: [779],
  501: [48],
  503: [76, 209, 439],
};

const STATUS_BY_CODE: ReadonlyMap<number, number> = new Map(
  Object.entries(CODES_BY_STATUS).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)] as const),
  ),
);

/** The HTTP status with which a ClickHouse server answers an error code. */
function httpStatus(code: number): number {
  return STATUS_BY_CODE.get(code) ?? 500;
}

/** What the engine threw, as the answer for the client. Its text begins `Code: N. DB::Exception: ...`. */
export function queryErrorFromEngine(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const parts = /^Code: (\d+)\.\s+(?:DB::(?:Net)?Exception: )?([\s\S]*?)\s*(?:\(([A-Z_0-9]+)\))?\s*$/.exec(
    text,
  );
  if (!parts) return new QueryError(1002, 'UNKNOWN_EXCEPTION', text);
  return new QueryError(Number(parts[1]), parts[3] ?? 'UNKNOWN_EXCEPTION', parts[2] ?? text);
}
