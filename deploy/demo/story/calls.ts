import type { Call } from './cloudtrail-records.js';

/** What people look at and do in the console. */
export const CONSOLE_CALLS: readonly Call[] = [
  reads('ec2', 'DescribeInstances'),
  reads('ec2', 'DescribeSecurityGroups'),
  reads('ec2', 'DescribeVolumes'),
  reads('s3', 'ListBuckets'),
  reads('s3', 'GetBucketVersioning', { bucketName: 'larkfield-payroll-exports' }),
  reads('rds', 'DescribeDBInstances'),
  reads('logs', 'DescribeLogGroups'),
  reads('monitoring', 'DescribeAlarms'),
  reads('lambda', 'ListFunctions20150331'),
  reads('cloudformation', 'DescribeStacks'),
  reads('ce', 'GetCostAndUsage'),
  reads('health', 'DescribeEventAggregates'),
  writes('monitoring', 'PutDashboard', { dashboardName: 'payroll' }),
  writes('logs', 'StartQuery', { logGroupNames: ['/ecs/payroll'] }),
];

/** What people do at a prompt. */
export const PROMPT_CALLS: readonly Call[] = [
  reads('sts', 'GetCallerIdentity'),
  reads('s3', 'ListBuckets'),
  reads('ec2', 'DescribeInstances', { instancesSet: {} }),
  reads('ecs', 'DescribeServices', { cluster: 'payroll' }),
  reads('ecr', 'DescribeImages', { repositoryName: 'payroll' }),
  reads('ssm', 'DescribeParameters'),
  reads('cloudformation', 'DescribeStackEvents', { stackName: 'payroll' }),
  reads('logs', 'FilterLogEvents', { logGroupName: '/ecs/payroll' }),
  writes('ecs', 'UpdateService', { cluster: 'payroll', service: 'web', forceNewDeployment: true }),
];

/** What the delivery pipeline does, in this order. */
export const DELIVERY_CALLS: readonly Call[] = [
  reads('ecr', 'GetAuthorizationToken'),
  writes('ecr', 'InitiateLayerUpload', { repositoryName: 'payroll' }),
  writes('ecr', 'PutImage', { repositoryName: 'payroll' }),
  writes('ecs', 'RegisterTaskDefinition', { family: 'payroll' }),
  writes('ecs', 'UpdateService', { cluster: 'payroll', service: 'web' }),
  reads('ecs', 'DescribeServices', { cluster: 'payroll' }),
];

export function reads(service: string, operation: string, parameters?: object): Call {
  return { service, operation, reads: true, ...(parameters === undefined ? {} : { parameters }) };
}

export function writes(service: string, operation: string, parameters?: object): Call {
  return { service, operation, reads: false, ...(parameters === undefined ? {} : { parameters }) };
}
