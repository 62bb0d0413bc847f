import { reads } from './calls.js';
import { assumedRoleUser, iamUser, longTermKey, roleArn } from './cloud-identities.js';
import {
  ACCOUNT,
  apiCall,
  type Circumstances,
  type CloudTrailRecord,
  issuedCredentials,
} from './cloudtrail-records.js';
import type { Diary } from './diary.js';
import type { Chance } from './random.js';

/** Writes down that STS gave a user a session of their own, against a code of their MFA device; the key it issued. */
export function getSessionToken(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  login: string,
  from: Omit<Circumstances, 'identity'>,
): string {
  const accessKeyId = chance.awsId('ASIA');
  const identity = iamUser(login, longTermKey(login));
  const call = reads('sts', 'GetSessionToken', {
    durationSeconds: 43_200,
    serialNumber: `arn:aws:iam::${ACCOUNT}:mfa/${login}`,
  });
  const response = { credentials: issuedCredentials(accessKeyId, from.at, 12) };
  diary.write(from.at, apiCall(chance, { ...from, identity }, call, { response }));
  return accessKeyId;
}

/** Writes down that STS let somebody take on a role; the key it issued. */
export function assumeRole(
  diary: Diary<CloudTrailRecord>,
  chance: Chance,
  role: string,
  sessionName: string,
  from: Circumstances,
): string {
  const accessKeyId = chance.awsId('ASIA');
  const call = reads('sts', 'AssumeRole', {
    roleArn: roleArn(role),
    roleSessionName: sessionName,
    durationSeconds: 3600,
  });
  const response = {
    credentials: issuedCredentials(accessKeyId, from.at, 1),
    assumedRoleUser: assumedRoleUser(role, sessionName),
  };
  const resources = [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: roleArn(role) }];
  diary.write(from.at, apiCall(chance, from, call, { response, more: { resources } }));
  return accessKeyId;
}
