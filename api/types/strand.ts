import { NETWORK_CLASSES, VOUCHES } from '../../schema/words.js';
import { builder } from '../builder.js';
import type { StrandRow } from '../reading/session-queries.js';
import { wordOf } from '../reading/stored-words.js';
import { NetworkClassEnum, VouchEnum } from './words.js';

/** Such as `AS3320, DE (84.128.0.0/24)`: what a strand has of its network. */
function networkText({ asn, country, network }: StrandRow): string {
  const operator = [...(asn === 0 ? [] : [`AS${asn}`]), ...(country === '' ? [] : [country])].join(', ');
  return operator === '' ? network : `${operator} (${network})`;
}

/** Such as `Chrome on Windows`; what sends no name is called by its kind. */
function clientText({ browser, os, client_kind }: StrandRow): string {
  return [browser, os].filter((part) => part !== '').join(' on ') || client_kind;
}

export const Strand = builder.objectRef<StrandRow>('Strand').implement({
  description:
    'The use of a session from one network, with one client, on one device. Its distances are measured at its ' +
    'beginning; the smaller counts, and from 2 on it may be a finding.',
  fields: (t) => ({
    network: t.string({
      description: 'Operator, country and the /24 or /48 of its first use.',
      resolve: networkText,
    }),
    networkClass: t.field({
      type: NetworkClassEnum,
      resolve: (strand) => wordOf(NETWORK_CLASSES, strand.network_class, 'unknown'),
    }),
    client: t.string({ resolve: clientText }),
    deviceKey: t.string({
      nullable: true,
      description: 'Keyed hash of a strong device id.',
      resolve: (strand) => strand.device_key || null,
    }),
    firstSeen: t.field({ type: 'DateTime', resolve: (strand) => strand.first_seen }),
    lastSeen: t.field({ type: 'DateTime', resolve: (strand) => strand.last_seen }),
    eventCount: t.exposeInt('event_count'),
    vouchedBy: t.field({
      type: VouchEnum,
      resolve: (strand) => wordOf(VOUCHES, strand.vouched_by, 'none'),
    }),
    sessionDistance: t.int({
      nullable: true,
      description: 'From the nearest vouched strand of the session; null where there is none before it.',
      resolve: (strand) => strand.session_distance,
    }),
    userDistance: t.int({
      nullable: true,
      description: "From the user's earlier days; null for a user with less than three of them.",
      resolve: (strand) => strand.user_distance,
    }),
    concurrent: t.boolean({
      description: 'Far, and used in turns with a vouched one.',
      resolve: (strand) => strand.concurrent === 1,
    }),
  }),
});
