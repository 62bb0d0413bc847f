-- Each strand beside the user's earlier days: what its network, client and device cost there. What vouches from outside
-- is listed with the others.
INSERT INTO strand_users (run_id, tenant, session_key, strand, is_own, is_given, began, has_past, by_network, by_client,
    by_device)
WITH
    shares AS
    (
        SELECT tenant, session_key, strand, countIf(kind = 'network') AS is_egress, countIf(kind = 'backend') AS is_backend,
            countIf(kind = 'device') AS is_shared_device
        FROM strand_shares
        WHERE run_id = {run:UInt64}
        GROUP BY tenant, session_key, strand
    )
SELECT {run:UInt64}, judged.tenant AS tenant, judged.session_key AS session_key, judged.strand AS strand,
    judged.is_own AS is_own, judged.is_own AND judged.has_credential AS is_given, judged.began AS began,
    past.past_days >= 3 AS has_past,
    multiIf(past.network_known OR shares.is_egress > 0 OR isOwnShell(judged.source, judged.asn, judged.browser), 0,
        shares.is_backend > 0 OR isVendorsOwn(judged.source, judged.asn), 1,
        newNetworkDistance(judged.network_class, past.country_known OR judged.country = '')) AS by_network,
    if(shares.is_backend > 0 OR isOwnShell(judged.source, judged.asn, judged.browser), 0,
        asGatewayShows(judged.network_class, newClientDistance(judged.client_kind, judged.browser, judged.os,
            past.client_known, past.os_known, past.tool_known), 1)) AS by_client,
    asGatewayShows(judged.network_class, newDeviceDistance(if(shares.is_shared_device > 0, '', judged.device_key), past.device_known AND shares.is_shared_device = 0,
        past.device_usual AND shares.is_shared_device = 0), 0) AS by_device
FROM (SELECT * FROM judged_strands WHERE run_id = {run:UInt64}) AS judged
LEFT JOIN (SELECT * FROM strand_pasts WHERE run_id = {run:UInt64}) AS past
    ON judged.tenant = past.tenant AND judged.session_key = past.session_key AND judged.strand = past.strand
LEFT JOIN shares
    ON judged.tenant = shares.tenant AND judged.session_key = shares.session_key AND judged.strand = shares.strand;
