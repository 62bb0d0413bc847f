import type { Vendor } from './vendor.js';
import * as vendors from './vendors.js';

const LISTS: readonly (readonly Vendor[])[] = Object.values(vendors).map((vendor) => [vendor].flat());

/**
 * The shapes of the vendors' records, in the order in which they are looked for: each vendor's usual shape before the
 * odd ones of any, since looking through a text takes longer than most of what is done with it.
 */
export const VENDORS: readonly Vendor[] = [
  ...LISTS.flatMap((shapes) => shapes.slice(0, 1)),
  ...LISTS.flatMap((shapes) => shapes.slice(1)),
];
