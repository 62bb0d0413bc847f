import ipaddr from 'ipaddr.js';
import type { Network } from './addresses.js';
import type { Chance } from './chance.js';

/**
 * An address of a network. With `within`, all calls give one of the first subnet of that many bits: an office's
 * egress.
 */
export function addressIn(network: Network, chance: Chance, within?: number): string {
  const cidr = within === undefined ? chance.oneOf(network.v4) : (network.v4[0] as string);
  const [base, bits] = ipaddr.IPv4.parseCIDR(cidr);
  const number = base.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - Math.max(bits, within ?? 0));
  return textOf(number + chance.integer(1, size - 2));
}

/** Another address of the same /24, as a carrier's translation or a proxy's pool gives out. */
export function neighbourOf(address: string, chance: Chance): string {
  return address.replace(/\d+$/, String(chance.integer(1, 254)));
}

/** An IPv6 address of a network that has some. */
export function addressIn6(network: Network, chance: Chance): string {
  const [base, bits] = ipaddr.IPv6.parseCIDR(chance.oneOf(network.v6));
  // The prefix of the operator, then a household's /56 or a phone's /64 of it, then a random host part.
  const bytes = base.toByteArray();
  for (let at = Math.ceil(bits / 8); at < 16; at++) bytes[at] = chance.integer(0, 255);
  return ipaddr.fromByteArray(bytes).toString();
}

/** The same /64 with another host part: privacy addresses change every day. */
export function privacyAddress(address6: string, chance: Chance): string {
  const bytes = ipaddr.parse(address6).toByteArray();
  for (let at = 8; at < 16; at++) bytes[at] = chance.integer(0, 255);
  return ipaddr.fromByteArray(bytes).toString();
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
