import {
  atLocalHour,
  HOUR,
  MINUTE,
  SECOND,
  STORY_DAYS,
  STORY_END,
  STORY_START,
  wholeSecond,
} from './calendar.js';
import { reads, writes } from './calls.js';
import { CLIENTS } from './clients.js';
import { assumedRole, awsService, iamUser, longTermKey } from './cloud-identities.js';
import { apiCall, type CloudTrailRecord } from './cloudtrail-records.js';
import type { Diary } from './diary.js';
import { NETWORKS } from './networks.js';
import { at as deskAt } from './people.js';
import { chanceFor } from './random.js';
import { assumeRole } from './token-issues.js';

/** The regions that the company uses, each a stream of CloudTrail with a delay of its own. */
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-east-2'] as const;

/** What runs without people: the inventory, and the nightly report. */
export function liveWithoutPeople(diary: Diary<CloudTrailRecord>): void {
  takeInventory(diary);
  report(diary);
}

/**
 * Every six hours, and lastly when the story ends, a server asks each region what is there, with long-term keys:
 * no session, so nothing that could lack a log-in. It also shows that each region's records still arrive.
 */
function takeInventory(diary: Diary<CloudTrailRecord>): void {
  const login = 'inventory';
  const chance = chanceFor(login);
  const server = deskAt(NETWORKS.berlinOffice, 9, CLIENTS.pythonSdk);
  for (let end = STORY_END; end > STORY_START; end -= 6 * HOUR) {
    for (const [place, region] of REGIONS.entries()) {
      const at = end - (REGIONS.length - 1 - place) * 7 * SECOND;
      const identity = iamUser(login, longTermKey(login));
      const circumstances = { at, region, identity, origin: server };
      diary.write(at, apiCall(chance, circumstances, reads('tagging', 'GetResources')));
    }
  }
}

/** A function takes on its role each night: AWS Lambda itself asks STS, and no address is on that record. */
function report(diary: Diary<CloudTrailRecord>): void {
  const role = 'NightlyReport';
  const name = 'nightly-report';
  const service = 'lambda.amazonaws.com';
  const chance = chanceFor(name);
  const host = deskAt(NETWORKS.ownCloud, 40, `${CLIENTS.pythonSdk} exec-env/AWS_Lambda_python3.12`);
  for (const day of STORY_DAYS) {
    const at = wholeSecond(atLocalHour(day, 2, 2) + chance.between(0, 50) * SECOND);
    const region = 'eu-central-1';
    const asked = { at, region, identity: awsService(service), origin: service };
    const accessKeyId = assumeRole(diary, chance, role, name, asked);
    const identity = assumedRole(role, name, accessKeyId, { createdAt: at, mfa: false });
    const calls = [
      reads('rds', 'DescribeDBInstances'),
      writes('logs', 'CreateLogStream', { logGroupName: '/aws/lambda/nightly-report' }),
      writes('athena', 'StartQueryExecution', { workGroup: 'reports' }),
    ];
    for (const [order, call] of calls.entries()) {
      const doneAt = at + order * MINUTE + chance.between(1, 20) * SECOND;
      diary.write(doneAt, apiCall(chance, { at: doneAt, region, identity, origin: host }, call));
    }
  }
}
