/** Milliseconds since 1970 as ClickHouse reads `DateTime64(3, 'UTC')`: always UTC, always text (a number would be read in the session's zone). */
export function toStoreTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}

/** The reverse, for texts with any number of fractional digits; below a millisecond is cut off. */
export function fromStoreTime(text: string): number {
  return Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`);
}
