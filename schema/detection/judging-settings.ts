/**
 * Settings of every judging statement.
 * - An alias must not shadow a column of the same name: without this, `points + 1 AS points ... WHERE points >= 2`
 *   compares the sum.
 * - A cached condition would hide what a run really reads.
 */
export const JUDGING_SETTINGS = {
  prefer_column_name_to_alias: 1,
  use_query_condition_cache: 0,
} as const;
