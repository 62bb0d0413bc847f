import type { NetworkKind } from './addresses.js';
import type { Chance } from './chance.js';
import { type ClientKind, userAgent } from './clients.js';
import { agentOf, type Device, type Family, networkOf, type Person, type Seat, seatAt } from './people.js';
import { addressIn, addressIn6, neighbourOf, privacyAddress } from './places.js';
import { DAY, HOUR, MINUTE } from './time.js';
import type { Proof, Session, Teller, Told } from './told.js';
import { type CloudTeller, cloudTeller } from './vendors/cloudtrail.js';
import { type EntraTeller, entraTeller } from './vendors/entra.js';
import { type OktaTeller, oktaTeller } from './vendors/okta.js';
import { otelTeller } from './vendors/otel.js';

/** Where something is told: collects the records, and knows the days. */
export class Scene {
  readonly chance: Chance;
  /** Midnight UTC of the first day, in milliseconds since 1970. */
  readonly start: number;
  readonly told: Told[] = [];
  readonly okta: OktaTeller;
  readonly entra: EntraTeller;
  readonly cloud: CloudTeller;
  readonly otel: Teller;

  constructor(chance: Chance, start: number) {
    this.chance = chance;
    this.start = start;
    this.okta = oktaTeller(chance.apart('okta'));
    this.entra = entraTeller(chance.apart('entra'));
    this.cloud = cloudTeller(chance.apart('cloudtrail'));
    this.otel = otelTeller(chance.apart('otel'));
  }

  teller(family: Family): Teller {
    return { okta: this.okta, entra: this.entra, cloudtrail: this.cloud, otel: this.otel }[family];
  }

  tell(...told: readonly (readonly Told[])[]): void {
    for (const some of told) this.told.push(...some);
  }

  /** An hour of a person's local day, from 0; of the day after from 24. */
  localTime(person: Person, day: number, hour: number): number {
    return this.start + day * DAY + Math.round((hour - person.zone) * HOUR);
  }

  /** The days from the first one to a time. */
  dayOf(at: number): number {
    return Math.floor((at - this.start) / DAY);
  }

  /** A person's device at home; the lease changes about once a week, and every other household has IPv6 as well. */
  atHome(person: Person, at: number, device: Device = person.laptop): Seat {
    const day = this.dayOf(at);
    const lease = Math.floor((day + Number.parseInt(person.laptop.cookie.slice(0, 1), 16)) / 7);
    const { home } = person;
    const chance = person.chance.apart(`lease ${lease}`);
    const usesIpv6 = home.address6 !== '' && this.chance.happens(0.4);
    const address = usesIpv6
      ? privacyAddress(home.address6, this.chance)
      : lease === 0
        ? home.address
        : addressIn(home.network, chance);
    return seatAt(address, device, day);
  }

  inOffice(person: Person, at: number, device: Device = person.laptop): Seat {
    return seatAt(neighbourOf(person.office.address, this.chance), device, this.dayOf(at));
  }

  /** The phone on its carrier: another address each time, on many carriers another /64. */
  onCarrier(person: Person, at: number, device: Device = person.phone): Seat {
    const { carrier } = person;
    const address =
      carrier.v6.length > 0 && this.chance.happens(0.5)
        ? addressIn6(carrier, this.chance)
        : addressIn(carrier, this.chance);
    return seatAt(address, device, this.dayOf(at));
  }

  /** The laptop behind the company's secure web gateway, which may be in another country. */
  behindGateway(person: Person, at: number): Seat {
    const { gateway } = person;
    if (gateway === undefined) return this.atHome(person, at);
    return seatAt(neighbourOf(gateway.address, this.chance), person.laptop, this.dayOf(at));
  }

  /** A seat on any network, with a device or another client without cookies of its own. */
  seatOn(
    kind: NetworkKind,
    country: string,
    client: ClientKind | Seat | Device,
    at: number,
    number = 0,
  ): Seat {
    const address = addressIn(networkOf(country, kind, number), this.chance);
    if (typeof client === 'string') {
      return { address, userAgent: userAgent(client, 139), device: '', cookie: this.chance.hex(64) };
    }
    if ('userAgent' in client) return { ...client, address };
    return { address, userAgent: agentOf(client, this.dayOf(at)), device: client.id, cookie: client.cookie };
  }

  /** Signs in, by the person's own factor unless said otherwise. */
  signIn(
    person: Person,
    seat: Seat,
    at: number,
    proof: Proof = person.factor,
    application?: string,
    family = person.family,
  ): Session {
    const teller = this.teller(family);
    const session = teller.session(person, at, application);
    this.tell(teller.signIn(session, seat, at, proof));
    return session;
  }

  use(session: Session, seat: Seat, at: number, application?: string, family = session.person.family): void {
    this.tell(this.teller(family).use(session, seat, at, application));
  }

  /** Works in a session for some hours: now and then a use, a token renewed in between. */
  work(
    session: Session,
    seat: Seat,
    from: number,
    hours: number,
    usesPerHour = 2,
    family = session.person.family,
  ): void {
    const teller = this.teller(family);
    for (let at = from; at < from + hours * HOUR; at += (HOUR / usesPerHour) * this.chance.number(0.6, 1.4)) {
      const renews = this.chance.happens(0.3) && family !== 'cloudtrail';
      this.tell(renews ? teller.refresh(session, seat, at) : teller.use(session, seat, at));
    }
  }

  /** Uses in quick succession, as somebody who looks for something. */
  hurry(session: Session, seat: Seat, from: number, uses = 5, family = session.person.family): void {
    for (let i = 0; i < uses; i++) {
      this.use(session, seat, from + i * this.chance.number(1, 5) * MINUTE, undefined, family);
    }
  }
}
