import type { Scene } from '../scene.js';
import { DAY, HOUR, MINUTE } from '../time.js';
import { PRODUCTION, type Principal } from '../vendors/cloudtrail.js';

/** What runs by itself: pipelines that move through a cloud, service accounts, roles of machines. */
export function machineDay(scene: Scene, day: number): void {
  const { chance } = scene;
  const midnight = scene.start + day * DAY;
  for (let i = 0; i < 5; i++) pipeline(scene, midnight + chance.number(6, 20) * HOUR);
  for (let hour = 0; hour < 24; hour += 4) {
    instance(scene, midnight + hour * HOUR + chance.number(0, 30) * MINUTE);
    backup(scene, midnight + hour * HOUR + 40 * MINUTE);
    const seat = scene.seatOn('cloud', 'DE', 'go', midnight, 1);
    scene.tell(scene.entra.serviceSignIn('nightly-export', seat, midnight + hour * HOUR + 7 * MINUTE));
  }
}

/** A runner of the code forge, in another place of its cloud each time. */
export function pipeline(scene: Scene, at: number, as = 'deploy-pipeline', who = as): void {
  const seat = scene.seatOn('cloud', scene.chance.oneOf(['US', 'NL', 'GB']), 'aws-cli', at, 1);
  const by: Principal = { who, account: PRODUCTION, identity: {} };
  const { session, told } = scene.cloud.issue(
    by,
    { name: 'AssumeRoleWithWebIdentity', role: 'Pipeline', as },
    seat,
    at,
  );
  scene.tell(told);
  for (let i = 1; i < 4; i++) scene.tell(scene.cloud.call(session, seat, at + i * MINUTE));
}

/** A machine in EC2, whose role EC2 assumes for it. */
export function instance(scene: Scene, at: number, as = 'i-0a1b2c3d4e5f60718', who = as): void {
  const by: Principal = { who, account: PRODUCTION, identity: {} };
  const how = { name: 'AssumeRole', role: 'WebServer', as, service: 'ec2.amazonaws.com' } as const;
  const { session, told } = scene.cloud.issue(by, how, undefined, at);
  scene.tell(told);
  const seat = { ...scene.seatOn('cloud', 'US', 'boto', at), address: '3.2.130.77' };
  for (let i = 1; i < 4; i++) scene.tell(scene.cloud.call(session, seat, at + i * 20 * MINUTE));
}

/** A service account with a long-term key in another provider's data centre. */
function backup(scene: Scene, at: number): void {
  const seat = { ...scene.seatOn('hosting', 'DE', 'boto', at), address: '' };
  const identity = {
    type: 'IAMUser',
    principalId: 'AIDABACKUP00000000001',
    arn: `arn:aws:iam::${PRODUCTION}:user/backup`,
    accountId: PRODUCTION,
    userName: 'backup',
    accessKeyId: 'AKIABACKUP0000000001',
  };
  const fixed = { ...seat, address: backupAddress(scene) };
  scene.tell(scene.cloud.callBy({ who: 'backup', account: PRODUCTION, identity }, fixed, at));
}

const addresses = new WeakMap<Scene, string>();

function backupAddress(scene: Scene): string {
  const known = addresses.get(scene) ?? scene.seatOn('hosting', 'DE', 'boto', scene.start).address;
  addresses.set(scene, known);
  return known;
}
