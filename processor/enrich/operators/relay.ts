import type { Operator } from './operator.js';

// Egress of private relays: the country is the user's, the address is shared by strangers. Apple's list of egress
// ranges (https://mask-api.icloud.com/egress-ip-ranges.csv) is of these three companies; Cloudflare's own WARP leaves by
// the same addresses.
export const relay: readonly Operator[] = [
  [
    'Cloudflare',
    'cloudflare.com',
    13335,
    209242,
    132892,
    202623,
    14789,
    395747,
    203898,
    139242,
    394536,
    400095,
  ],
  ['Akamai', 'akamai.com', 36183, 20940],
  ['Fastly', 'fastly.com', 54113],
];
