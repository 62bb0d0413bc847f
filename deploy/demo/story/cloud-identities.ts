import { isoSeconds } from './calendar.js';
import { ACCOUNT, type Identity } from './cloudtrail-records.js';
import { chanceFor } from './random.js';

/** A session as CloudTrail describes it on each of its records. */
export interface CloudSession {
  readonly createdAt: number;
  readonly mfa: boolean;
}

/** An IAM user: with long-term keys, or with a temporary key of a session. */
export function iamUser(login: string, accessKeyId?: string, session?: CloudSession): Identity {
  return {
    type: 'IAMUser',
    principalId: chanceFor(`user id of ${login}`).awsId('AIDA'),
    arn: userArn(login),
    accountId: ACCOUNT,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    userName: login,
    ...(session === undefined ? {} : { sessionContext: { attributes: attributes(session) } }),
  };
}

/** Somebody in a role: `sessionName` says who. */
export function assumedRole(
  role: string,
  sessionName: string,
  accessKeyId?: string,
  session?: CloudSession,
): Identity {
  return {
    type: 'AssumedRole',
    principalId: `${roleId(role)}:${sessionName}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${sessionName}`,
    accountId: ACCOUNT,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(session === undefined
      ? {}
      : {
          sessionContext: {
            sessionIssuer: {
              type: 'Role',
              principalId: roleId(role),
              arn: roleArn(role),
              accountId: ACCOUNT,
              userName: role,
            },
            attributes: attributes(session),
          },
        }),
  };
}

/** An AWS service that acts by itself. */
export function awsService(invokedBy: string): Identity {
  return { type: 'AWSService', invokedBy };
}

/** The answer of STS about who the new session is. */
export function assumedRoleUser(role: string, sessionName: string): object {
  return {
    assumedRoleId: `${roleId(role)}:${sessionName}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${sessionName}`,
  };
}

export function userArn(login: string): string {
  return `arn:aws:iam::${ACCOUNT}:user/${login}`;
}

export function roleArn(role: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${role}`;
}

/** A user's long-term access key, the same in the whole story. */
export function longTermKey(login: string): string {
  return chanceFor(`long-term key of ${login}`).awsId('AKIA');
}

function roleId(role: string): string {
  return chanceFor(`role id of ${role}`).awsId('AROA');
}

function attributes(session: CloudSession): { creationDate: string; mfaAuthenticated: 'true' | 'false' } {
  return { creationDate: isoSeconds(session.createdAt), mfaAuthenticated: session.mfa ? 'true' : 'false' };
}
