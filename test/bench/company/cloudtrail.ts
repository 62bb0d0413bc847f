import type { Company, Visit, Workload } from './company.js';
import { type GeneratedRecord, text, vendorRecord } from './record.js';

const REGIONS = ['eu-central-1', 'us-east-1', 'eu-west-1', 'us-west-2'];

/** Calls of workloads, the frequent first. */
const CALLS = [
  ['sts', 'GetCallerIdentity', true],
  ['ec2', 'DescribeInstances', true],
  ['kms', 'Decrypt', true],
  ['s3', 'GetBucketLocation', true],
  ['logs', 'CreateLogStream', false],
  ['ecr', 'BatchGetImage', true],
  ['dynamodb', 'DescribeTable', true],
  ['secretsmanager', 'DescribeSecret', true],
  ['autoscaling', 'DescribeAutoScalingGroups', true],
  ['iam', 'GetRole', true],
  ['ec2', 'CreateTags', false],
  ['iam', 'PutRolePolicy', false],
] as const;

/** A management record of AWS CloudTrail: workloads mostly, people in the console, AWS's own services. */
export function cloudTrailRecord(company: Company): GeneratedRecord {
  const draw = company.chance.below(100);
  if (draw < 68) return workloadCall(company);
  return draw < 94 ? consoleCall(company) : serviceCall(company);
}

function record(company: Company, at: number, region: string, more: object): GeneratedRecord {
  const { chance } = company;
  const fields = {
    eventVersion: '1.09',
    eventTime: new Date(at).toISOString().replace(/\.\d+Z/, 'Z'),
    awsRegion: region,
    requestID: chance.uuid(),
    eventID: chance.uuid(),
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `ec2.${region}.amazonaws.com`,
    },
    ...more,
  };
  const file = `AWSLogs/111122223333/CloudTrail/${region}/2026/03/02/trail_20260302T08${10 + (at % 50)}Z.json.gz`;
  return vendorRecord(fields, at, 180_000 + chance.below(420_000), [text('aws.s3.key', file)]);
}

function secondOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z/, 'Z');
}

function assumedRole(
  account: string,
  roleId: string,
  role: string,
  name: string,
  key: string,
  began: number,
) {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: secondOf(began), mfaAuthenticated: 'false' },
    },
  };
}

function workloadCall(company: Company): GeneratedRecord {
  const { chance } = company;
  const shift = company.shift(() => `i-0${chance.hex(16)} ASIA${chance.letters(16).toUpperCase()}`);
  const at = company.tick();
  if (shift.isFirst) return assumption(company, shift, at);
  const [service, eventName, readOnly] = chance.pickUnevenly(CALLS);
  const { account, roleId, role } = shift.actor;
  const [name = '', key = ''] = shift.session.split(' ');
  const isDenied = chance.happens(0.03);
  const region = chance.pickUnevenly(REGIONS);
  return record(company, at, region, {
    userIdentity: assumedRole(account, roleId, role, name, key, shift.began),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    sourceIPAddress: shift.address,
    userAgent: shift.agent,
    requestParameters: {
      maxResults: 100,
      filterSet: { items: [{ name: 'tag:team', valueSet: { items: [{ value: 'platform' }] } }] },
    },
    responseElements: null,
    readOnly,
    recipientAccountId: account,
    ...(isDenied
      ? {
          errorCode: 'AccessDenied',
          errorMessage: `User is not authorized to perform: ${service}:${eventName}`,
        }
      : {}),
  });
}

/** EC2 takes a role for an instance: the record that vouches for the workload's session. */
function assumption(company: Company, { actor, session }: Visit<Workload>, at: number): GeneratedRecord {
  const { account, roleId, role } = actor;
  const [name = '', key = ''] = session.split(' ');
  return record(company, at, 'eu-central-1', {
    userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    sourceIPAddress: 'ec2.amazonaws.com',
    userAgent: 'ec2.amazonaws.com',
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: name },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Mar 2, 2026, 2:05:12 PM' },
      assumedRoleUser: {
        assumedRoleId: `${roleId}:${name}`,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
      },
    },
    readOnly: true,
    resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${account}:role/${role}` }],
    recipientAccountId: account,
  });
}

function consoleCall(company: Company): GeneratedRecord {
  const { chance } = company;
  const visit = company.visit('aws', () => `ASIA${chance.letters(16).toUpperCase()}`);
  const { actor } = visit;
  const at = company.tick();
  const account = company.accounts[actor.login.length % company.accounts.length] ?? '';
  const roleId = `AROA${actor.oktaId.slice(3).toUpperCase()}`;
  const identity = assumedRole(
    account,
    roleId,
    'AWSReservedSSO_Engineer_0123456789abcdef',
    actor.login,
    visit.session,
    visit.began,
  );
  if (visit.isFirst) {
    return record(company, at, 'us-east-1', {
      userIdentity: identity,
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      sourceIPAddress: visit.address,
      userAgent: visit.agent,
      requestParameters: null,
      responseElements: { ConsoleLogin: 'Success' },
      additionalEventData: { MobileVersion: 'No', MFAUsed: 'No' },
      eventType: 'AwsConsoleSignIn',
      readOnly: false,
      recipientAccountId: account,
    });
  }
  const [service, eventName, readOnly] = chance.pickUnevenly(CALLS);
  return record(company, at, chance.pickUnevenly(REGIONS), {
    userIdentity: identity,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    sourceIPAddress: visit.address,
    userAgent: visit.agent,
    requestParameters: { maxResults: 50, includeAllInstances: true },
    responseElements: null,
    readOnly,
    recipientAccountId: account,
    sessionCredentialFromConsole: 'true',
  });
}

function serviceCall(company: Company): GeneratedRecord {
  const { chance } = company;
  const account = chance.pick(company.accounts);
  const service = chance.pick(['config', 'elasticloadbalancing', 'autoscaling', 'cloudformation']);
  return record(company, company.tick(), chance.pickUnevenly(REGIONS), {
    userIdentity: { type: 'AWSService', invokedBy: `${service}.amazonaws.com` },
    eventSource: 'kms.amazonaws.com',
    eventName: 'GenerateDataKey',
    sourceIPAddress: `${service}.amazonaws.com`,
    userAgent: `${service}.amazonaws.com`,
    requestParameters: {
      keySpec: 'AES_256',
      keyId: `arn:aws:kms:eu-central-1:${account}:key/${chance.uuid()}`,
    },
    responseElements: null,
    readOnly: true,
    recipientAccountId: account,
    sharedEventID: chance.uuid(),
  });
}
