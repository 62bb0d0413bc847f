import { instance, pipeline } from '../background/machines.js';
import { abroad, type Stage, type Story } from '../scenario.js';
import { HOUR, MINUTE } from '../time.js';
import type { CloudSession, Issue } from '../vendors/cloudtrail.js';
import { PRODUCTION } from '../vendors/cloudtrail.js';

const STRANDS = ['session-fork', 'session-moved'] as const;
const ISSUED = ['token-lineage', ...STRANDS, 'evidence-elsewhere'] as const;

/** Keys and roles of a cloud in other hands, and what looks like it. */
export const cloud: readonly Story[] = [
  {
    id: 'sts-token-elsewhere',
    kind: 'attack',
    says: "A role's temporary credentials are taken from the laptop and used at a hosting provider.",
    families: ['cloudtrail'],
    raises: ISSUED,
    cast: { scripts: true },
    tell(s) {
      const session = deskRole(s, 10);
      const thief = s.thief('hosting', abroad(s.victim), 'boto');
      for (let i = 0; i < 8; i++) s.tell(s.cloud.call(session, thief, s.attackAt(10.6) + i * 3 * MINUTE));
    },
  },
  {
    id: 'sts-token-vpn',
    kind: 'attack',
    says: 'Temporary credentials of GetSessionToken with a factor are used through a VPN.',
    families: ['cloudtrail'],
    raises: ISSUED,
    cast: { scripts: true },
    tell(s) {
      const seat = { ...s.home(10), userAgent: s.thief('cloud', 'US', 'aws-cli').userAgent };
      const { session, told } = s.cloud.issue(
        s.cloud.longTermKey(s.victim),
        { name: 'GetSessionToken', mfa: true },
        seat,
        s.at(10),
      );
      s.tell(told);
      for (let i = 1; i < 4; i++) s.tell(s.cloud.call(session, seat, s.at(10) + i * 4 * MINUTE));
      const thief = s.thief('vpn', abroad(s.victim), 'aws-cli');
      for (let i = 0; i < 6; i++) s.tell(s.cloud.call(session, thief, s.attackAt(10.5) + i * 3 * MINUTE));
    },
  },
  ...(['GetSessionToken', 'GetFederationToken', 'AssumeRole'] as const).map(
    (name): Story => ({
      id: `stolen-key-${name.toLowerCase()}`,
      kind: 'attack',
      says: `A stolen long-term key asks for temporary credentials by ${name} from the thief's own network.`,
      families: ['cloudtrail'],
      raises: ISSUED,
      cast: { scripts: true },
      tell(s) {
        const thief = s.thief('hosting', abroad(s.victim), 'aws-cli');
        const key = s.cloud.longTermKey(s.victim);
        const how: Issue = name === 'AssumeRole' ? { name, role: 'Deploy', as: 'session' } : { name };
        const { session, told } = s.cloud.issue(key, how, thief, s.attackAt(3));
        s.tell(s.cloud.callBy(key, thief, s.at(2.95), ['sts.amazonaws.com', 'GetCallerIdentity']), told);
        for (let i = 1; i < 8; i++) s.tell(s.cloud.call(session, thief, s.at(3) + i * 2 * MINUTE));
      },
    }),
  ),
  {
    id: 'stolen-key-takeover',
    kind: 'attack',
    says: 'With a stolen console cookie the thief creates an access key to stay.',
    families: ['cloudtrail'],
    raises: ['after-takeover', ...STRANDS],
    tell(s) {
      const { session } = s.morning(9, 4);
      const thief = s.thief('vpn', abroad(s.victim), 'windows-chrome');
      s.hurry(session, thief, s.attackAt(12), 3);
      s.tell(s.cloud.change(session, thief, s.at(12.3), 'credential'));
    },
  },
  {
    id: 'instance-role-off-cloud',
    kind: 'attack',
    says: "An instance's role keys are used from a hosting provider.",
    families: ['cloudtrail'],
    raises: ISSUED,
    tell(s) {
      machineRole(s, 'i-0b7c6d5e4f3a29181', s.thief('hosting', 'NL', 'boto'));
    },
  },
  {
    id: 'instance-role-home',
    kind: 'attack',
    says: "An instance's role keys are used from a home network.",
    families: ['cloudtrail'],
    raises: ISSUED,
    tell: (s) => machineRole(s, 'i-0f9e8d7c6b5a43210', s.thief('residential', abroad(s.victim), 'aws-cli')),
  },
  {
    id: 'pipeline-role-stolen',
    kind: 'attack',
    says: "A pipeline's role keys are used through a VPN.",
    families: ['cloudtrail'],
    raises: ISSUED,
    tell(s) {
      const at = s.attackAt(11);
      const runner = s.seatOn('cloud', 'US', 'aws-cli', at, 1);
      const by = { who: s.victim.login, account: PRODUCTION, identity: {} };
      for (let day = -6; day < 0; day++) pipeline(s, s.at(11, day), 'release-pipeline', s.victim.login);
      const how = { name: 'AssumeRoleWithWebIdentity', role: 'Pipeline', as: 'release-pipeline' } as const;
      const { session, told } = s.cloud.issue(by, how, runner, at - 20 * MINUTE);
      s.tell(told, s.cloud.call(session, runner, at - 15 * MINUTE));
      const thief = s.thief('vpn', 'NL', 'boto');
      for (let i = 0; i < 6; i++) s.tell(s.cloud.call(session, thief, at + i * 3 * MINUTE));
    },
  },
  {
    id: 'own-scripts',
    kind: 'benign',
    says: 'Somebody assumes a role on their own desk and uses it by several tools.',
    families: ['cloudtrail'],
    raises: [],
    cast: { scripts: true },
    tell(s) {
      const session = deskRole(s, 10);
      const seat = { ...s.home(11), userAgent: s.thief('cloud', 'US', 'boto').userAgent };
      for (let i = 0; i < 5; i++) s.tell(s.cloud.call(session, seat, s.at(11) + i * 3 * MINUTE));
      const { session: console } = s.morning(12, 2);
      s.tell(s.cloud.call(console, seat, s.at(13)));
    },
  },
  {
    id: 'first-script',
    kind: 'benign',
    says: 'Somebody who never scripted runs a script on their own desk with a session token.',
    families: ['cloudtrail'],
    raises: [],
    cast: { scripts: false },
    tell: (s) => void deskRole(s, 11),
  },
  {
    id: 'services-on-behalf',
    kind: 'benign',
    says: "AWS services act within a person's console session, without an address or a client.",
    families: ['cloudtrail'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 3);
      for (const name of ['cloudformation', 'athena', 'dynamodb', 'servicecatalog']) {
        const host = `${name}.amazonaws.com`;
        const seat = { address: host, userAgent: host, device: '', cookie: '' };
        s.tell(s.cloud.call(session, seat, s.at(10.2), [host, 'DescribeStacks']));
      }
    },
  },
  {
    id: 'cloud-shell',
    kind: 'benign',
    says: "The cloud's own shell acts in a console session from inside the cloud.",
    families: ['cloudtrail'],
    raises: [],
    tell(s) {
      const { session } = s.morning(9, 3);
      const shell = {
        ...s.seatOn('cloud', 'US', 'aws-cli', s.at(10)),
        userAgent:
          'aws-cli/2.27.41 md/awscrt#0.26.1 ua/2.1 os/linux#6.1.140 md/arch#x86_64 lang/python#3.13.4 exec-env/CloudShell md/command#s3.ls',
      };
      for (let i = 0; i < 6; i++) s.tell(s.cloud.call(session, shell, s.at(10) + i * 4 * MINUTE));
    },
  },
  {
    id: 'pipeline-moves',
    kind: 'benign',
    says: 'Runners of one pipeline come from a different country of their cloud each time.',
    families: ['cloudtrail'],
    raises: [],
    tell(s) {
      for (let hour = 8; hour < 18; hour += 2) pipeline(s, s.at(hour));
    },
  },
  {
    id: 'instance-in-its-cloud',
    kind: 'benign',
    says: "An instance's role keys are used by the instance, the whole day.",
    families: ['cloudtrail'],
    raises: [],
    tell(s) {
      for (let hour = 0; hour < 24; hour += 5) instance(s, s.at(hour));
    },
  },
  {
    id: 'federated-console-login',
    kind: 'benign',
    says: 'A federated console login says MFAUsed=No, since the provider asked for the factor.',
    families: ['okta'],
    raises: [],
    cast: { scripts: true },
    tell(s) {
      const { session, seat } = s.morning(9, 4);
      s.use(session, seat, s.at(10), 'aws');
      const how = { name: 'AssumeRoleWithSAML', role: 'Engineer', person: s.victim } as const;
      const { session: role, told } = s.cloud.issue(
        s.cloud.longTermKey(s.victim),
        how,
        seat,
        s.at(10) + 4000,
      );
      const console: CloudSession = { ...role, kind: 'console' };
      s.tell(told, s.cloud.signIn(console, seat, s.at(10) + 4000, 'federated'));
      for (let i = 1; i < 8; i++) s.tell(s.cloud.call(console, seat, s.at(10) + i * 9 * MINUTE));
    },
  },
];

