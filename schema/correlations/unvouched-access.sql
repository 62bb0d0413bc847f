/*---
id: unvouched-access
title: Session used that nothing vouches for
meaning: >
  A session or token was used, and no credential, factor or issue that would have made it is in store, although
  the logs that would show one are there and complete enough for their silence to count.
attack:
  - { id: AN0201, name: Anomalous session token use without MFA or credential validation }
  - { id: AN0483, name: Sessions without a matching login }
  - { id: T1550.004, name: "Use Alternate Authentication Material: Web Session Cookie" }
  - { id: T1606, name: Forge Web Credentials }
strength: 6
severity: medium
every: 5 s
lookback: the whole life of a session; gates look at the eight days before
parameters:
  - name: NonePoints
    type: Int16
    default: 4
    minimum: 0
    maximum: 10
    meaning: Points of a use without any link to evidence.
  - name: AnonymousNetworkPoints
    type: Int16
    default: 1
    minimum: 0
    maximum: 5
    meaning: Points added where the network is hosting, VPN or Tor and new to the user.
  - name: ScriptPoints
    type: Int16
    default: 1
    minimum: 0
    maximum: 5
    meaning: Points added where a script uses a session of a browser, or of a user who never scripts.
  - name: AssertedPoints
    type: Int16
    default: -1
    minimum: -5
    maximum: 0
    meaning: Points taken off where the record itself claims that MFA happened.
  - name: FamiliarPoints
    type: Int16
    default: -2
    minimum: -5
    maximum: 0
    meaning: Points taken off where network and client are those of the user's earlier days.
falsePositives:
  - A sign-in whose log was lost by the vendor or a collector without any other gap in the same stream.
  - A new way of signing in at an application that does not log it yet, while most of its sign-ins are logged.
knownGaps:
  - Sessions older than the first record of a source are not judged.
  - Cells in which less than four of five user-days are closed are not judged.
  - Weaker links (same device, same network) do not lower the points yet.
response:
  - Revoke the session at the identity provider and at the application, and rotate the token.
  - Ask the user whether they were active at that time from that network.
  - Look at what the session did before it was revoked.
  - Search for other sessions from the same network and client.
---*/
SELECT
    judged.tenant AS tenant,
    judged.session_key AS session_key,
    judged.user_key AS user_key,
    judged.first_use AS first_ts,
    judged.first_use_event_id AS event_id,
    if(absence.gate = 'open' AND absence.passed = 1, 'open', 'provisional') AS state,
    if(judged.claimed_mfa = 1, 'asserted', 'none') AS link,
    arrayFilter(reason -> reason.2 != 0, [
        ('no evidence', {NonePoints:Int16},
            'no credential, factor or issue of this session is in store'),
        ('anonymous network', if(judged.network_class IN ('hosting', 'vpn', 'tor') AND absence.network_known = 0,
            {AnonymousNetworkPoints:Int16}, 0),
            concat('a ', judged.network_class, ' network (AS', toString(judged.asn), ') that is new to the user')),
        ('script', if(judged.client_kind = 'tool' AND (judged.kind IN ('browser', 'console')
                OR (absence.past_known = 1 AND absence.script_known = 0)), {ScriptPoints:Int16}, 0),
            concat('used by a script (', judged.browser, ')')),
        ('claimed MFA', if(judged.claimed_mfa = 1, {AssertedPoints:Int16}, 0),
            'the record itself claims that MFA happened'),
        ('familiar', if(absence.past_known = 1 AND absence.network_known = 1 AND absence.client_known = 1,
            {FamiliarPoints:Int16}, 0),
            'network and client are those of the user''s earlier days')
    ]) AS point_reasons,
    toInt16(arraySum(reason -> reason.2, point_reasons)) AS points
FROM (SELECT * FROM judged_sessions WHERE run_id = {run:UInt64}) AS judged
INNER JOIN (SELECT * FROM judged_absence WHERE run_id = {run:UInt64}) AS absence
    ON judged.tenant = absence.tenant AND judged.session_key = absence.session_key AND judged.cell = absence.cell
WHERE absence.predates = 0
    AND ((absence.gate = 'open' AND (absence.passed = 1 OR absence.overdue = 0))
        OR (absence.gate = 'degraded' AND absence.overdue = 0));
