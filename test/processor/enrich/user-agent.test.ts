import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientParser } from '../../../processor/enrich/user-agent.js';

const clientOf = createClientParser();
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0';

describe('a user agent', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      'browser Firefox 128 Linux',
    ],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME} Safari/537.36`, 'browser Chrome 125 macOS'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/125.0.0.0`,
      'browser Edge 125 Windows',
    ],
    [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${CHROME} Mobile Safari/537.36`, 'browser Chrome 125 Android'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME} Safari/537.36`, 'browser Chrome 125 ChromeOS'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1',
      'browser Safari 17 iOS',
    ],
    [`[Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36]`, 'browser Chrome 125 Windows'],
    ['OktaVerify/8.3.1 com.okta.mobile DeviceSDK/0.19.0 iOS/16.5 Apple/iPhone14,2', 'app Okta Verify 8 iOS'],
    ['OktaDeviceSDK/1.2 macOS/13.4.1', 'app Okta Verify 1 macOS'],
    [
      'A1B2C3D4E5.com.okta.mobile/9.5.1 OktaDeviceSDK/0.0.1 iOS/18.1 Apple/iPhone14,2',
      'app Okta Verify 9 iOS',
    ],
    ['Windows-AzureAD-Authentication-Provider/1.0', 'app Windows-AzureAD-Authentication-Provider  '],
    ['Mozilla/5.0 (compatible; MSAL 1.0)', 'app   '],
    ['Microsoft Office/16.0', 'app Office  '],
    ['unknown', 'unknown   '],
    [
      'aws-cli/2.27.41 ua/2.1 os/linux#6.1.140 exec-env/CloudShell md/command#s3.ls',
      'tool AWS CloudShell  Linux',
    ],
    ['aws-cli/2.15.30 Python/3.11.8 Darwin/23.4.0', 'tool aws-cli 2 macOS'],
    ['aws-cli/2.15.59 md/awscrt#0.19.19 ua/2.0 os/windows#10 md/arch#amd64', 'tool aws-cli 2 Windows'],
    ['[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0 Botocore/1.29.165]', 'tool Boto3 1 Linux'],
    ['Botocore/1.29.1 Python/3.9', 'tool Botocore 1 '],
    ['aws-sdk-go-v2/1.32.3 os/linux lang/go#1.23.1', 'tool aws-sdk-go 1 Linux'],
    ['aws-sdk-java/2.20.0', 'tool aws-sdk-java 2 '],
    [
      'APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76',
      'tool Terraform 1 ',
    ],
    ['curl/8.5.0', 'tool curl 8 '],
    ['python-requests/2.31.0', 'tool python-requests 2 '],
    ['Go-http-client/2.0', 'tool Go-http-client 2 '],
    ['okhttp/4.12.0', 'tool okhttp 4 '],
    ['axios/1.6.2', 'tool axios 1 '],
    ['node-fetch', 'tool node-fetch  '],
    [
      'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1',
      'tool PowerShell 5 Windows',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'tool Googlebot  '],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${CHROME.replace('Chrome', 'HeadlessChrome')} Safari/537.36`,
      'tool Chrome Headless 125 Linux',
    ],
    ['AWS Internal', 'service   '],
    ['console.amazonaws.com', 'service   '],
    ['autoscaling.amazonaws.com.cn', 'service   '],
    ['signin.amazonaws.com', 'service   '],
    ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184]', 'service   '],
    ['RDS Console, aws-internal/3 aws-sdk-java/1.11.975 Linux/5.10.184', 'service   '],
    ['Acme/3.2 CFNetwork/1408 Darwin/22.5.0', 'app Acme  iOS'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Acme/4.35 ${CHROME} Electron/27.0 Safari/537.36`,
      'app Acme  macOS',
    ],
    ['', 'unknown   '],
  ])('%s is a %s', (userAgent, expected) => {
    const { kind, browser, browserVersion, os } = clientOf(userAgent);
    expect(`${kind} ${browser} ${browserVersion} ${os}`).toBe(expected);
  });

  it('is read once and remembered, and a very long one is read in part and forgotten', () => {
    expect(clientOf('curl/8.5.0')).toBe(clientOf('curl/8.5.0'));
    const long = `curl/8.5.0 ${'x'.repeat(1_000_000)}`;
    expect(clientOf(long)).toMatchObject({ kind: 'tool', browser: 'curl' });
    expect(clientOf(long)).not.toBe(clientOf(long));
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (userAgent) => {
        expect(typeof clientOf(userAgent).browser).toBe('string');
      }),
    );
  });
});
