/** A CloudTrail management record of a console session, as AWS writes it; `id` makes its event id. */
export function cloudTrailRecord(id: number, fields: object = {}): Record<string, unknown> {
  return {
    eventVersion: '1.10',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEEXAMPLE01',
      arn: 'arn:aws:iam::111122223333:user/mina',
      accountId: '111122223333',
      accessKeyId: `ASIAEXAMPLE${String(id % 7).padStart(9, '0')}`,
      userName: 'mina',
      sessionContext: { attributes: { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'true' } },
    },
    eventTime: new Date(Date.UTC(2026, 10, 20, 8) + id * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    requestParameters: {},
    responseElements: null,
    requestID: `00000000-1111-4222-8333-${String(id).padStart(12, '0')}`,
    eventID: `aaaaaaaa-bbbb-4ccc-8ddd-${String(id).padStart(12, '0')}`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...fields,
  };
}

/** An OTLP/JSON request of log records with these texts as bodies, from a resource of this tenant. */
export function logsRequest(texts: readonly string[], tenant?: string): string {
  const attributes =
    tenant === undefined ? [] : [{ key: 'vouchtrail.tenant', value: { stringValue: tenant } }];
  const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
  return JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
}
