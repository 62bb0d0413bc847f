import { cloudtrail } from './cloudtrail/cloudtrail.js';
import { ENTRA } from './entra/entra.js';
import { okta } from './okta/okta.js';
import type { Vendor } from './vendor.js';

/** The vendors whose records are understood, one a line. Its source must be in SOURCES of schema/words.ts. */
export const VENDORS: readonly Vendor[] = [
  cloudtrail, //
  okta,
  ...ENTRA,
];
