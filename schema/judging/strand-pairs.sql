-- How far each strand is from the others of its session that had begun by then (clocks differ by up to 5 min). In the
-- /24 or /48 of another it is as near as can be, whatever the client: that is a person's own desk. A program that ran in
-- a cloud and goes on where people live is as far as a VPN.
INSERT INTO strand_pairs (run_id, tenant, session_key, strand, other, network_distance, client_distance,
    device_distance, distance)
WITH judged AS
(
    SELECT *,
        (tenant, session_key, strand) IN (SELECT tenant, session_key, strand FROM strand_shares
            WHERE run_id = {run:UInt64} AND kind = 'network') AS is_egress,
        (tenant, session_key, strand) IN (SELECT tenant, session_key, strand FROM strand_shares
            WHERE run_id = {run:UInt64} AND kind = 'backend') AS is_backend,
        if((tenant, session_key, strand) IN (SELECT tenant, session_key, strand FROM strand_shares
            WHERE run_id = {run:UInt64} AND kind = 'device'), '', device_key) AS own_device
    FROM judged_strands
    WHERE run_id = {run:UInt64}
)
SELECT {run:UInt64}, tenant, session_key, strand, other, by_network, by_client, by_device,
    if(is_same_desk, 0, by_network + by_client + by_device)
FROM
(
    SELECT late.tenant AS tenant, late.session_key AS session_key, late.strand AS strand, early.strand AS other,
        late.network = early.network OR isOwnShell(late.source, late.asn, late.browser) AS is_same_desk,
        multiIf(is_same_desk OR isSameOperator(late.asn, late.country, late.network_class, early.asn, early.country), 0,
            late.is_egress OR late.is_backend OR isVendorsOwn(late.source, late.asn), 1,
            greatest(newNetworkDistance(late.network_class, late.country = early.country OR late.country = ''
                    OR early.country = ''),
                if(early.network_class = 'cloud' AND early.client_kind = 'tool' AND late.client_kind = 'tool'
                    AND late.network_class IN ('residential', 'mobile', 'unknown'), 3, 0))) AS by_network,
        if(late.is_backend, 0, asGatewayShows(late.network_class, clientDistance(late.client_kind, late.browser, late.os, late.version,
            late.tls_fingerprint, early.client_kind, early.browser, early.os, early.version, early.tls_fingerprint), 1))
            AS by_client,
        asGatewayShows(late.network_class, deviceDistance(late.own_device, early.own_device, late.source = early.source), 0)
            AS by_device
    FROM (SELECT * FROM judged WHERE is_own) AS late
    INNER JOIN judged AS early ON late.tenant = early.tenant AND late.session_key = early.session_key
    WHERE late.strand != early.strand AND early.began <= late.began + INTERVAL 5 MINUTE
);
