const HOUR = 3600;

/**
 * How long a session of a source may have lived before its first record of use where nothing says when it was created,
 * in seconds: `longestSessionLife` of judging/functions.sql, for those who have no store to ask.
 */
export function longestSessionLifeSeconds(source: string): number {
  return source === 'cloudtrail' ? 36 * HOUR : 7 * 24 * HOUR;
}
