import type { Company, Person, Visit } from './company.js';
import { type GeneratedRecord, vendorRecord } from './record.js';

const TENANT = '5f1a9a30-1c2d-4e3f-8a4b-0000c0a1b2c3';

const APPLICATIONS = [
  'Office 365 Exchange Online',
  'Microsoft Teams',
  'Azure Portal',
  'SharePoint Online',
  'Outlook Mobile',
  'OneDrive SyncEngine',
  'Power BI',
  'Visual Studio Code',
].map((name, index) => ({ name, id: `0000000${index}-0000-0ff1-ce00-00000000000${index}` }));

/** A record of Entra ID's logs in the shape of diagnostic settings: mostly refreshes, which no person sees. */
export function entraRecord(company: Company): GeneratedRecord {
  const draw = company.chance.below(100);
  if (draw < 8) return managedIdentity(company);
  return draw < 15 ? audit(company) : signIn(company);
}

function envelope(company: Company, at: number, category: string, properties: object, more: object = {}) {
  const record = {
    time: new Date(at).toISOString().replace('Z', '0000Z'),
    resourceId: `/tenants/${TENANT}/providers/Microsoft.aadiam`,
    operationName: 'Sign-in activity',
    operationVersion: '1.0',
    category,
    tenantId: TENANT,
    resultType: '0',
    resultSignature: 'None',
    durationMs: 0,
    correlationId: company.chance.uuid(),
    Level: 4,
    ...more,
    properties,
  };
  return vendorRecord(record, at, 60_000 + company.chance.below(240_000), []);
}

function signIn(company: Company): GeneratedRecord {
  const { chance } = company;
  const visit = company.visit('entra', () => chance.uuid());
  const at = company.tick();
  const isFailed = visit.isFirst && chance.happens(0.05);
  const { actor } = visit;
  const properties = signInProperties(company, visit, at, isFailed);
  return envelope(company, at, visit.isFirst ? 'SignInLogs' : 'NonInteractiveUserSignInLogs', properties, {
    callerIpAddress: visit.address,
    identity: actor.name,
    location: 'DE',
    ...(isFailed ? { resultType: '50126', resultDescription: 'Invalid username or password.' } : {}),
  });
}

