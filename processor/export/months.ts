const NANOSECONDS_A_MILLISECOND = 1_000_000n;

/** Returns the UTC month of a time in nanoseconds since the epoch as `toYYYYMM` does: 202601 for January 2026. */
export function createMonthOf(): (nanoseconds: bigint) => number {
  // Comparing with the bounds of the last month costs a tenth of a division of bigints, and neighbours in a
  // stream of logs are of one month.
  let month = 0;
  let start = 0n;
  let end = 0n;
  return (nanoseconds) => {
    if (nanoseconds >= start && nanoseconds < end) return month;
    const date = new Date(Number(floorToMilliseconds(nanoseconds)));
    const [year, index] = [date.getUTCFullYear(), date.getUTCMonth()];
    month = year * 100 + index + 1;
    start = BigInt(Date.UTC(year, index)) * NANOSECONDS_A_MILLISECOND;
    end = BigInt(Date.UTC(year, index + 1)) * NANOSECONDS_A_MILLISECOND;
    return month;
  };
}

function floorToMilliseconds(nanoseconds: bigint): bigint {
  const truncated = nanoseconds / NANOSECONDS_A_MILLISECOND;
  return nanoseconds % NANOSECONDS_A_MILLISECOND < 0n ? truncated - 1n : truncated;
}
