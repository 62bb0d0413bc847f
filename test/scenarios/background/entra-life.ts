import type { Person } from '../people.js';
import type { Scene } from '../scene.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import type { Habits } from './habits.js';

const APPLICATIONS = ['mail', 'chat', 'office-suite', 'customer-desk'] as const;

/** A day of somebody who works at applications behind Entra ID. Sessions go on for days, some are older than the logs. */
export function entraDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  phoneDay(scene, person, day, habits);
  if (habits.isOff) return;
  const begins = scene.localTime(person, day, person.begins + chance.number(-0.4, 0.6));
  const seat = habits.seat(begins);
  if (habits.session === undefined && day === 0 && chance.happens(0.5)) {
    habits.session = scene.entra.session(person, begins - 3 * DAY);
  } else if (habits.session === undefined || chance.happens(0.2)) {
    if (chance.happens(0.08)) scene.tell(scene.entra.fail(person, seat, begins - MINUTE));
    if (chance.happens(0.01)) scene.tell(scene.entra.refuse(person, seat, begins - MINUTE));
    const proof =
      person.factor !== 'phishing-resistant' && chance.happens(0.2) ? 'remembered' : person.factor;
    habits.session = scene.signIn(person, seat, begins, proof);
  }
  const { session } = habits;
  const hours = chance.number(6, 9);
  for (let at = begins + 2 * MINUTE; at < begins + hours * HOUR; at += chance.number(0.5, 2) * HOUR) {
    const place = habits.seat(at);
    if (chance.happens(0.35)) scene.use(session, place, at, chance.oneOf(APPLICATIONS));
    else scene.tell(scene.entra.refresh(session, place, at));
    // The broker speaks for the applications of a Windows desk.
    if (person.laptop.client === 'windows-edge' && chance.happens(0.3)) {
      const broker = { ...place, userAgent: 'Windows-AzureAD-Authentication-Provider/1.0' };
      scene.tell(scene.entra.refreshBy(session, broker, at + MINUTE, 'broker', 'primaryRefreshToken'));
    }
    if (chance.happens(0.25)) {
      // Microsoft's own back ends ask Graph with the user's token.
      const backend = { ...scene.seatOn('cloud', 'US', 'go', at, 1), userAgent: '' };
      scene.tell(scene.entra.graph(session, backend, at + 2 * MINUTE, 'chat'));
    }
    if (chance.happens(0.15)) {
      const connector = scene.seatOn('cloud', 'US', 'connector', at);
      scene.tell(scene.entra.graph(session, connector, at + 4 * MINUTE, 'quillsync'));
    }
  }
}

/** The phone's mail renews its token day and night. */
function phoneDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  if (habits.phone === undefined) return;
  if (habits.phone.session === undefined || chance.happens(0.07)) {
    const at = scene.localTime(person, day, chance.number(7, 8));
    const seat = scene.atHome(person, at, person.phone);
    habits.phone.session = scene.signIn(person, seat, at, person.factor, 'mail-app');
  }
  const { session } = habits.phone;
  for (let hour = chance.number(8.1, 9); hour < 30; hour += chance.number(3, 7)) {
    const at = scene.localTime(person, day, hour);
    const isOut = hour > 9 && hour < 18 && chance.happens(0.6);
    const seat = isOut ? scene.onCarrier(person, at) : scene.atHome(person, at, person.phone);
    scene.tell(scene.entra.refreshBy(session, seat, at, 'mail-app'));
  }
}
