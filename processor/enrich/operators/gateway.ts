import type { Operator } from './operator.js';

// Secure web gateways and their kin: the egress of whole companies, often in another country than the person.
// Broadcom's and parts of Palo Alto's and Forcepoint's leave from clouds, where only a list of ranges can tell them.
export const gateway: readonly Operator[] = [
  ['Zscaler', 'config.zscaler.com', 22616, 53813, 62044, 53444, 62907],
  ['Netskope', 'netskope.com', 55256],
  ['Cisco OpenDNS (Umbrella, Secure Access)', 'umbrella.cisco.com', 36692, 25605],
  ['Palo Alto Networks (Prisma Access)', 'paloaltonetworks.com', 54538, 396421],
  ['Cato Networks', 'catonetworks.com', 13150, 138627],
  ['iboss', 'iboss.com', 396253, 202276, 137922],
  ['Menlo Security', 'menlosecurity.com', 62654],
  ['Forcepoint', 'forcepoint.com', 44444, 13448, 43251, 42465, 7598],
  ['Skyhigh Security', 'skyhighsecurity.com', 14600],
  ['McAfee (web gateway service, now Skyhigh)', 'skyhighsecurity.com', 7754],
  ['Check Point SSE (Harmony SASE)', 'checkpoint.com', 213176],
  ['Versa Networks', 'versa-networks.com', 400318, 133374, 198365],
  ['Aryaka', 'aryaka.com', 11179],
  ['Open Systems', 'open-systems.com', 9092],
  ['ContentKeeper', 'impero.com', 398946, 136020],
];
