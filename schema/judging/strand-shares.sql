-- Which networks, programs and devices of the strands had been learned as shared by their day.
INSERT INTO strand_shares (run_id, tenant, session_key, strand, kind)
WITH used AS
(
    SELECT tenant, session_key, strand, began, sharing.1 AS kind, sharing.2 AS shared
    FROM (SELECT * FROM judged_strands WHERE run_id = {run:UInt64})
    ARRAY JOIN sharedThings(network, asn, browser, client_kind, device_key) AS sharing
)
SELECT {run:UInt64}, used.tenant, used.session_key, used.strand, used.kind
FROM used
INNER JOIN
(
    SELECT tenant, kind, shared, learned_on
    FROM learned FINAL
    WHERE (tenant, kind, shared) IN (SELECT tenant, kind, shared FROM used)
) AS known ON used.tenant = known.tenant AND used.kind = known.kind AND used.shared = known.shared
WHERE known.learned_on <= toDate(used.began);