function signInProperties(company: Company, visit: Visit<Person>, at: number, isFailed: boolean) {
  const { chance } = company;
  const { actor, isFirst } = visit;
  const created = new Date(at).toISOString().replace('Z', '+00:00');
  const application = chance.pickUnevenly(APPLICATIONS);
  return {
    id: chance.uuid(),
    createdDateTime: created,
    userDisplayName: actor.name,
    userPrincipalName: actor.login,
    userId: actor.entraId,
    appId: application.id,
    appDisplayName: application.name,
    ipAddress: visit.address,
    status: isFailed
      ? { errorCode: 50126, failureReason: 'Invalid username or password.' }
      : { errorCode: 0 },
    clientAppUsed: isFirst ? 'Browser' : 'Mobile Apps and Desktop clients',
    userAgent: visit.agent,
    deviceDetail: {
      deviceId: actor.deviceId,
      displayName: `LAPTOP-${actor.employeeId}`,
      operatingSystem: 'Windows10',
      browser: 'Edge 122.0.0',
      isCompliant: true,
      isManaged: true,
      trustType: 'Azure AD joined',
    },
    location: {
      city: 'Kiel',
      state: 'Schleswig-Holstein',
      countryOrRegion: 'DE',
      geoCoordinates: { latitude: 54.3232927, longitude: 10.1227652 },
    },
    correlationId: chance.uuid(),
    conditionalAccessStatus: 'success',
    appliedConditionalAccessPolicies: ['Require MFA for all users', 'Block legacy authentication'].map(
      (displayName, index) => ({
        id: `7a1c${index}b00-aaaa-4bbb-8ccc-0123456789a${index}`,
        displayName,
        enforcedGrantControls: ['Mfa'],
        enforcedSessionControls: [],
        result: index === 0 ? 'success' : 'notApplied',
      }),
    ),
    isInteractive: isFirst,
    tokenIssuerType: 'AzureAD',
    authenticationProcessingDetails: [
      { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
      { key: 'Is CAE Token', value: 'True' },
    ],
    networkLocationDetails: [],
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes: [],
    riskEventTypes_v2: [],
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    resourceTenantId: TENANT,
    homeTenantId: TENANT,
    authenticationDetails: isFirst
      ? [
          step(created, 'Password', 'Correct password', 'Primary authentication', !isFailed),
          ...(isFailed
            ? []
            : [
                step(
                  created,
                  'Mobile app notification',
                  'MFA successfully completed',
                  'Multifactor authentication',
                  true,
                ),
              ]),
        ]
      : [
          step(
            created,
            'Previously satisfied',
            'MFA requirement satisfied by claim in the token',
            'Primary authentication',
            true,
          ),
        ],
    authenticationRequirement: 'multiFactorAuthentication',
    servicePrincipalId: '',
    userType: 'Member',
    autonomousSystemNumber: 3320,
    crossTenantAccessType: 'none',
    uniqueTokenIdentifier: chance.letters(22),
    incomingTokenType: isFirst ? 'none' : 'primaryRefreshToken',
    authenticationProtocol: 'none',
    sessionId: visit.session,
    originalTransferMethod: 'none',
    signInEventTypes: [isFirst ? 'interactiveUser' : 'nonInteractiveUser'],
    tokenProtectionStatusDetails: { signInSessionStatus: 'bound', signInSessionStatusCode: 1000 },
  };
}

function step(at: string, method: string, detail: string, requirement: string, succeeded: boolean) {
  return {
    authenticationStepDateTime: at,
    authenticationMethod: method,
    authenticationMethodDetail: '',
    succeeded,
    authenticationStepResultDetail: succeeded ? detail : 'Invalid username or password',
    authenticationStepRequirement: requirement,
    StatusSequence: 0,
    RequestSequence: 0,
  };
}

function managedIdentity(company: Company): GeneratedRecord {
  const { chance } = company;
  const workload = chance.pickUnevenly(company.workloads);
  const at = company.tick();
  const properties = {
    id: chance.uuid(),
    createdDateTime: new Date(at).toISOString().replace('Z', '+00:00'),
    appId: `11112222-bbbb-3333-cccc-${workload.account}`,
    appDisplayName: workload.role,
    servicePrincipalId: `66aa${workload.account.slice(0, 4)}-7b8c-4d9e-8f00-${workload.account}`,
    servicePrincipalName: workload.role,
    ipAddress: '',
    status: { errorCode: 0 },
    clientCredentialType: 'managedIdentity',
    correlationId: chance.uuid(),
    resourceDisplayName: 'Azure Key Vault',
    resourceId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
    resourceTenantId: TENANT,
    homeTenantId: TENANT,
    location: { geoCoordinates: {} },
    riskState: 'none',
    uniqueTokenIdentifier: chance.letters(22),
    userType: 'Member',
    signInEventTypes: ['managedIdentity'],
  };
  return envelope(company, at, 'ManagedIdentitySignInLogs', properties);
}

const ACTS = [
  ['Update user', 'UserManagement'],
  ['Add member to group', 'GroupManagement'],
  ['Update device', 'Device'],
  ['User registered security info', 'UserManagement'],
  ['Consent to application', 'ApplicationManagement'],
] as const;

function audit(company: Company): GeneratedRecord {
  const { chance } = company;
  const [actor, target] = [chance.pickUnevenly(company.people), chance.pick(company.people)];
  const at = company.tick();
  const [activity, category] = chance.pickUnevenly(ACTS);
  const properties = {
    id: `Directory_${chance.hex(8)}_${chance.letters(6)}_${chance.below(1_000_000_000)}`,
    category,
    correlationId: chance.uuid(),
    result: 'success',
    resultReason: '',
    activityDisplayName: activity,
    activityDateTime: new Date(at).toISOString().replace('Z', '0000+00:00'),
    loggedByService: 'Core Directory',
    operationType: 'Update',
    userAgent: actor.deskAgent,
    initiatedBy: {
      user: {
        id: actor.entraId,
        displayName: actor.name,
        userPrincipalName: actor.login,
        ipAddress: actor.office,
        roles: [],
      },
    },
    targetResources: [
      {
        id: target.entraId,
        displayName: target.name,
        type: 'User',
        userPrincipalName: target.login,
        modifiedProperties: [
          { displayName: 'Department', oldValue: '["Sales"]', newValue: '["Marketing"]' },
          { displayName: 'Included Updated Properties', oldValue: null, newValue: '"Department"' },
        ],
        administrativeUnits: [],
      },
    ],
    additionalDetails: [{ key: 'UserType', value: 'Member' }],
  };
  return envelope(company, at, 'AuditLogs', properties, {
    operationName: activity,
    identity: actor.name,
    resultType: '',
  });
}
