import { describe, expect, it } from 'vitest';
import {
  attributeTexts,
  isSecretName,
  looksLikePassword,
  redactJson,
  redactRecord,
  redactText,
  redactUnparsed,
} from '../../../processor/normalize/secrets.js';
import { anyValueMapOf } from './log-records.js';

describe('a field', () => {
  it.each([
    'password',
    'MasterUserPassword',
    'secretAccessKey',
    'secret_access_key',
    'sessionToken',
    'clientSecret',
    'Authorization',
    'Set-Cookie',
    'http.request.header.cookie',
    'http.request.header.x-amz-security-token',
    'x-api-key',
    'SAMLResponse',
    'id_token',
    'db.user.password',
    'tokenCode',
  ])('named %s holds a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'nextToken',
    'tokenType',
    'clientRequestToken',
    'accessKeyId',
    'secretId',
    'passwordResetRequired',
    'sAMLAssertionID',
    'session.id',
    'user.name',
    'vouchtrail.session.key',
    'authorizationInfo',
  ])('named %s holds none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('a text', () => {
  it.each([
    ['Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['basic dXNlcjpwYXNz in a sentence', 'dXNlcjpwYXNz'],
    ['token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl was sent', 'eyJhbGci'],
    ['https://a.example/cb?code=S3CRET&state=x', 'S3CRET'],
    ['https://a.example/?page=1&access_token=S3CRET#top', 'S3CRET'],
    ['https://b.example/o?X-Amz-Signature=S3CRET&X-Amz-Security-Token=S3CRET', 'S3CRET'],
    ['Cookie: sid=S3CRET; theme=dark', 'S3CRET'],
    ['password=S3CRET for maren', 'S3CRET'],
    ['{"clientSecret": "S3CRET", "cut off', 'S3CRET'],
    ['JSESSIONID=S3CRET', 'S3CRET'],
    [`IQoJb3JpZ2luX2VjE${'A'.repeat(40)}`, 'AAAA'],
    [`PHNhbWxwOlJlc3BvbnNl${'B'.repeat(40)}`, 'BBBB'],
    [`phnhbwxwoljlc3bvbnnl${'b'.repeat(40)}`, 'bbbb'],
    ['{"user": "maren", "password": "two words S3CRET"}', 'S3CRET'],
    ['{"a": "{\\"Cookie\\": \\"x=1; y=S3CRET\\"}"}', 'S3CRET'],
    ['{"Authorization":"S3CRET","cut off', 'S3CRET'],
    ['{"Set-Cookie":["x=S3CRET","y=S3CRET"],"cut off', 'S3CRET'],
    ['"{\\"secretAccessKey\\" : \\"S3CRET\\", \\"cut off', 'S3CRET'],
    ['{"key":"password","value":{"stringValue":"S3CRET"}},{"cut off', 'S3CRET'],
    ['{"displayName":"Password","oldValue":"S3CRET","newValue":"S3CRET"},{"cut off', 'S3CRET'],
    ["curl -H 'X-Api-Key: S3CRET' https://a.example/", 'S3CRET'],
    ['Authorization: Digest username="x", response="S3CRET"', 'S3CRET'],
    ['mysqldump --user maren --password S3CRET orders', 'S3CRET'],
    ['["mysqldump","--password","S3CRET","cut off', 'S3CRET'],
    ['deploy --client-secret=S3CRET', 'S3CRET'],
    ['postgres://maren:S3CRET@db.example/orders', 'S3CRET'],
  ])('%.50s loses its secret', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain('[redacted]');
  });

  it.each([
    'a user asked about the token of appreciation',
    'https://console.aws.amazon.com/home?region=eu-west-1&isauthcode=true&state=hashArgs',
    'User: arn:aws:iam::111122223333:user/maren is not authorized to perform: sts:AssumeRole',
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'session expired, passwordless sign-in',
    '{"passwordResetRequired": true, "tokenType": "bearer", "password": null}',
    'deploy --password-file /run/key --token-type bearer',
    'https://db.example:5432/orders?sslmode=require&token_type=x',
    '{"key": "tokenType", "value": "bearer"}',
  ])('%.50s stays as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('loses what is to be hidden, in words and in the middle of others', () => {
    const hidden = [{ secret: 'abcdefgh$&', shown: 'KEY' }];
    expect(redactText('abcdefgh$&', hidden)).toBe('KEY');
    expect(redactText('/s/abcdefgh$&/x', hidden)).toBe('/s/KEY/x');
    const short = [{ secret: '48151', shown: 'KEY' }];
    expect(redactText('session 48151, not 481516', short)).toBe('session KEY, not 481516');
    expect(redactJson({ id: 48151, other: 4815 }, short)).toEqual({ id: 'KEY', other: 4815 });
    expect(redactText('12 of 123', [{ secret: '12', shown: 'KEY' }])).toBe('12 of 123');
    expect(redactText('12', [{ secret: '12', shown: 'KEY' }])).toBe('KEY');
  });

  it('of many beginnings of tokens is read in time that grows with its length', () => {
    const started = performance.now();
    for (const part of [
      'eyJ-',
      'Bearer ',
      'cookie ',
      'PHNhbWx',
      'IQoJb3JpZ2lu/',
      'token ',
      '?code',
      'a@b.',
    ]) {
      redactText(part.repeat(1_000_000 / part.length));
    }
    // Quadratic time would be hours.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('that could not be parsed is cut to 64 KiB', () => {
    expect(redactUnparsed('x'.repeat(1_000_000))).toHaveLength(65_536);
  });
});

