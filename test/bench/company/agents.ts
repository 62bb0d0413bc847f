/** Browsers of desks, by version and system: what a company of a few thousand people shows of them. */
export const DESK_AGENTS: readonly string[] = [118, 120, 121, 122, 123, 124].flatMap((version) => [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36 Edg/${version}.0.2${version}.80`,
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`,
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.${version % 7} Safari/605.1.15`,
]);

/** Browsers and applications of phones. */
export const PHONE_AGENTS: readonly string[] = [2, 3, 4, 5].flatMap((version) => [
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_${version} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.${version} Mobile/15E148 Safari/604.1`,
  `Mozilla/5.0 (Linux; Android 1${version - 1}; Pixel ${version + 3}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/12${version}.0.0.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 1${version - 1}; SM-S91${version}B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2${version}.0 Chrome/11${version}.0.0.0 Mobile Safari/537.36`,
  `OktaVerify/8.${version}.1 WPFDeviceSDK/1.9.${version} iOS/17.${version}.1 Apple/iPhone15,${version}`,
]);

/** Tools at AWS: command lines, SDKs, what builds the infrastructure. */
export const TOOL_AGENTS: readonly string[] = [4, 10, 22, 30, 34, 60].flatMap((version) => [
  `aws-cli/2.15.${version} Python/3.11.6 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off command/s3.ls`,
  `Boto3/1.34.${version} md/Botocore#1.34.${version} ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.${version}`,
  `APN/1.0 HashiCorp/1.0 Terraform/1.7.${version % 6} (+https://www.terraform.io) terraform-provider-aws/5.${version}.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.8 md/GOOS#linux md/GOARCH#amd64 api/iam#1.31.1`,
  `aws-sdk-java/2.25.${version} Linux/5.15.0-1053-aws OpenJDK_64-Bit_Server_VM/17.0.10+7-LTS Java/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/legacy`,
  `aws-sdk-go-v2/1.24.${version} os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#arm64 api/dynamodb#1.26.8`,
  `aws-sdk-js/3.5${version} ua/2.1 os/linux#6.1.0-17-amd64 lang/js md/nodejs#20.11.1 api/sqs#3.5${version}`,
]);
