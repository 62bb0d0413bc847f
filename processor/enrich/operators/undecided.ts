import type { Operator } from './operator.js';

// Names that mislead: backbones which sell to servers and offices alike, and companies whose names hold a telling word.
// They are of class unknown.
export const undecided: readonly Operator[] = [
  ['Cogent', 'cogentco.com', 174],
  ['Level 3', 'lumen.com', 3356, 3549],
  ['GTT', 'gtt.net', 3257],
  ['NTT America', 'gin.ntt.net', 2914],
  ['Tata Communications (backbone)', 'tatacommunications.com', 6453],
  ['Crown Castle Fiber', 'crowncastle.com', 46887],
  ['Intel', 'intel.com', 4983],
  ['FedEx', 'fedex.com', 7726],
  ['Exxon Mobil', 'exxonmobil.com', 1766],
  ['Airbus DS Communications', 'airbus.com', 32500],
  ['Florida Department of Management Services', 'dms.fl.gov', 8103],
];
