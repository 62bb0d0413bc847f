import type { Person } from '../people.js';
import type { Scene } from '../scene.js';
import { HOUR, MINUTE } from '../time.js';
import type { Habits } from './habits.js';

/** A day of somebody who works at the portal, an application with accounts of its own. */
export function otelDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  phoneDay(scene, person, day, habits);
  if (habits.isOff) return;
  const begins = scene.localTime(person, day, person.begins + chance.number(-0.4, 0.6));
  // Some stay signed in for days.
  if (habits.session === undefined || chance.happens(0.5)) {
    if (chance.happens(0.05)) scene.tell(scene.otel.fail(person, habits.seat(begins), begins - MINUTE));
    habits.session = scene.signIn(person, habits.seat(begins), begins);
  }
  const { session } = habits;
  const hours = chance.number(5, 9);
  for (let at = begins + 2 * MINUTE; at < begins + hours * HOUR; at += chance.number(0.4, 2) * HOUR) {
    const seat = habits.seat(at);
    scene.use(session, seat, at);
    // Links that people paste are opened by the chat's own servers, with the session of whoever pasted them.
    if (chance.happens(0.12))
      scene.use(session, scene.seatOn('cloud', 'US', 'link-expander', at), at + MINUTE);
    // Nobody collects the sign-ins of the wiki.
    if (chance.happens(0.15)) wiki(scene, person, seat, at + 3 * MINUTE);
  }
  if (chance.happens(0.1)) {
    scene.tell(scene.otel.logOut(session, habits.seat(begins + hours * HOUR), begins + hours * HOUR));
    habits.session = undefined;
  }
}

function phoneDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  if (habits.phone === undefined || chance.happens(0.4)) return;
  if (habits.phone.session === undefined || chance.happens(0.15)) {
    const at = scene.localTime(person, day, chance.number(7, 8));
    habits.phone.session = scene.signIn(person, scene.atHome(person, at, person.phone), at);
  }
  const { session } = habits.phone;
  for (let hour = chance.number(8.1, 12); hour < 22; hour += chance.number(3, 8)) {
    const at = scene.localTime(person, day, hour);
    const seat = chance.happens(0.6) ? scene.onCarrier(person, at) : scene.atHome(person, at, person.phone);
    scene.use(session, seat, at);
  }
}

export function wiki(scene: Scene, person: Person, seat: ReturnType<Habits['seat']>, at: number): void {
  const session = scene.otel.session(person, at, 'wiki');
  for (let i = 0; i < 3; i++) scene.tell(scene.otel.use(session, seat, at + i * 2 * MINUTE));
}
