/** What the bundled address databases must say about a network; the tests ask them. */
export interface Network {
  readonly operator: string;
  readonly asn: number;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly networkClass: 'residential' | 'mobile' | 'hosting' | 'cloud' | 'vpn';
  /** A /24 (`87.139.44.`) or a /48 (`2003:e7:4f1a:`). */
  readonly prefix: string;
}

/**
 * Networks of the story. The prefixes belong to the operators named, so that country and class are found as they
 * would be in life; which of their addresses are used is made up and says nothing about who holds them.
 */
export const NETWORKS = {
  berlinOffice: network('Deutsche Telekom', 3320, 'DE', 'residential', '87.139.44.'),
  berlinHome: network('Deutsche Telekom', 3320, 'DE', 'residential', '91.14.203.'),
  berlinHomeV6: network('Deutsche Telekom', 3320, 'DE', 'residential', '2003:e7:4f1a:'),
  warsawHome: network('Orange Polska', 5617, 'PL', 'residential', '79.187.112.'),
  londonOffice: network('British Telecommunications', 2856, 'GB', 'residential', '81.146.18.'),
  londonHome: network('Virgin Media', 5089, 'GB', 'residential', '82.11.94.'),
  parisHome: network('Orange', 3215, 'FR', 'residential', '90.22.157.'),
  madridHome: network('Telefonica de Espana', 3352, 'ES', 'residential', '83.45.210.'),
  zurichHome: network('Swisscom', 3303, 'CH', 'residential', '85.3.128.'),
  tokyoHome: network('NTT Communications', 4713, 'JP', 'residential', '153.207.31.'),
  bengaluruHome: network('Bharat Sanchar Nigam', 9829, 'IN', 'residential', '117.201.84.'),
  denverHome: network('Comcast', 7922, 'US', 'residential', '73.153.88.'),
  denverHomeV6: network('Comcast', 7922, 'US', 'residential', '2601:281:c400:'),
  denverPhone: network('T-Mobile USA', 21928, 'US', 'mobile', '172.58.63.'),
  londonPhone: network('Three UK', 206067, 'GB', 'mobile', '92.40.175.'),
  bengaluruPhone: network('Reliance Jio', 55836, 'IN', 'mobile', '49.37.168.'),
  frankfurtVpn: network('M247', 9009, 'RO', 'vpn', '146.70.62.'),
  runnersEast: network('Microsoft', 8075, 'US', 'cloud', '20.57.70.'),
  runnersWest: network('Microsoft', 8075, 'US', 'cloud', '20.109.37.'),
  ownCloud: network('Amazon', 16509, 'DE', 'cloud', '18.153.74.'),
  droplet: network('DigitalOcean', 14061, 'US', 'hosting', '104.131.71.'),
  rentedServer: network('OVH', 16276, 'FR', 'hosting', '51.254.117.'),
  rootServer: network('Hetzner', 24940, 'FI', 'hosting', '65.108.92.'),
} as const satisfies Record<string, Network>;

/** The address of a host in a network; a /48 has subnets, which some providers change from day to day. */
export function address(of: Network, host: number, subnet = 1): string {
  return of.prefix.includes(':')
    ? `${of.prefix}${subnet.toString(16)}::${host.toString(16)}`
    : `${of.prefix}${host}`;
}

function network(
  operator: string,
  asn: number,
  country: string,
  networkClass: Network['networkClass'],
  prefix: string,
): Network {
  return { operator, asn, country, networkClass, prefix };
}
