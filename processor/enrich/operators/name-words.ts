import type { NetworkClass } from '../../../schema/words.js';

/**
 * What the words of an operator's name say of its network. A name is taken apart at everything that is no letter or
 * digit, so that `mobile` is not found in "Automobile"; the forms below are matched against whole words, or their ends.
 * Each form is a text of words with blanks between them; phrases are separated by commas.
 */
export interface NameRule {
  readonly networkClass: NetworkClass;
  /** Whole words. */
  readonly words?: string;
  /** Beginnings of words. */
  readonly starts?: string;
  /** Ends of words that have something before them. */
  readonly ends?: string;
  /** Words that follow one another. */
  readonly phrases?: string;
  /** Words with which the name says something else. */
  readonly unless?: string;
}

/** Most telling first: the first rule that a name fits decides. */
export const NAME_RULES: readonly NameRule[] = [
  {
    networkClass: 'tor',
    words: 'torservers torproject',
    phrases: 'tor exit, tor exits, tor relay, tor relays, tor project',
  },
  {
    networkClass: 'vpn',
    words: 'vpn mullvad surfshark cyberghost windscribe tunnelbear hidemyass packethub',
    ends: 'vpn',
    // Companies that build private networks for other companies.
    unless: 'infraestrutura mexico mpls',
  },
  {
    networkClass: 'gateway',
    words: 'zscaler netskope iboss opendns',
    phrases: 'cato networks, menlo security, prisma access',
  },
  { networkClass: 'relay', words: 'cloudflare' },
  {
    networkClass: 'satellite',
    words: 'viasat hughesnet inmarsat eutelsat intelsat oneweb speedcast marlink satcom',
    // "Starlink" alone is the name of several local access providers.
    phrases: 'starlink services, hughes network, iridium satellite, panasonic avionics, satellite broadband',
  },
  {
    networkClass: 'education',
    words: 'university univ polytechnic',
    starts: `universit universid univerz uniwersyt hochschul fachhochschul polytech politech politec politehn
      polytekn renater sunet`,
    phrases: 'institute of technology, research and education, surf b v',
  },
  {
    networkClass: 'education',
    words: `college colleges school schools academic faculdade faculdades facultad fakultas escola escuela ecole
      schule schulen lyceum lycee kolej sekolah politeknik akademia akademi isd education educational educacion
      educacao enseignement onderwijs`,
    phrases: `institute of science, instituto tecnologico, institut teknologi, academy of sciences, ensino superior,
      higher education`,
    // "City of College Park", "College Station Telecom", lenders to students, banks of schools.
    unless: 'city town borough village hosting telecom credit loan finance online',
  },
  {
    networkClass: 'mobile',
    words: 'mobile mobil movil moviles cellular celular gsm lte docomo',
    starts: 'mobitel mobifone mobicom vinaphone mobilink',
    // The oil company, the city, biology, and those who do something on mobile devices instead of connecting them.
    unless: `exxon city county biology molecular healthcare heartbeat medical care security software solutions
      applications aplicaciones apps games payments payment media video television home homes vending provedor products
      synchronization tracking adria alliance shopee route chain telesign perfecto devrient fibernet`,
  },
  {
    networkClass: 'hosting',
    words: `hosting host hoster server servers datacenter datacenters datacentre vps vds colocation colo cloud clouds
      webhosting dedicated datacentrum`,
    starts: 'hosting webhost datacenter vpshost colocation',
    ends: 'hosting host hoster server servers vps vds cloud colo',
    phrases: 'data center, data centers, data centre, data centres, web host',
    unless: 'ghost',
  },
  {
    // Brands of hosters, by which their further systems and subsidiaries are found.
    networkClass: 'hosting',
    words: `leaseweb digitalocean ovh hetzner contabo vultr linode scaleway ionos godaddy namecheap hostinger hostpapa
      hostroyale hostwinds hostkey hostdime bluehost rackspace dreamhost hivelocity psychz quadranet phoenixnap
      interserver kamatera clouvider netcup plusserver worldstream nforce selectel timeweb beget voxility flokinet
      glesys zenlayer multacom equinix cologix cyrusone internap aeza xneelo ctrls serverius xtom upcloud locaweb
      infomaniak transip combell`,
    phrases: 'digital realty, constant company',
  },
  {
    networkClass: 'cloud',
    words: 'amazon microsoft google alibaba aliyun tencent',
    phrases: 'oracle corporation, oracle cloud, ibm cloud',
    unless: 'fiber research telecom servicos travel',
  },
  {
    networkClass: 'residential',
    words: `internet isp wisp broadband breitband bredband cable cablevision catv kabel fiber fibre fibra fibernet dsl
      adsl ftth wifi wireless telephone telefon communications communication telecommunications telecommunication
      provedor provedores provider comunicacao comunicacoes comunicaciones iletisim svyaz stadtwerke`,
    starts: 'telecom telekom telefon telephon kabel fibra glasfaser',
    ends: 'telecom telekom telco tel svyaz fibra fiber fibre kabel cable',
    phrases: 'banda larga, banda ancha, wi fi',
    // Banks and hotels with networks, makers and people whose names end in "tel", offices "for communication and
    // informatics", exchanges at which networks meet.
    unless: `bank hotel hotels hostel hostels motel novotel patel pimentel martel hospital hospitality intel mattel
      alcatel nortel mitel bechtel exchange ixp dinas kantor dan department ministry ministerio police`,
  },
  {
    // Brands of carriers, by which their further systems and subsidiaries are found.
    networkClass: 'residential',
    words: `vodafone orange verizon telia telenor tele2 swisscom proximus telstra optus chinanet unicom jcom kddi
      softbank videotron cogeco eastlink rogers vivacom claro movistar telmex odido kpn tdc netia vectra fastweb tiscali
      comcast bharti airtel hathway viettel vnpt singnet starhub vocus iinet rostelecom vimpelcom megafon centurylink
      hellovision ooredoo zain`,
    phrases: 'at t, virgin media, bell canada, sky uk, free sas, liberty global',
    unless:
      'county bank insurance airlines motors capital hospital industries transportation brands solucoes',
  },
];
