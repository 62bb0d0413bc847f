import type { Person, Seat } from '../people.js';
import type { Scene } from '../scene.js';
import { HOUR, MINUTE, SECOND } from '../time.js';
import type { Session } from '../told.js';
import type { Habits } from './habits.js';

const APPLICATIONS = ['office-suite', 'customer-desk', 'code-forge'] as const;

/** A day of somebody who works at applications behind Okta. */
export function oktaDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  const begins = scene.localTime(person, day, person.begins + chance.number(-0.4, 0.6));
  phoneDay(scene, person, day, habits);
  if (habits.isOff) return;
  const seat = habits.seat(begins);
  if (chance.happens(0.05)) scene.tell(scene.okta.fail(person, seat, begins - MINUTE));
  if (chance.happens(0.01)) scene.tell(scene.okta.refuse(person, seat, begins - MINUTE));
  const proof = person.factor !== 'phishing-resistant' && chance.happens(0.25) ? 'remembered' : person.factor;
  const session = scene.signIn(person, seat, begins, proof);
  const hours = chance.number(6, 9);
  for (let at = begins + 2 * MINUTE; at < begins + hours * HOUR; at += chance.number(0.5, 2.4) * HOUR) {
    const place = habits.seat(at);
    scene.use(session, place, at, chance.oneOf(APPLICATIONS));
    if (chance.happens(0.25)) payroll(scene, person, session, place, at + 5 * MINUTE);
    if (chance.happens(0.2)) connector(scene, session, at + 9 * MINUTE);
    if (chance.happens(0.04)) scene.tell(scene.okta.adminHop(session, place, at + MINUTE));
  }
  if (person.scripts && chance.happens(0.4)) awsDay(scene, person, session, seat, begins + HOUR);
  if (chance.happens(0.2))
    scene.tell(scene.okta.logOut(session, habits.seat(begins + hours * HOUR), begins + hours * HOUR));
}

/** The phone has a session of its own, days old, whose tokens an application renews day and night. */
function phoneDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  if (habits.phone === undefined) return;
  let session = habits.phone.session;
  if (session === undefined || chance.happens(0.12)) {
    const at = scene.localTime(person, day, chance.number(7, 8));
    session = scene.signIn(person, scene.atHome(person, at, person.phone), at, person.factor);
    habits.phone.session = session;
  }
  for (let hour = chance.number(8.1, 10); hour < 23; hour += chance.number(3, 7)) {
    const at = scene.localTime(person, day, hour);
    const isOut = hour > 9 && hour < 18 && chance.happens(0.7);
    const seat = isOut ? scene.onCarrier(person, at) : scene.atHome(person, at, person.phone);
    scene.tell(scene.okta.grant(session, seat, at, 'refresh_token', 'Nordlicht Mobile'));
  }
}

/** The payroll application asks Okta, and has a session of its own that outlives Okta's. */
export function payroll(scene: Scene, person: Person, session: Session, seat: Seat, at: number): Session {
  scene.use(session, seat, at, 'payroll', 'okta');
  const own = scene.otel.session(person, at + 3 * SECOND, 'payroll');
  scene.tell(scene.otel.signIn(own, seat, at + 3 * SECOND, 'federated'));
  for (let i = 1; i < 4; i++)
    scene.tell(scene.otel.use(own, seat, at + i * scene.chance.number(2, 9) * MINUTE));
  return own;
}

/** A third party's back end acts with the user's token from its own cloud. */
function connector(scene: Scene, session: Session, at: number): void {
  const seat = scene.seatOn('cloud', 'US', 'connector', at);
  scene.tell(scene.okta.grant(session, { ...seat, cookie: '' }, at, 'refresh_token', 'Quillsync'));
}

/** AWS through Okta: an assumed role, then its calls from the same desk. */
function awsDay(scene: Scene, person: Person, session: Session, seat: Seat, at: number): void {
  scene.use(session, seat, at, 'aws', 'okta');
  const by = scene.cloud.longTermKey(person);
  const issue = scene.cloud.issue(
    by,
    { name: 'AssumeRoleWithSAML', role: 'Engineer', person },
    seat,
    at + 4 * SECOND,
  );
  scene.tell(issue.told);
  for (let i = 1; i < 6; i++) {
    scene.tell(scene.cloud.call(issue.session, seat, at + i * scene.chance.number(2, 8) * MINUTE));
  }
}