describe('a record', () => {
  it("without secrets keeps the sender's own text", () => {
    const text = '{ "a" : 1 }';
    expect(redactRecord(JSON.parse(text), text)).toBe(text);
  });

  it('loses the values of secret fields, whatever their type, and keeps that they were there', () => {
    const record = {
      credentials: { accessKeyId: 'AKIA', secretAccessKey: { a: ['S3CRET'] } },
      password: null,
    };
    expect(JSON.parse(redactRecord(record, JSON.stringify(record)))).toEqual({
      credentials: { accessKeyId: 'AKIA', secretAccessKey: '[redacted]' },
      password: null,
    });
  });

  it.each(['stateToken=00abcdef', 'recoveryToken: 00abcdef', '?one_time_token=00abcdef'])(
    'in an unreadable text, %s loses its value',
    (text) => {
      expect(redactText(text)).not.toContain('00abcdef');
    },
  );

  it('loses secrets in lists and in values that are recognised by their form', () => {
    const record = { list: [{ headers: { cookie: 'S3CRET' } }], note: 'Bearer S3CRETS3CRET' };
    expect(redactRecord(record, JSON.stringify(record))).not.toContain('S3CRET');
  });

  it('loses what it names beside it, and keeps whether it was set', () => {
    const record = {
      details: [
        { key: 'Password', value: 'S3CRET' },
        { name: 'cookie', value: { stringValue: 'S3CRET' } },
        { displayName: 'ClientSecret', oldValue: '[]', newValue: '["S3CRET"]' },
        { key: 'User-Agent', value: 'curl/8.4.0' },
      ],
      command: ['mysqldump', '--password', 'S3CRET', '--verbose', 'orders'],
    };
    const stored = redactRecord(record, JSON.stringify(record));
    expect(stored).not.toContain('S3CRET');
    expect(JSON.parse(stored)).toMatchObject({
      details: [{}, {}, { oldValue: '[]' }, { value: 'curl/8.4.0' }],
      command: ['mysqldump', '--password', '[redacted]', '--verbose', 'orders'],
    });
  });

  it('loses secrets in JSON within its texts, however deep', () => {
    let text = JSON.stringify({ password: 'S3CRET', kept: 1 });
    for (let i = 0; i < 5; i++) text = JSON.stringify({ message: text });
    const stored = redactRecord(JSON.parse(text), text);
    expect(stored).not.toContain('S3CRET');
    expect(stored).toContain('kept');
  });

  it('is not followed without end', () => {
    let deep: Record<string, never> | object = { password: 'S3CRET' };
    for (let i = 0; i < 10_000; i++) deep = { deeper: deep };
    const text = JSON.stringify(redactJson(deep as never));
    expect(text).not.toContain('S3CRET');
    expect(text).toContain('[too deep]');
  });
});

describe('attributes', () => {
  it('are stored as text, structures as JSON, secrets not at all', () => {
    const attributes = anyValueMapOf({
      text: 'plain',
      number: 7,
      big: 2n ** 60n,
      flag: true,
      list: ['a', 1],
      map: { password: 'S3CRET', kept: 1 },
      'http.request.header.cookie': ['a=S3CRET'],
      bytes: new Uint8Array([1, 2, 3]),
      none: undefined,
    });
    expect(attributeTexts(attributes)).toEqual({
      text: 'plain',
      number: '7',
      big: '1152921504606846976',
      flag: 'true',
      list: '["a",1]',
      map: '{"password":"[redacted]","kept":1}',
      'http.request.header.cookie': '[redacted]',
      bytes: 'AQID',
    });
  });
});

describe('a user name', () => {
  it.each(['Winter!2026sun', 'P@ssw0rd1', 'xY7$xY7$xY7$'])('such as %s is a password', (name) => {
    expect(looksLikePassword(name)).toBe(true);
  });

  it.each([
    'maren',
    'Maren.Lind2@corp.example.com',
    'EXAMPLE\\Maren!1',
    'i-0abc123DEF',
    'svc_Deploy-01',
    'Maren Lind 2',
    'A1b!',
  ])('such as %s is a name', (name) => {
    expect(looksLikePassword(name)).toBe(false);
  });
});
