-- What of the strands the user's earlier days hold. A day does not teach itself, nor does a session: its own earlier
-- strands vouch for it another way. Sessions in quarantine teach nothing.
INSERT INTO strand_pasts (run_id, tenant, session_key, strand, past_days, network_known, country_known, os_known,
    client_known, tool_known, device_known, device_usual)
WITH judged AS
(
    SELECT tenant, session_key, strand, user_key, source, began, asn, network, network_class, country, os, browser, client_kind, device_key
    FROM judged_strands
    WHERE run_id = {run:UInt64} AND is_own AND user_key != ''
)
SELECT {run:UInt64}, judged.tenant, judged.session_key, judged.strand,
    uniqExact(past.day) AS past_days,
    max(isSameOperator(judged.asn, judged.country, judged.network_class, past.asn, past.country)
        OR past.network = judged.network),
    max(past.country = judged.country),
    max(past.os = judged.os AND judged.os != ''),
    max(past.os = judged.os AND past.browser = judged.browser AND judged.browser != ''),
    max(past.client_kind = 'tool'),
    max(past.device_key = judged.device_key AND judged.device_key != ''),
    uniqExactIf(past.day, past.device_key != '' AND past.source = judged.source) * 2 >= past_days
FROM judged
INNER JOIN
(
    SELECT tenant, user_key, day, session_key, source, asn, network, country, os, browser, client_kind, device_key
    FROM user_past
    WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM judged)
        AND day < (SELECT toDate(max(began)) FROM judged) AND day >= (SELECT toDate(min(began)) - 60 FROM judged)
        AND (tenant, session_key) NOT IN (SELECT tenant, session_key FROM quarantine)
) AS past ON judged.tenant = past.tenant AND judged.user_key = past.user_key
WHERE past.day < toDate(judged.began) AND past.day >= toDate(judged.began) - 60
    AND past.session_key != judged.session_key
GROUP BY judged.tenant, judged.session_key, judged.strand;
