import type { Operator } from './operator.js';

// Associations whose networks are exits of Tor and little else. Exits elsewhere are known by the Tor Project's list only
// (VOUCHTRAIL_NETWORK_LISTS, tor.txt).
export const tor: readonly Operator[] = [
  ['Stiftung Erneuerbare Freiheit (Zwiebelfreunde)', 'zwiebelfreunde.de', 60729],
  ['Emerald Onion', 'emeraldonion.org', 396507],
  ['Quintex Alliance Consulting', 'quintex.com', 62744],
  ['F3 Netze', 'f3netze.de', 205100],
  ['Foundation for Applied Privacy', 'applied-privacy.net', 208323],
  ['Foreningen for digitala fri- och rattigheter (DFRI)', 'dfri.se', 198093],
  ['Calyx Institute', 'calyxinstitute.org', 4224],
];
