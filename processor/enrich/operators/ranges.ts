import type { NetworkClass } from '../../../schema/words.js';

/** Ranges that are of another class than the rest of their autonomous system, as their operator or registry says. */
export interface OperatorRanges {
  readonly networkClass: NetworkClass;
  readonly operator: string;
  readonly source: string;
  readonly networks: readonly string[];
}

export const RANGES: readonly OperatorRanges[] = [
  {
    networkClass: 'mobile',
    operator: 'au (KDDI)',
    source: 'http://www.au.kddi.com/developer/android/kaihatsu/network/',
    networks: [
      ...['106.128.0.0/14', '106.132.0.0/15', '106.134.0.0/16', '111.86.140.128/27', '182.248.112.128/26'],
      ...['182.249.0.0/16', '182.250.0.0/15'],
    ],
  },
  {
    networkClass: 'mobile',
    operator: 'SoftBank',
    source: 'https://www.support.softbankmobile.co.jp/partner/home_tech1/index.cfm',
    networks: [
      ...[
        '126.33.0.0/16',
        '126.35.0.0/16',
        '126.182.0.0/16',
        '126.193.0.0/17',
        '126.199.0.0/16',
        '126.204.0.0/17',
      ],
      ...[
        '126.233.0.0/16',
        '126.236.0.0/16',
        '126.245.0.0/16',
        '126.247.0.0/16',
        '126.253.0.0/16',
        '126.254.0.0/16',
      ],
    ],
  },
  {
    networkClass: 'mobile',
    operator: 'Telekom Deutschland',
    source: 'https://rdap.db.ripe.net/ip/80.187.0.0/16',
    networks: ['80.187.0.0/16'],
  },
  {
    networkClass: 'mobile',
    operator: 'EE',
    source: 'https://rdap.db.ripe.net/ip/2a01:4c8::/29',
    networks: ['2a01:4c8::/29'],
  },
  {
    networkClass: 'mobile',
    operator: 'AT&T Mobility',
    source: 'https://rdap.arin.net/registry/ip/107.64.0.0/10',
    networks: ['107.64.0.0/10'],
  },
];
