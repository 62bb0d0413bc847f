/** What the story holds that looks like an attack and is none, with the people it is about. */
export const BENIGN = [
  {
    id: 'roaming-phone',
    what: 'A phone leaves the Wi-Fi at home and goes on in the carrier network',
    users: ['arjun.mehta', 'noah.miller', 'priya.nair'],
  },
  {
    id: 'late-records',
    what: 'A phone sends its sign-in minutes after what the sign-in vouches for',
    users: ['oliver.jones'],
  },
  {
    id: 'keep-me-signed-in',
    what: 'One session over three days, across every midnight',
    users: ['sofia.alvarez'],
  },
  {
    id: 'remembered-device',
    what: 'Signs in with a password alone, since the device is remembered',
    users: ['hanna.schmidt'],
  },
  {
    id: 'browser-upgrade',
    what: 'The browser restarts into its next version within a session',
    users: ['claire.dubois'],
  },
  {
    id: 'dual-stack',
    what: 'A household with IPv4 and IPv6, used in turn within a session',
    users: ['noah.miller'],
  },
  {
    id: 'changing-ipv6-network',
    what: 'A provider that gives the household another IPv6 network every day',
    users: ['jonas.weber'],
  },
  { id: 'always-on-vpn', what: 'Works through a consumer VPN every day', users: ['lucia.fernandez'] },
  {
    id: 'home-and-office',
    what: 'Works at home on some days and in the office on others',
    users: ['hanna.schmidt', 'marta.kowalska', 'oliver.jones', 'tom.baker'],
  },
  {
    id: 'one-office-address',
    what: 'An office whose people all come from one address',
    users: ['amara.okafor', 'david.cohen', 'tom.baker'],
  },
  {
    id: 'log-in-in-another-region',
    what: 'AWS records the log-in in another region than the work',
    users: ['kenji.tanaka', 'marta.kowalska', 'tom.baker'],
  },
  {
    id: 'console-with-many-keys',
    what: 'A night shift of eleven hours in one console session with a dozen access keys',
    users: ['jonas.weber'],
  },
  {
    id: 'switched-role',
    what: 'Takes on a role in the console after the log-in',
    users: ['david.cohen', 'ingrid.larsen'],
  },
  {
    id: 'moving-runners',
    what: 'A delivery pipeline whose runners have another address each time',
    users: ['ci-deploy'],
  },
  {
    id: 'service-on-behalf',
    what: 'CloudFormation acts in the session of whoever updates a stack',
    users: ['amara.okafor', 'kenji.tanaka'],
  },
  {
    id: 'issued-by-a-service',
    what: 'AWS Lambda itself asks STS for the role of a function',
    users: ['nightly-report'],
  },
  {
    id: 'long-term-keys',
    what: 'An inventory with long-term keys, which has no session at all',
    users: ['inventory'],
  },
  {
    id: 'older-than-the-logs',
    what: 'A session that was signed in to before the first record',
    users: ['kenji.tanaka', 'yuki.sato'],
  },
] as const;
