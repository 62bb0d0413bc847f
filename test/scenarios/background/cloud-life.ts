import type { Person } from '../people.js';
import type { Scene } from '../scene.js';
import { HOUR, MINUTE } from '../time.js';
import { SANDBOX } from '../vendors/cloudtrail.js';
import type { Habits } from './habits.js';

/** A day of somebody with a user in the AWS accounts: the console, and for some the command line. */
export function cloudDay(scene: Scene, person: Person, day: number, habits: Habits): void {
  const { chance } = scene;
  if (habits.isOff) return;
  const begins = scene.localTime(person, day, person.begins + chance.number(0, 1.5));
  if (chance.happens(0.75)) console_(scene, person, habits, begins, undefined);
  if (chance.happens(0.12)) console_(scene, person, habits, begins + 4 * HOUR, SANDBOX);
  if (person.scripts) commandLine(scene, person, habits, begins + HOUR);
}

function console_(
  scene: Scene,
  person: Person,
  habits: Habits,
  at: number,
  account: string | undefined,
): void {
  const { chance } = scene;
  const seat = habits.seat(at);
  if (chance.happens(0.06)) scene.tell(scene.cloud.fail(person, seat, at - MINUTE));
  const session = scene.cloud.session(person, at, account);
  scene.tell(scene.cloud.signIn(session, seat, at, person.factor));
  const hours = chance.number(1, 6);
  for (let time = at + MINUTE; time < at + hours * HOUR; time += chance.number(6, 60) * MINUTE) {
    scene.tell(scene.cloud.call(session, habits.seat(time), time));
    // AWS itself acts within the session: a stack's resources, a table's key.
    if (chance.happens(0.15)) {
      const internal = {
        address: 'cloudformation.amazonaws.com',
        userAgent: 'cloudformation.amazonaws.com',
        device: '',
        cookie: '',
      };
      scene.tell(scene.cloud.call(session, internal, time + MINUTE));
    }
  }
}

/** A long-term key on the own desk; now and then it assumes a role. */
function commandLine(scene: Scene, person: Person, habits: Habits, at: number): void {
  const { chance } = scene;
  const seat = { ...habits.seat(at), userAgent: scene.seatOn('cloud', 'US', 'aws-cli', at).userAgent };
  const key = scene.cloud.longTermKey(person);
  for (let i = 0; i < 4; i++)
    scene.tell(scene.cloud.callBy(key, seat, at + i * chance.number(1, 20) * MINUTE));
  if (chance.happens(0.6)) {
    const role = { name: 'AssumeRole', role: 'Deploy', as: person.login } as const;
    const { session, told } = scene.cloud.issue(key, role, seat, at + 30 * MINUTE);
    scene.tell(told);
    for (let i = 1; i < 5; i++) scene.tell(scene.cloud.call(session, seat, at + (30 + i * 4) * MINUTE));
  }
}
