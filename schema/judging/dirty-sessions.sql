-- Sessions that something new touched: keys that arrived in the window, and the sessions that used a token or
-- were begun by a principal for which evidence arrived.
INSERT INTO dirty_sessions (run_id, tenant, session_key)
WITH arrived AS
(
    SELECT tenant, session_key
    FROM arrivals
    WHERE ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}
    GROUP BY tenant, session_key
)
SELECT DISTINCT {run:UInt64}, tenant, session_key
FROM
(
    SELECT tenant, session_key FROM arrived
    UNION ALL
    SELECT tenant, session_key
    FROM session_tokens
    WHERE (tenant, token_key) IN (SELECT tenant, session_key FROM arrived)
    UNION ALL
    -- Six seconds: evidence that belongs to a neighbour may free or take the nearest place of this one.
    SELECT begun.tenant, begun.session_key
    FROM
    (
        SELECT tenant, principal_key, created_at, session_key
        FROM session_principals
        WHERE (tenant, principal_key) IN (SELECT tenant, session_key FROM arrived)
    ) AS begun
    INNER JOIN
    (
        SELECT tenant, session_key AS principal_key, ts
        FROM session_evidence
        WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM arrived)
            AND ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}
    ) AS given ON begun.tenant = given.tenant AND begun.principal_key = given.principal_key
    WHERE abs(dateDiff('millisecond', begun.created_at, given.ts)) <= 6000
    UNION ALL
    -- All sessions of a user were revoked: those that were used on that day or after.
    SELECT past.tenant, past.session_key
    FROM
    (
        SELECT tenant, scope_key AS user_key, toDate(ts) AS day
        FROM session_ends
        WHERE scope = 'user' AND ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}
    ) AS ended
    INNER JOIN
    (
        SELECT tenant, user_key, day, session_key
        FROM user_past
        WHERE (tenant, user_key) IN
        (
            SELECT tenant, scope_key
            FROM session_ends
            WHERE scope = 'user' AND ingested_at > {from:DateTime64(3, 'UTC')} AND ingested_at <= {to:DateTime64(3, 'UTC')}
        )
    ) AS past ON ended.tenant = past.tenant AND ended.user_key = past.user_key
    WHERE past.day >= ended.day
);
