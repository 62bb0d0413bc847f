-- What the strands of the dirty sessions are now, with both distances and what vouches for each: what the API shows.
INSERT INTO session_strands (tenant, session_key, strands, version)
SELECT judged.tenant, judged.session_key,
    arraySort(item -> (item.10, item.12), groupArray((toString(judged.source), judged.asn, toString(judged.country),
        judged.network, toString(judged.network_class), toString(judged.client_kind), toString(judged.os),
        toString(judged.browser), judged.device_key, judged.began, judged.last_ts, judged.event_id,
        toString(measured.vouched_by),
        if(measured.has_session_distance, toNullable(toInt16(measured.session_distance)), NULL),
        if(measured.has_user_distance, toNullable(toInt16(measured.user_distance)), NULL),
        toUInt8(points.is_concurrent)))),
    {run:UInt64}
FROM (SELECT * FROM judged_strands WHERE run_id = {run:UInt64} AND is_own) AS judged
INNER JOIN (SELECT * FROM measured_strands WHERE run_id = {run:UInt64}) AS measured
    ON judged.tenant = measured.tenant AND judged.session_key = measured.session_key AND judged.strand = measured.strand
LEFT JOIN (SELECT * FROM strand_points WHERE run_id = {run:UInt64}) AS points
    ON judged.tenant = points.tenant AND judged.session_key = points.session_key AND judged.strand = points.strand
GROUP BY judged.tenant, judged.session_key;
