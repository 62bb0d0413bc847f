/**
 * Tools and services, which browser parsers take for browsers or for nothing. A tool is a script or a command line; a
 * service is a cloud's own back end acting for somebody, whose client is not the person's: it gets no family, so that
 * it joins whatever else its network does.
 */
import type { Client } from './user-agent.js';

/** AWS's back ends: `AWS Internal`, host names of services, and the console's signed on behalf of the person. */
const SERVICE =
  /^(?:AWS Internal|[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWSConsole|\[?[\w .-]{0,40}Console[/,\]].*|\[?(?:[^[\]()]{0,60}, ?)?aws-internal\/.*)$/;

/** First match wins: what wraps another comes before it (Terraform and the AWS CLI carry an SDK's name behind theirs). */
const TOOLS: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['Terraform', /\bTerraform\/v?(\d+)|\bterraform-provider-\w+\/v?(\d+)|HashiCorp Terraform/i],
  ['Pulumi', /\bpulumi[\w-]*\/v?(\d+)/i],
  ['aws-cdk', /\baws-cdk[\w-]*\/(\d+)/i],
  // What runs in it is said to; only together with the cloud's own network does judging believe it.
  ['AWS CloudShell', /\bexec-env\/CloudShell\b/],
  ['aws-cli', /\baws-cli\/(\d+)/],
  ['Ansible', /\bansible[\w-]*\/(\d+)/i],
  ['PowerShell', /\b(?:Windows)?PowerShell\/(\d+)|\bAWSPowerShell/i],
  ['AzureCLI', /\bAZURECLI\/(\d+)|\bazure-cli\/(\d+)/i],
  ['gcloud', /\bgoogle-cloud-sdk\b|\bgcloud\/(\d+)/i],
  ['kubectl', /^kubectl\/v?(\d+)/],
  ['Boto3', /\bBoto3\/(\d+)/],
  ['Botocore', /\bBotocore\/(\d+)/i],
  ['amazon-ssm-agent', /\bamazon-ssm-agent\b/],
  ['aws-sdk-java', /\baws-sdk-java\/(\d+)/],
  ['aws-sdk-js', /\baws-sdk-(?:js|nodejs)\/(\d+)/],
  ['aws-sdk-go', /\baws-sdk-go(?:-v2)?\/(\d+)/],
  ['aws-sdk-php', /\baws-sdk-php\/(\d+)/],
  ['aws-sdk-ruby', /\baws-sdk-ruby\d?\/(\d+)/],
  ['aws-sdk-rust', /\baws-sdk-rust\/(\d+)/],
  ['aws-sdk-dotnet', /\baws-sdk-(?:dotnet|net)[\w-]*\/(\d+)/i],
  ['aws-sdk-cpp', /\baws-sdk-cpp\/(\d+)/],
  ['curl', /^curl\/(\d+)|\blibcurl\/(\d+)/i],
  ['Wget', /^Wget\/(\d+)/i],
  ['HTTPie', /^HTTPie\/(\d+)/i],
  ['Postman', /^PostmanRuntime\/(\d+)/],
  ['Insomnia', /^insomnia\/(\d+)/i],
  ['python-requests', /\bpython-requests\/(\d+)/],
  ['python-httpx', /\bpython-httpx\/(\d+)/],
  ['aiohttp', /\baiohttp\/(\d+)/],
  ['Python-urllib', /\bPython-urllib\d?\/(\d+)/i],
  ['Go-http-client', /^Go-http-client\/(\d+)/],
  ['okhttp', /^okhttp\/(\d+)/],
  ['axios', /^axios\/(\d+)/],
  ['node-fetch', /^node-fetch(?:\/(\d+))?/],
  ['undici', /^(?:undici|node)(?:\/v?(\d+))?$/],
  ['Java', /^Java\/(\d+)|^Apache-HttpClient\/(\d+)|^Java-http-client\/(\d+)|^Jersey\/(\d+)/],
  ['Ruby', /^Ruby$|^Faraday v?(\d+)|^rest-client\/(\d+)/],
  ['PHP', /^GuzzleHttp\/(\d+)|^PHP(?:-SOAP)?\/(\d+)/],
  ['libwww-perl', /^libwww-perl\/(\d+)/],
  ['git', /^git\/(\d+)/],
  ['Scrapy', /^Scrapy\/(\d+)/],
];

/** How tools write the system that they run on, most telling first. */
const SYSTEMS: readonly (readonly [system: string, pattern: RegExp])[] = [
  ['Windows', /\bWindows\b|\bwin(?:32|64)\b|\bos\/windows\b|GOOS[#/]windows/i],
  ['macOS', /\bDarwin\b|\bmac ?os|GOOS[#/]darwin/i],
  ['Linux', /\bLinux\b|\bos\/linux|GOOS[#/]linux|\bubuntu\b|\bdebian\b|\bamzn/i],
];

/** The client that a tool's or service's user agent is; `undefined` for all others. */
export function recogniseTool(userAgent: string): Client | undefined {
  if (SERVICE.test(userAgent)) {
    return { kind: 'service', browser: '', browserVersion: '', os: '', osVersion: '' };
  }
  for (const [family, pattern] of TOOLS) {
    const match = pattern.exec(userAgent);
    if (match === null) continue;
    const version = match.slice(1).find((group) => group !== undefined) ?? '';
    const os = SYSTEMS.find(([, system]) => system.test(userAgent))?.[0] ?? '';
    return { kind: 'tool', browser: family, browserVersion: version, os, osVersion: '' };
  }
  return undefined;
}
