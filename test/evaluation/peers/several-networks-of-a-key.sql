/*---
id: several-networks-of-a-key
title: One AWS access key from several networks with several clients within half an hour
by: Elastic, "AWS Access Token Used from Multiple Addresses"
url: https://github.com/elastic/detection-rules/blob/main/rules/integrations/aws/initial_access_iam_session_token_used_from_multiple_addresses.toml
sources: [cloudtrail]
differs: Cities are not known here, so that /24s stand in for them, which raises it more readily.
---*/
SELECT user_key, token_id AS session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM events
WHERE tenant = {tenant:String} AND source = 'cloudtrail' AND token_id != '' AND address != ''
    AND JSONExtractString(raw, 'userIdentity', 'type') = 'IAMUser'
    AND JSONExtractString(raw, 'sessionCredentialFromConsole') != 'true'
    AND NOT match(user_agent, 'Terraform|Ansible|Pulumi') AND as_organization != 'AMAZON-AES'
GROUP BY user_key, token_id, toStartOfInterval(ts, INTERVAL 30 MINUTE)
HAVING uniqExact(address) >= 2 AND uniqExact(asn) >= 2 AND uniqExact(network) >= 2 AND uniqExact(user_agent) >= 2
    AND uniqExact(JSONExtractString(raw, 'eventSource')) > 1;
