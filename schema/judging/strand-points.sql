-- The strands that may be found: far, and still there by their events. Their points are the distances, each with its
-- reason, and what their events add or take away.
INSERT INTO strand_points (run_id, tenant, session_key, strand, user_key, first_ts, event_id, is_concurrent, is_origin,
    is_issued, distance, points, reasons)
WITH
    far AS
    (
        SELECT judged.tenant AS tenant, judged.session_key AS session_key, judged.strand AS strand, judged.user_key AS
            user_key, judged.source AS source, judged.asn AS asn, judged.country AS country, judged.network_class AS
            network_class, judged.browser AS browser, judged.os AS os, judged.began AS began, judged.event_id AS
            event_id, judged.has_credential AS has_credential, judged.has_factor AS has_factor,
            judged.has_phishing_resistant AS has_phishing_resistant,
            measured.has_session_distance AS has_session_distance,
            measured.network_distance AS network_distance, measured.client_distance AS client_distance,
            measured.device_distance AS device_distance, measured.distance AS distance, measured.nearest AS nearest,
            switches.switches AS switches, switches.overlaps AS overlaps
        FROM (SELECT * FROM measured_strands WHERE run_id = {run:UInt64} AND distance >= 2) AS measured
        INNER JOIN (SELECT * FROM judged_strands WHERE run_id = {run:UInt64} AND is_own) AS judged
            ON measured.tenant = judged.tenant AND measured.session_key = judged.session_key AND measured.strand = judged.strand
        INNER JOIN (SELECT * FROM strand_switches WHERE run_id = {run:UInt64} AND uses > 0) AS switches
            ON measured.tenant = switches.tenant AND measured.session_key = switches.session_key
                AND measured.strand = switches.strand
    ),
    others AS
    (
        SELECT tenant, session_key, strand, network_class, country, asn, browser, os
        FROM judged_strands
        WHERE run_id = {run:UInt64}
    ),
    -- Refused factors in the hour before a credential was given in the strand.
    refusals AS
    (
        SELECT far.tenant AS tenant, far.session_key AS session_key, far.strand AS strand,
            uniqExact(refused.event_id) AS refused
        FROM far
        INNER JOIN
        (
            SELECT tenant, user_key, ts, event_id
            FROM user_evidence
            WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM far) AND is_refused
                AND ts >= (SELECT min(began) - INTERVAL 1 HOUR FROM far) AND ts <= (SELECT max(began) FROM far)
        ) AS refused ON far.tenant = refused.tenant AND far.user_key = refused.user_key
        WHERE far.has_credential AND refused.ts >= far.began - INTERVAL 1 HOUR
            AND refused.ts <= far.began + INTERVAL 5 MINUTE
        GROUP BY far.tenant, far.session_key, far.strand
    ),
    risks AS
    (
        SELECT DISTINCT far.tenant AS tenant, far.session_key AS session_key, far.strand AS strand
        FROM far
        INNER JOIN
        (
            SELECT tenant, user_key, ts, session_key
            FROM user_evidence
            WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM far) AND has_risk
        ) AS given ON far.tenant = given.tenant AND far.user_key = given.user_key
        WHERE far.has_credential AND given.session_key = far.session_key
            AND abs(dateDiff('second', given.ts, far.began)) <= 300
    ),
    -- Issued to it: there is a token's issue in store, with a network.
    issues AS
    (
        SELECT DISTINCT tenant, session_key
        FROM judged_evidence
        WHERE run_id = {run:UInt64} AND activity = 'token_issue' AND given_in != session_key AND network != ''
    ),
    -- The first records of each source: in its first days there is nothing to compare with.
    beginnings AS
    (
        SELECT tenant, source, min(first_ts) AS first_record
        FROM streams
        GROUP BY tenant, source
    ),
    weighed AS
    (
        SELECT far.tenant AS tenant, far.session_key AS session_key, far.strand AS strand, far.user_key AS user_key,
            far.began AS began, far.event_id AS event_id,
            NOT far.has_session_distance AS is_origin,
            NOT is_origin AND (far.network_distance >= 2 OR far.client_distance >= 2) AND (far.switches >= 3 OR far.overlaps = 1) AS is_concurrent,
            (far.tenant, far.session_key) IN (SELECT tenant, session_key FROM issues) AS is_issued,
            far.distance AS distance,
            concat(far.network_class, if(far.asn = 0, '', concat(' AS', toString(far.asn))),
                if(far.country = '', '', concat(', ', far.country))) AS place,
            concat(far.browser, if(far.os = '', '', concat(' on ', far.os))) AS client,
            if(far.nearest = 0, 'the user''s earlier days', concat('what vouches for the session (',
                others.network_class, if(others.asn = 0, '', concat(' AS', toString(others.asn))), ', ', others.country, ')')) AS from_where,
            if(far.nearest = 0, 'the user''s earlier days', concat('what vouches for the session (', others.browser,
                if(others.os = '', '', concat(' on ', others.os)), ')')) AS from_client,
            arrayFilter(reason -> reason.2 != 0, [
                ('network', toInt16(far.network_distance), concat('used from ', place, ', away from ', from_where)),
                ('client', toInt16(far.client_distance), concat('used with ', client, ', unlike ', from_client)),
                ('device', toInt16(far.device_distance), multiIf(far.device_distance < 0,
                    'on a device that is known', far.device_distance = 1, 'without the device id that is usual', 'on another device')),
                ('concurrent', toInt16(is_concurrent), 'used from there and from where it is vouched for in turns'),
                ('two homes', toInt16(is_concurrent AND far.network_class IN ('residential', 'corporate', 'education')
                    AND others.network_class IN ('residential', 'corporate', 'education') AND others.country != far.country
                    AND far.country != '' AND others.country != ''), 'in turns in two countries, from places where people live or work'),
                ('two systems', toInt16(is_concurrent AND far.client_distance = 2 AND NOT isDesktopMode(far.os, others.os)),
                    'one browser''s session on two operating systems in turns'),
                ('token away from its issue', toInt16(is_issued AND NOT is_origin AND far.distance >= 3),
                    'a temporary credential used away from where it was issued'),
                ('refused factors', toInt16(refusals.refused >= 3), concat(toString(refusals.refused), ' factors were refused in the hour before')),
                ('vendor risk', toInt16(risks.session_key != ''), 'the vendor itself saw a risk in that sign-in'),
                ('phishing-resistant factor', if(far.has_phishing_resistant, toInt16(-3), toInt16(0)),
                    'a factor that phishing does not pass was given in it'),
                ('fresh factor', if(far.has_factor AND NOT far.has_phishing_resistant AND far.network_distance < 3, toInt16(-1), toInt16(0)),
                    'a second factor was given in it')
            ]) AS found_reasons,
            toInt16(arraySum(reason -> reason.2, found_reasons)) AS sum,
            far.began < beginnings.first_record + INTERVAL 5 DAY AS is_early
        FROM far
        LEFT JOIN others ON far.tenant = others.tenant AND far.session_key = others.session_key AND far.nearest = others.strand
        LEFT JOIN refusals ON far.tenant = refusals.tenant AND far.session_key = refusals.session_key AND far.strand = refusals.strand
        LEFT JOIN risks ON far.tenant = risks.tenant AND far.session_key = risks.session_key AND far.strand = risks.strand
        LEFT JOIN beginnings ON far.tenant = beginnings.tenant AND far.source = beginnings.source
    )
SELECT {run:UInt64}, tenant, session_key, strand, user_key, began, event_id, is_concurrent, is_origin, is_issued,
    distance,
    if(is_early, least(sum, 3), sum),
    if(is_early AND sum > 3, arrayPushBack(found_reasons, ('new source', toInt16(3 - sum),
        'its source has been here for less than five days: there is little to compare with')), found_reasons)
FROM weighed
WHERE sum >= 2;
