const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MACINTOSH = 'Macintosh; Intel Mac OS X 10_15_7';

/** User agents as the programs of the story's summer send them. */
export const CLIENTS = {
  chromeOnWindows: chrome(WINDOWS, 149),
  chromeOnMac: chrome(MACINTOSH, 149),
  chromeOnMacUpgraded: chrome(MACINTOSH, 150),
  chromeOnLinux: chrome('X11; Linux x86_64', 149),
  edgeOnWindows: `${chrome(WINDOWS, 149)} Edg/149.0.0.0`,
  firefoxOnLinux: 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0',
  firefoxOnWindows: `Mozilla/5.0 (${WINDOWS}; rv:151.0) Gecko/20100101 Firefox/151.0`,
  safariOnMac: `Mozilla/5.0 (${MACINTOSH}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.5 Safari/605.1.15`,
  safariOnPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.5 Mobile/15E148 Safari/604.1',
  chromeOnPhone:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36',
  commandLineOnMac:
    'aws-cli/2.31.18 md/awscrt#0.27.6 ua/2.1 os/macos#25.5.0 md/arch#arm64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#s3.ls',
  commandLineOnLinux:
    'aws-cli/2.31.18 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0-88-generic md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#sts.assume-role',
  terraform:
    'APN/1.0 HashiCorp/1.0 Terraform/1.14.2 (+https://www.terraform.io) terraform-provider-aws/6.22.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.40.0 ua/2.1 os/linux lang/go#1.25.4',
  pythonSdk:
    'Boto3/1.42.4 md/Botocore#1.42.4 ua/2.1 os/linux#6.1.158 md/arch#x86_64 lang/python#3.12.12 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.42.4',
  pythonScript: 'python-requests/2.32.5',
} as const;

function chrome(platform: string, version: number): string {
  return `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
}
