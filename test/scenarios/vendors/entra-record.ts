import type { Chance } from '../chance.js';
import type { Person, Seat } from '../people.js';
import { isoTime } from '../time.js';
import type { Session, Stream, Told } from '../told.js';

const TENANT = '7f0c2a51-5f6e-4f2d-9b1a-0d6c3e8a4b10';

const APPLICATIONS: Readonly<Record<string, { id: string; name: string }>> = {
  'office-suite': { id: '4765445b-32c6-49b0-83e6-1d93765276ca', name: 'OfficeHome' },
  mail: { id: '00000002-0000-0ff1-ce00-000000000000', name: 'Office 365 Exchange Online' },
  'mail-app': { id: '27922004-5251-4030-b22d-91ecd9a37ea4', name: 'Outlook Mobile' },
  chat: { id: '1fec8e78-bce4-4aaf-ab1b-5451cc387264', name: 'Microsoft Teams' },
  broker: { id: '29d9ed98-a469-4536-ade2-f981bc1d605e', name: 'Microsoft Authentication Broker' },
  shell: { id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', name: 'Microsoft Azure CLI' },
  'customer-desk': { id: '6a1b9c1e-0b0f-4f7e-8a55-2f0e5d1a7c01', name: 'Customer Desk' },
  quillsync: { id: 'c0d5b5b4-91a7-4a0a-8f44-8f0a9a1d2e03', name: 'Quillsync' },
};

/** How one sign-in record differs from another. */
export interface SignInFields {
  readonly session: Session | undefined;
  readonly person: Person;
  readonly seat: Seat;
  readonly at: number;
  readonly application: string;
  readonly isInteractive: boolean;
  readonly steps: readonly (readonly [method: string, detail: string, requirement: string])[];
  readonly incomingToken: string;
  readonly errorCode?: number;
  readonly failureReason?: string;
  readonly protocol?: string;
  readonly transfer?: string;
}

/** The envelope of diagnostic settings. */
function exported(
  stream: Stream,
  who: string,
  at: number,
  category: string,
  address: string,
  properties: object,
  chance: Chance,
): Told {
  return {
    at,
    stream,
    who,
    body: {
      time: isoTime(at),
      resourceId: `/tenants/${TENANT}/providers/Microsoft.aadiam`,
      operationName: category === 'AuditLogs' ? 'Audit' : 'Sign-in activity',
      operationVersion: '1.0',
      category,
      tenantId: TENANT,
      resultType: '0',
      resultSignature: 'None',
      durationMs: 0,
      callerIpAddress: address,
      correlationId: chance.uuid(),
      Level: 4,
      properties,
    },
  };
}

/** A record of a sign-in, interactive or not. */
export function signInRecord(fields: SignInFields, chance: Chance): Told {
  const { session, person, seat, at, isInteractive } = fields;
  const application = APPLICATIONS[fields.application] ?? {
    id: fields.application,
    name: fields.application,
  };
  const errorCode = fields.errorCode ?? 0;
  const properties = {
    id: chance.uuid(),
    createdDateTime: isoTime(at),
    userDisplayName: person.name,
    userPrincipalName: person.login,
    userId: person.id,
    userType: 'Member',
    appId: application.id,
    appDisplayName: application.name,
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    ipAddress: seat.address,
    clientAppUsed: 'Browser',
    userAgent: seat.userAgent,
    conditionalAccessStatus: errorCode === 0 ? 'success' : 'failure',
    isInteractive,
    tokenIssuerType: 'AzureAD',
    authenticationProtocol: fields.protocol ?? 'none',
    ...(fields.transfer === undefined ? {} : { originalTransferMethod: fields.transfer }),
    authenticationRequirement:
      fields.steps.length > 1 ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    authenticationDetails: fields.steps.map(
      ([authenticationMethod, authenticationStepResultDetail, authenticationStepRequirement]) => ({
        authenticationStepDateTime: isoTime(at),
        authenticationMethod,
        authenticationStepResultDetail,
        authenticationStepRequirement,
        succeeded: true,
      }),
    ),
    deviceDetail: {
      deviceId: seat.device,
      operatingSystem: '',
      browser: '',
      isCompliant: seat.device !== '',
      isManaged: seat.device !== '',
    },
    status: { errorCode, ...(fields.failureReason && { failureReason: fields.failureReason }) },
    sessionId: session?.id ?? '',
    uniqueTokenIdentifier: errorCode === 0 ? chance.hex(22) : '',
    incomingTokenType: fields.incomingToken,
    homeTenantId: TENANT,
    resourceTenantId: TENANT,
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
  };
  const stream = isInteractive ? 'entra:interactive' : 'entra:noninteractive';
  const category = isInteractive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs';
  return exported(stream, person.login, at, category, seat.address, properties, chance);
}

/** A request to Microsoft Graph. */
export function graphRecord(
  session: Session,
  seat: Seat,
  at: number,
  application: string,
  chance: Chance,
): Told {
  const properties = {
    timeGenerated: isoTime(at),
    requestId: chance.uuid(),
    apiVersion: 'v1.0',
    requestMethod: 'GET',
    requestUri: `https://graph.microsoft.com/v1.0/users/${session.person.id}/messages`,
    responseStatusCode: 200,
    ipAddress: seat.address,
    userAgent: seat.userAgent,
    tenantId: TENANT,
    UserPrincipalObjectID: session.person.id,
    appId: (APPLICATIONS[application] ?? { id: application }).id,
    C_Sid: session.id,
    C_Idtyp: 'user',
    C_DeviceId: seat.device,
    signInActivityId: chance.hex(22),
  };
  return exported(
    'entra:graph',
    session.person.login,
    at,
    'MicrosoftGraphActivityLogs',
    seat.address,
    properties,
    chance,
  );
}

/** A service principal asks for a token. */
export function serviceRecord(name: string, seat: Seat, at: number, chance: Chance): Told {
  const properties = {
    id: chance.uuid(),
    createdDateTime: isoTime(at),
    servicePrincipalName: name,
    servicePrincipalId: `5e7a0000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`,
    appId: `5e7a0001-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`,
    appDisplayName: name,
    ipAddress: seat.address,
    userAgent: seat.userAgent,
    resourceDisplayName: 'Microsoft Graph',
    clientCredentialType: 'clientSecret',
    status: { errorCode: 0 },
    uniqueTokenIdentifier: chance.hex(22),
    incomingTokenType: 'none',
  };
  return exported(
    'entra:serviceprincipal',
    name,
    at,
    'ServicePrincipalSignInLogs',
    seat.address,
    properties,
    chance,
  );
}

interface Audited {
  readonly person: Person;
  readonly at: number;
  readonly operation: string;
  readonly seat: Seat | undefined;
  readonly byOwner: boolean;
}

/** A record of the audit log. */
export function auditRecord({ person, at, operation, seat, byOwner }: Audited, chance: Chance): Told {
  const owner = { id: person.id, userPrincipalName: person.login, ipAddress: seat?.address ?? '' };
  const desk = {
    id: '1d000000-0000-4000-8000-000000000001',
    userPrincipalName: 'it.desk@nordlicht.example',
    ipAddress: '',
  };
  const properties = {
    id: `Directory_${chance.uuid()}`,
    category: 'UserManagement',
    activityDisplayName: operation,
    activityDateTime: isoTime(at),
    result: 'success',
    loggedByService: 'Core Directory',
    initiatedBy: { user: byOwner ? owner : desk },
    targetResources: [{ id: person.id, userPrincipalName: person.login, type: 'User' }],
    additionalDetails: seat === undefined ? [] : [{ key: 'User-Agent', value: seat.userAgent }],
  };
  return exported('entra:audit', person.login, at, 'AuditLogs', seat?.address ?? '', properties, chance);
}
