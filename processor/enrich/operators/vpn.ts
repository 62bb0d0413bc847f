import type { Operator } from './operator.js';

// Consumer VPNs with numbers of their own, and the two companies that most others rent their exits from: M247 and
// Datacamp (DataPacket, CDN77). Exits on other rented servers are of class hosting.
export const vpn: readonly Operator[] = [
  ['M247', 'm247.com', 9009],
  ['Datacamp', 'datapacket.com', 60068, 212238],
  ['31173 Services', 'mullvad.net', 39351],
  ['Mullvad VPN', 'mullvad.net', 216025],
  ['PacketHub (NordVPN)', 'packethub.net', 136787, 147049, 207137, 141039, 272096],
  ['Proton', 'protonvpn.com', 62371, 209103, 199218, 208172],
  ['Windscribe', 'windscribe.com', 397540],
  ['Cyberzone (Surfshark)', 'surfshark.com', 209854],
  ['Private Layer', 'privatelayer.com', 51852],
  ['GSL Networks', 'globalsecurelayer.com', 137409],
];
