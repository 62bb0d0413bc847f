/*---
id: after-takeover
title: Account changed after a suspicious use
meaning: >
  Soon after a suspicious use, from its network or with its client, the user registers a factor or a device, changes a
  credential or a recovery address, grants consent, makes a mail rule, or creates a user, key, role, token or provider:
  what a thief does to stay. It raises the finding of that use.
strength: 7
needs: [strand_points, judged_absence]
with: others
attack:
  - { id: T1098, name: Account Manipulation }
  - { id: T1556, name: Modify Authentication Process }
  - { id: T1528, name: Steal Application Access Token }
severity: high
every: 5 s
lookback: two hours after the suspicious use
parameters:
  - name: WithinSeconds
    type: UInt32
    default: 7200
    minimum: 60
    maximum: 604800
    meaning: How long after the last suspicious use a change counts.
  - name: TakeoverPoints
    type: Int16
    default: 2
    minimum: 0
    maximum: 5
    meaning: Points added to the finding of the use.
falsePositives:
  - A new phone, set up on a network that is new as well.
knownGaps:
  - Changes by another session of the thief from a third network.
response:
  - Undo the change, and look for others by the same session.
  - Revoke every session of the user, and let them sign in again with a factor of theirs.
---*/
WITH
    suspicious AS
    (
        SELECT points.tenant AS tenant, points.session_key AS session_key, points.user_key AS user_key,
            points.first_ts AS first_ts, points.event_id AS event_id, strand.asn AS asn, strand.network AS network,
            strand.browser AS browser, strand.os AS os, strand.last_ts AS last_ts,
            points.distance > 0 AND arrayExists(reason -> reason.1 = 'client', points.reasons) AS is_new_client
        -- In a known network, a new device that is set up with its factors is what it seems.
        FROM (SELECT * FROM strand_points WHERE run_id = {run:UInt64}
            AND arrayExists(reason -> reason.1 = 'network', reasons)) AS points
        INNER JOIN (SELECT * FROM judged_strands WHERE run_id = {run:UInt64}) AS strand
            ON points.tenant = strand.tenant AND points.session_key = strand.session_key AND points.strand = strand.strand
        UNION ALL
        SELECT judged.tenant, judged.session_key, judged.user_key, judged.first_use, judged.first_use_event_id,
            judged.asn, judged.network, judged.browser, judged.os, judged.last_use, 0
        FROM (SELECT * FROM judged_sessions WHERE run_id = {run:UInt64}) AS judged
        INNER JOIN (SELECT * FROM judged_absence WHERE run_id = {run:UInt64} AND gate = 'open' AND predates = 0) AS absence
            ON judged.tenant = absence.tenant AND judged.session_key = absence.session_key AND judged.cell = absence.cell
    ),
    acts AS
    (
        SELECT tenant, user_key, ts, event_id, act, asn, network, browser, os
        FROM takeover_acts
        WHERE (tenant, user_key) IN (SELECT tenant, user_key FROM suspicious)
            AND ts >= (SELECT min(first_ts) FROM suspicious)
            AND ts <= (SELECT addSeconds(max(last_ts), {WithinSeconds:UInt32}) FROM suspicious)
    )
SELECT suspicious.tenant AS tenant, suspicious.session_key AS session_key, suspicious.user_key AS user_key,
    min(suspicious.first_ts) AS first_ts, argMin(suspicious.event_id, suspicious.first_ts) AS event_id,
    'open' AS state, '' AS link, {TakeoverPoints:Int16} AS points,
    [('after takeover', {TakeoverPoints:Int16},
        concat('then, from there: ', arrayStringConcat(arraySort(groupUniqArray(5)(toString(acts.act))), ', ')))] AS point_reasons
FROM suspicious
INNER JOIN acts ON suspicious.tenant = acts.tenant AND suspicious.user_key = acts.user_key
WHERE acts.ts >= suspicious.first_ts AND acts.ts <= addSeconds(suspicious.last_ts, {WithinSeconds:UInt32})
    AND ((suspicious.asn != 0 AND acts.asn = suspicious.asn) OR (suspicious.network != '' AND acts.network = suspicious.network)
        OR (suspicious.is_new_client AND acts.browser = suspicious.browser AND acts.os = suspicious.os))
GROUP BY suspicious.tenant, suspicious.session_key, suspicious.user_key;
