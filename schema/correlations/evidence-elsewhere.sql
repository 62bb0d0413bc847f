/*---
id: evidence-elsewhere
title: Signed in far from the user's past
meaning: >
  Evidence was given, or a session begun, in a place or with a client that is far from all that the user did on earlier
  days: a phished or relayed sign-in, an approved device code that is used elsewhere, a forged assertion.
strength: 4
needs: [strand_points]
yieldsTo: [unvouched-access]
attack:
  - { id: T1557, name: Adversary-in-the-Middle }
  - { id: AN0956, name: Sign-in followed by use from another place }
severity: medium
every: 5 s
lookback: 60 days of the user's past
parameters:
  - name: LeastDistance
    type: Int16
    default: 2
    minimum: 2
    maximum: 12
    meaning: Distance from which a strand is raised.
  - name: SeveralSessionsPoints
    type: Int16
    default: 1
    minimum: 0
    maximum: 5
    meaning: Points added where several sessions of the user began far away from there within an hour.
falsePositives:
  - A new device on a new network.
  - The first use of a VPN or a cloud desktop.
knownGaps:
  - Users with less than three days of history have no past to compare with.
response:
  - Ask the user whether they signed in, and what they were shown.
  - Revoke the session, and look for factors registered in it.
  - Look for others who signed in from the same network.
---*/
WITH
    origins AS
    (
        SELECT tenant, session_key, user_key, first_ts, event_id, points, reasons
        FROM strand_points
        WHERE run_id = {run:UInt64} AND distance >= {LeastDistance:Int16} AND is_origin
    ),
    companions AS
    (
        SELECT one.tenant AS tenant, one.session_key AS session_key, one.event_id AS event_id
        FROM origins AS one
        INNER JOIN origins AS other ON one.tenant = other.tenant AND one.user_key = other.user_key
        WHERE one.session_key != other.session_key AND arrayExists(reason -> reason.1 = 'network', one.reasons) AND abs(dateDiff('second', one.first_ts, other.first_ts)) <= 3600
        GROUP BY one.tenant, one.session_key, one.event_id
    )
SELECT tenant, session_key, user_key, first_ts, event_id, 'open' AS state, '' AS link,
    arrayFilter(reason -> reason.2 != 0, arrayPushBack(reasons, ('several sessions',
        if((tenant, session_key, event_id) IN (SELECT tenant, session_key, event_id FROM companions),
            {SeveralSessionsPoints:Int16}, toInt16(0)),
        'several sessions of the user began far away within the hour'))) AS point_reasons,
    toInt16(arraySum(reason -> reason.2, point_reasons)) AS points
FROM origins;
