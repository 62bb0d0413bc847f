/** Kinds of client whose user agents the stories use. Versions go up through the weeks, as browsers' do. */
export type ClientKind =
  | 'windows-chrome'
  | 'windows-edge'
  | 'mac-chrome'
  | 'mac-safari'
  | 'mac-firefox'
  | 'linux-firefox'
  | 'linux-chrome'
  | 'iphone-safari'
  | 'android-chrome'
  | 'ipad-desktop-site'
  | 'android-desktop-site'
  | 'iphone-app'
  | 'android-app'
  | 'windows-broker'
  | 'okta-verify'
  | 'aws-cli'
  | 'boto'
  | 'requests'
  | 'curl'
  | 'go'
  | 'connector'
  | 'link-expander'
  | 'isolation';

/** The user agent of a kind of client at a major version of the browser (Chrome's count for all). */
export function userAgent(kind: ClientKind, version: number): string {
  const chrome = `AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
  const safari = `Version/${version - 114}.1`;
  switch (kind) {
    case 'windows-chrome':
      return `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}`;
    case 'windows-edge':
      return `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/${version}.0.0.0`;
    case 'mac-chrome':
      return `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${chrome}`;
    case 'mac-safari':
    case 'ipad-desktop-site':
      return `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) ${safari} Safari/605.1.15`;
    case 'mac-firefox':
      return `Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
    case 'linux-firefox':
      return `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
    case 'linux-chrome':
    case 'android-desktop-site':
      return `Mozilla/5.0 (X11; Linux x86_64) ${chrome}`;
    case 'isolation':
      return `Mozilla/5.0 (X11; Linux x86_64) ${chrome}`;
    case 'iphone-safari':
      return `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${safari} Mobile/15E148 Safari/604.1`;
    case 'android-chrome':
      return `Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Mobile Safari/537.36`;
    case 'iphone-app':
      return 'Outlook-iOS/4.2544.0 CFNetwork/1568.300.101 Darwin/24.2.0';
    case 'android-app':
      return 'Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/AP4A.250105.002)';
    case 'windows-broker':
      return 'Windows-AzureAD-Authentication-Provider/1.0';
    case 'okta-verify':
      return 'OktaVerify/9.41.0 com.okta.mobile/9.41.0 iOS/18.6 Apple/iPhone15,2';
    case 'aws-cli':
      return 'aws-cli/2.27.41 md/awscrt#0.26.1 ua/2.1 os/macos#24.5.0 md/arch#arm64 lang/python#3.13.4 exec-env/none cfg/retry-mode#standard md/prompt#off md/command#s3.ls';
    case 'boto':
      return 'Boto3/1.39.3 md/Botocore#1.39.3 ua/2.1 os/linux#6.8.0-1031-aws md/arch#x86_64 lang/python#3.12.3 md/pyimpl#CPython Botocore/1.39.3';
    case 'requests':
      return 'python-requests/2.32.4';
    case 'curl':
      return 'curl/8.7.1';
    case 'go':
      return 'Go-http-client/2.0';
    case 'connector':
      return 'Quillsync-Connector/3.4 (+https://quillsync.example/bot)';
    case 'link-expander':
      return 'Chatterbox-LinkExpander/1.0 (+https://chatterbox.example/links)';
  }
}
