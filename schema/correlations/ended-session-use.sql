/*---
id: ended-session-use
title: Session used after it had ended
meaning: >
  A session, or the tokens that came of it, is used after it was revoked or logged out, with the usual time for that to
  take effect gone by.
strength: 1
needs: [ended_sessions]
attack:
  - { id: T1550.004, name: "Use Alternate Authentication Material: Web Session Cookie" }
severity: high
every: 5 s
lookback: the whole life of a session
parameters:
  - name: GraceSeconds
    type: UInt32
    default: 300
    minimum: 0
    maximum: 86400
    meaning: Use up to so many seconds after the end is still in flight.
  - name: IssuedTokenSeconds
    type: UInt32
    default: 5400
    minimum: 0
    maximum: 86400
    meaning: The same for tokens that were issued before all of a user's sessions were revoked.
  - name: RevokedElsewherePoints
    type: Int16
    default: 6
    minimum: 0
    maximum: 10
    meaning: Points of use after a revocation from a place not seen before it.
  - name: RevokedPoints
    type: Int16
    default: 4
    minimum: 0
    maximum: 10
    meaning: Points of use after a revocation from a place seen before it.
  - name: ReusedPoints
    type: Int16
    default: 6
    minimum: 0
    maximum: 10
    meaning: Points where the vendor itself saw a refresh token used again after it had been replaced.
  - name: LoggedOutElsewherePoints
    type: Int16
    default: 5
    minimum: 0
    maximum: 10
    meaning: Points of use after a log-out from a place not seen before it.
  - name: LoggedOutPoints
    type: Int16
    default: 3
    minimum: 0
    maximum: 10
    meaning: Points of use after a log-out at an identity provider from a place seen before it.
falsePositives:
  - An application that goes on with a session that it was told to end.
  - Clocks that differ by more than the time of grace.
knownGaps:
  - Ends that are not logged.
response:
  - See that the revocation took effect everywhere, and revoke again.
  - If the use comes from another place, treat the session as stolen.
---*/
WITH
    ends AS
    (
        SELECT tenant, session_key, user_key, ended_at, scope, is_revocation, source
        FROM ended_sessions
        WHERE run_id = {run:UInt64} AND NOT is_reuse
    ),
    uses AS
    (
        SELECT tenant, session_key, ts, event_id, source, session_use, asn, toString(country) AS country,
            toString(os) AS os, toString(browser) AS browser
        FROM user_events
        WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM ends) AND ts > (SELECT min(ended_at) FROM ends)
            AND (tenant, session_key) IN (SELECT tenant, session_key FROM ends)
        ORDER BY ingested_at DESC
        LIMIT 1 BY tenant, event_id
    ),
    -- Who signs in again goes on.
    renewed AS
    (
        SELECT tenant, session_key, max(ts) AS ts
        FROM judged_evidence
        WHERE run_id = {run:UInt64} AND evidence >= 'credential'
        GROUP BY tenant, session_key
    ),
    places AS
    (
        SELECT tenant, session_key,
            -- Seen before is what had begun by the end, and what is near to that: the same phone on its carrier.
            groupArray((asn, toString(country), toString(os), toString(browser),
                if((tenant, session_key, strand) IN (SELECT tenant, session_key, strand FROM measured_strands
                    WHERE run_id = {run:UInt64} AND vouched_by != 'none'), toDateTime64(0, 9, 'UTC'), began))) AS seen
        FROM judged_strands
        WHERE run_id = {run:UInt64} AND is_own
        GROUP BY tenant, session_key
    ),
    used AS
    (
        SELECT ends.tenant AS tenant, ends.session_key AS session_key, ends.user_key AS user_key, uses.ts AS used_at,
            uses.event_id AS event_id, ends.ended_at AS ended_at, ends.is_revocation AS is_revocation,
            NOT arrayExists(place -> (place.1, place.2, place.3, place.4) = (uses.asn, uses.country, uses.os, uses.browser)
                AND place.5 <= ends.ended_at, places.seen) AS is_elsewhere,
            multiIf(ends.is_revocation, if(is_elsewhere, {RevokedElsewherePoints:Int16}, {RevokedPoints:Int16}),
                is_elsewhere, {LoggedOutElsewherePoints:Int16},
                ends.source IN ('okta', 'entra'), {LoggedOutPoints:Int16}, 0) AS weight
        FROM ends
        INNER JOIN uses ON ends.tenant = uses.tenant AND ends.session_key = uses.session_key
        LEFT JOIN places ON ends.tenant = places.tenant AND ends.session_key = places.session_key
        LEFT JOIN renewed ON ends.tenant = renewed.tenant AND ends.session_key = renewed.session_key
        WHERE uses.session_use AND renewed.ts <= ends.ended_at
            AND uses.ts > addSeconds(ends.ended_at, if(ends.scope = 'user' OR ends.source != uses.source,
                {IssuedTokenSeconds:UInt32}, {GraceSeconds:UInt32}))
    )
SELECT tenant, session_key, user_key, min(used_at) AS first_ts, argMin(event_id, used_at) AS event_id, 'open' AS state,
    '' AS link,
    [(if(is_revocation, 'used after revocation', 'used after log-out'), toInt16(weight),
        concat(if(is_revocation, 'revoked', 'logged out'), ' at ', toString(min(toDateTime(ended_at, 'UTC'))),
            ' UTC and used after it', if(is_elsewhere, ' from a place not seen before it', '')))] AS point_reasons,
    toInt16(weight) AS points
FROM used
WHERE weight > 0
GROUP BY tenant, session_key, user_key, is_revocation, is_elsewhere, weight
UNION ALL
SELECT tenant, session_key, any(user_key), min(ended_at), argMin(event_id, ended_at), 'open', '',
    [('refresh token reused', {ReusedPoints:Int16},
        'the vendor saw a refresh token used again after it had been replaced')], {ReusedPoints:Int16}
FROM ended_sessions
WHERE run_id = {run:UInt64} AND is_reuse
GROUP BY tenant, session_key;
