/**
 * Which kind of network an autonomous system is. This is the whole list: by number where an operator is known, by
 * words of its name otherwise. Numbers are of the RIRs' registries; a wrong class changes how far a use of a session
 * is from what vouches for it, so an operator belongs here only if nearly all of its addresses are of the class.
 *
 * Precedence: number, then words in the order of `OPERATOR_WORDS`; the first match wins.
 */
import type { NetworkClass } from '../../schema/words.js';

const OPERATORS: Partial<Record<NetworkClass, readonly number[]>> = {
  // Egress of private relays (Apple's), whose country is the user's and whose address is shared: Cloudflare, Akamai, Fastly.
  relay: [13335, 36183, 54113],

  // Secure web gateways: a company's whole egress. Zscaler, Netskope, Cato, Palo Alto (Prisma), Cisco (Umbrella), iboss,
  // Menlo, Forcepoint.
  gateway: [
    22616, 53813, 62044, 53444, 62907, 55256, 13150, 138627, 54538, 396421, 36692, 25605, 137922, 202276,
    396253, 62654, 44444, 13448, 43251,
  ],

  // Known exit operators: Zwiebelfreunde, Emerald Onion, Quintex, F3 Netze, applied privacy, DFRI, Calyx.
  tor: [60729, 396507, 62744, 205100, 208323, 198093, 4224],

  // Consumer VPNs and what they rent: M247, Datacamp (CDN77), 31173 (Mullvad), PacketHub (NordVPN), Proton, Private
  // Layer, Windscribe, Performive.
  vpn: [
    9009, 60068, 212238, 39351, 216025, 136787, 147049, 207137, 141039, 272096, 62371, 209103, 208172, 199218,
    51852, 397540, 46562,
  ],

  // Clouds whose addresses are workloads of their customers: AWS, Microsoft, Google, Oracle, IBM.
  cloud: [16509, 14618, 8987, 8075, 8068, 15169, 396982, 19527, 31898, 36351],

  // Servers that anybody rents by the hour: DigitalOcean, OVH, Hetzner, Linode, Vultr, Contabo, Leaseweb, Scaleway,
  // IONOS, Newfold, GoDaddy, Namecheap, Hostinger, Alibaba, Tencent, Huawei, Clouvider, tzulo, xTom, QuadraNet, B2,
  // HostPapa (ColoCrossing), FranTech, Multacom, Interserver, netcup, velia, 23M, WIIT, GleSYS, Hydra, NForce,
  // WorldStream, PhoenixNAP, FlokiNET, 1337 Services, Servers Tech, IP Volume, Chang Way, Kirino.
  hosting: [
    14061, 16276, 24940, 213230, 63949, 20473, 51167, 40021, 60781, 28753, 30633, 16265, 59253, 395954, 12876,
    29447, 8560, 46606, 26496, 22612, 47583, 45102, 37963, 132203, 45090, 136907, 62240, 11878, 3214, 8100,
    55286, 36352, 53667, 35916, 19318, 197540, 29066, 47447, 24961, 42708, 25369, 43350, 49981, 20454, 200651,
    210558, 216071, 202425, 57523, 41378,
  ],

  // Carriers' mobile networks where they have a number of their own: T-Mobile US, Verizon, AT&T, Three UK, Jio, Airtel,
  // docomo, SK Telecom, Bell Mobility, Telcel, TIM and Vivo (Brazil), Play, Turkcell, Wind Tre, Free, Three Sweden.
  mobile: [
    21928, 6167, 22394, 20057, 206067, 55836, 45609, 9605, 9644, 36522, 28403, 26615, 26599, 39603, 16135,
    24608, 51207, 44034,
  ],

  // Starlink, Viasat, Hughes, OneWeb, Intelsat, Panasonic Avionics, Inmarsat, Gogo, Eutelsat, Skylogic.
  satellite: [
    14593, 27277, 53348, 7155, 40306, 16491, 40311, 6621, 63062, 12440, 800, 22351, 26243, 64294, 394603,
    25222, 31753, 11167, 34444, 15829, 29286,
  ],

  // Research networks whose names do not say so: Jisc, DFN, SURF, Internet2, Renater, ACOnet, SWITCH, GEANT, CERNET.
  education: [786, 680, 1103, 11537, 2200, 1853, 559, 20965, 4538],

  // Access networks whose names do not say so: Verizon Fios, AT&T, Orange, Free, KPN, Sky, Fastweb, Frontier, V.tal, TM,
  // TE Data, MEO, NOS, Sunrise, Swisscom, Telia, Google Fiber, Uninet, TDC, VNPT, BSNL.
  residential: [
    701, 7018, 3215, 12322, 1136, 5607, 12874, 5650, 7738, 4788, 8452, 3243, 2860, 6730, 3303, 3301, 16591,
    8151, 3292, 45899, 9829,
  ],
};

/** Words in names of operators, most telling first. */
const OPERATOR_WORDS: readonly (readonly [NetworkClass, RegExp])[] = [
  ['tor', /\btor[ -]?(?:exit|relay|servers|project)\b|torservers/],
  ['vpn', /\b(?:vpn|mullvad|nordvpn|surfshark|expressvpn|cyberghost|windscribe)\b|vpn$/],
  ['gateway', /\b(?:zscaler|netskope|iboss)\b|cato networks|menlo security|secure web gateway/],
  ['satellite', /\b(?:satellite|satelite|starlink|viasat|hughesnet|inmarsat|eutelsat|intelsat|oneweb)\b/],
  [
    'education',
    /universi|college|\bschools?\b|education|academ(?:y|ic)|research (?:and|&) |hochschule|polytech|institute of tech/,
  ],
  ['mobile', /\bmobile?\b|\bmovil|mobility|cellular|docomo|\bgsm\b|\blte\b/],
  ['hosting', /host(?!e[ls])|server|data ?cent(?:er|re)|cloud|\bvps|vps\b|colocat|colocrossing|dedicated/],
  [
    'residential',
    /tele?[ck]om|telef[oó]n|telekomun|comunica|communication|cable|kabel|broadband|breitband|\bfib(?:er|re)|\binternet|comcast|\bdsl|\bw?isp\b|vodafone|\borange\b|charter|\bcox\b|telia|telenor|telenet|telstra|rogers|virgin media|liberty global|proximus|chinanet|unicom|kddi|centurylink|telus|wifi|wi-fi/,
  ],
];

const CLASS_OF_NUMBER = new Map<number, NetworkClass>();
for (const [networkClass, numbers] of Object.entries(OPERATORS)) {
  for (const number of numbers) CLASS_OF_NUMBER.set(number, networkClass as NetworkClass);
}

/** The class of an autonomous system; `unknown` if neither its number nor its name tells. */
export function classOfOperator(number: number, organization: string): NetworkClass {
  const known = CLASS_OF_NUMBER.get(number);
  if (known !== undefined) return known;
  const name = organization.toLowerCase();
  return OPERATOR_WORDS.find(([, words]) => words.test(name))?.[0] ?? 'unknown';
}
