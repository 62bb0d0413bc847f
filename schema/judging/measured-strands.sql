-- Each strand measured twice, from what vouches in its session and from the user's past; the smaller counts. A strand
-- that is near vouches for those after it, so they are taken in the order of their beginning. Where nothing vouches for
-- a session (older than the logs, uncollected), its first strand stands in.
INSERT INTO measured_strands (run_id, tenant, session_key, strand, vouched_by, is_first, has_session_distance,
    session_distance, has_user_distance, user_distance, network_distance, client_distance, device_distance, distance,
    nearest)
WITH
    from_user AS
    (
        SELECT * FROM strand_users WHERE run_id = {run:UInt64}
    ),
    near AS
    (
        SELECT tenant, session_key, strand, groupArray(other) AS others
        FROM strand_pairs
        WHERE run_id = {run:UInt64} AND distance < 2
        GROUP BY tenant, session_key, strand
    ),
    in_order AS
    (
        SELECT tenant, session_key,
            arraySort(item -> item.1, groupArray((strand, is_own, is_given, has_past AND by_user < 2, others))) AS items,
            arrayMap(item -> item.1, arrayFilter(item -> item.2 = 0 OR item.3, items)) AS roots,
            arrayMap(item -> item.1, arrayFilter(item -> item.2 = 1, items))[1] AS first_own,
            arrayFold((vouched, item) -> if(item.2 = 1 AND item.3 = 0
                    AND (item.4 OR hasAny(item.5, vouched)
                        OR (item.1 = first_own AND NOT arrayExists(root -> root < item.1, roots))),
                arrayPushBack(vouched, item.1), vouched), items, roots) AS vouched
        FROM
        (
            SELECT from_user.tenant AS tenant, from_user.session_key AS session_key, from_user.strand AS strand,
                toUInt8(from_user.is_own) AS is_own, toUInt8(from_user.is_given) AS is_given, from_user.has_past AS has_past,
                from_user.by_network + from_user.by_client + from_user.by_device AS by_user, near.others AS others
            FROM from_user
            LEFT JOIN near ON from_user.tenant = near.tenant AND from_user.session_key = near.session_key
                AND from_user.strand = near.strand
        )
        GROUP BY tenant, session_key
    ),
    from_session AS
    (
        SELECT pairs.tenant AS tenant, pairs.session_key AS session_key, pairs.strand AS strand,
            min((pairs.distance, pairs.other, pairs.network_distance, pairs.client_distance, pairs.device_distance)) AS closest
        FROM (SELECT * FROM strand_pairs WHERE run_id = {run:UInt64}) AS pairs
        INNER JOIN in_order ON pairs.tenant = in_order.tenant AND pairs.session_key = in_order.session_key
        WHERE has(in_order.vouched, pairs.other)
            AND (pairs.other < pairs.strand OR has(in_order.roots, pairs.other))
        GROUP BY pairs.tenant, pairs.session_key, pairs.strand
    )
SELECT {run:UInt64}, tenant, session_key, strand,
    multiIf(is_given, 'evidence', in_session AND by_session < 2, if(from_outside, 'issue', 'session'), has_past AND by_user < 2, 'user',
        is_established, 'established', 'none'),
    is_first, in_session, by_session, has_past, by_user,
    if(is_nearer_session, closest.3, by_network), if(is_nearer_session, closest.4, by_client),
    if(is_nearer_session, closest.5, by_device),
    multiIf(is_nearer_session, by_session, has_past, by_user, 0),
    if(is_nearer_session, closest.2, 0)
FROM
(
    SELECT from_user.tenant AS tenant, from_user.session_key AS session_key, from_user.strand AS strand,
        from_user.is_given AS is_given, from_user.has_past AS has_past, from_user.by_network AS by_network,
        from_user.by_client AS by_client, from_user.by_device AS by_device,
        toInt8(from_user.by_network + from_user.by_client + from_user.by_device) AS by_user,
        from_session.closest AS closest, toInt8(from_session.closest.1) AS by_session,
        in_order.first_own = from_user.strand AS is_first,
        has(in_order.vouched, from_user.strand) AND in_order.first_own = from_user.strand AS is_established,
        in_order.items[greatest(from_session.closest.2, 1)].2 = 0 AS from_outside,
        -- Evidence given in a strand vouches for it: only the user's past can tell whether the user gave it.
        from_session.closest.2 != 0 AND NOT from_user.is_given AND NOT (from_user.strand = in_order.first_own
            AND NOT arrayExists(root -> root < from_user.strand, in_order.roots)) AS in_session,
        in_session AND (NOT from_user.has_past OR from_session.closest.1 <= by_user) AS is_nearer_session
    FROM (SELECT * FROM from_user WHERE is_own) AS from_user
    INNER JOIN in_order ON from_user.tenant = in_order.tenant AND from_user.session_key = in_order.session_key
    LEFT JOIN from_session ON from_user.tenant = from_session.tenant
        AND from_user.session_key = from_session.session_key AND from_user.strand = from_session.strand
);