/** A role assumed on the victim's own desk, and used there. */
function deskRole(s: Stage, hour: number): CloudSession {
  const seat = { ...s.home(hour), userAgent: s.thief('cloud', 'US', 'aws-cli').userAgent };
  const how = { name: 'AssumeRole', role: 'Deploy', as: s.victim.login } as const;
  const { session, told } = s.cloud.issue(s.cloud.longTermKey(s.victim), how, seat, s.at(hour));
  s.tell(told);
  for (let i = 1; i < 5; i++) s.tell(s.cloud.call(session, seat, s.at(hour) + i * 4 * MINUTE));
  return session;
}

/** A machine's role, used in its cloud for days and then by a thief. */
function machineRole(s: Stage, as: string, thief: ReturnType<Stage['thief']>): void {
  for (let day = -5; day < 0; day++) instance(s, s.at(10, day), as, s.victim.login);
  const by = { who: s.victim.login, account: PRODUCTION, identity: {} };
  const how = { name: 'AssumeRole', role: 'WebServer', as, service: 'ec2.amazonaws.com' } as const;
  const { session, told } = s.cloud.issue(by, how, undefined, s.at(10));
  s.tell(told);
  const machine = s.seatOn('cloud', 'US', 'boto', s.at(10));
  for (let i = 0; i < 10; i++) s.tell(s.cloud.call(session, machine, s.at(10.1) + (i * HOUR) / 2));
  for (let i = 0; i < 8; i++) s.tell(s.cloud.call(session, thief, s.attackAt(12) + i * 4 * MINUTE));
}
