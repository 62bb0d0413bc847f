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
needs: [judged_absence]
severity: medium
every: 5 s
lookback: the whole life of a session; gates look at the eight days before
parameters:
  - name: NonePoints
    type: Int16
    default: 4
    minimum: 0
    maximum: 10
    meaning: Points of a use without any link to evidence, or with evidence of the same user alone.
  - name: NetworkLinkPoints
    type: Int16
    default: 3
    minimum: 0
    maximum: 10
    meaning: The same where the user gave evidence for another session from this network and client within 12 hours.
  - name: MissingLegPoints
    type: Int16
    default: 4
    minimum: 0
    maximum: 10
    meaning: Points of a federated sign-in of which the identity provider has no record.
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
  - An application that its identity provider calls by a wholly different name has no provider's leg; it is not judged.
response:
  - Revoke the session at the identity provider and at the application, and rotate the token.
  - Ask the user whether they were active at that time from that network.
  - Look at what the session did before it was revoked.
  - Search for other sessions from the same network and client.
---*/
SELECT tenant, session_key, user_key, first_ts, event_id, state, link,
    arrayFilter(reason -> reason.2 != 0, [
        multiIf(is_federated, ('no provider leg', {MissingLegPoints:Int16},
                'signed in by a provider''s assertion, of which the provider has no record'),
            weaker_link = 'network', ('no evidence', {NetworkLinkPoints:Int16},
                'no credential, factor or issue of this session is in store; the user gave one for another session from this network and client'),
            ('no evidence', {NonePoints:Int16}, 'no credential, factor or issue of this session is in store')),
        ('anonymous network', if(network_class IN ('hosting', 'vpn', 'tor') AND network_known = 0,
            {AnonymousNetworkPoints:Int16}, 0),
            concat('a ', network_class, ' network (AS', toString(asn), ') that is new to the user')),
        ('script', if(client_kind = 'tool' AND (kind IN ('browser', 'console')
                OR (past_known = 1 AND script_known = 0)), {ScriptPoints:Int16}, 0),
            concat('used by a script (', browser, ')')),
        ('claimed MFA', if(claimed_mfa = 1 AND NOT is_federated, {AssertedPoints:Int16}, 0),
            'the record itself claims that MFA happened'),
        ('familiar', if(past_known = 1 AND network_known = 1 AND client_known = 1, {FamiliarPoints:Int16}, 0),
            'network and client are those of the user''s earlier days')
    ]) AS point_reasons,
    toInt16(arraySum(reason -> reason.2, point_reasons)) AS points
FROM
(
    SELECT judged.tenant AS tenant, judged.session_key AS session_key, judged.user_key AS user_key,
        judged.first_use AS first_ts, judged.first_use_event_id AS event_id, judged.kind AS kind,
        judged.claimed_mfa AS claimed_mfa, judged.asn AS asn, toString(judged.network_class) AS network_class,
        judged.client_kind AS client_kind, judged.browser AS browser,
        absence.cell != judged.cell AS is_federated,
        if(absence.gate = 'open' AND absence.passed = 1, 'open', 'provisional') AS state,
        multiIf(is_federated OR judged.claimed_mfa = 1, 'asserted', absence.weaker_link != '', toString(absence.weaker_link), 'none')
            AS link,
        absence.past_known AS past_known, absence.network_known AS network_known, absence.client_known AS client_known,
        absence.script_known AS script_known, absence.weaker_link AS weaker_link
    FROM (SELECT * FROM judged_sessions WHERE run_id = {run:UInt64}) AS judged
    INNER JOIN (SELECT * FROM judged_absence WHERE run_id = {run:UInt64}) AS absence
        ON judged.tenant = absence.tenant AND judged.session_key = absence.session_key
    WHERE absence.cell IN (judged.cell, federatedCell(judged.source, judged.organization))
        AND absence.predates = 0
        AND ((absence.gate = 'open' AND (absence.passed = 1 OR absence.overdue = 0))
            OR (absence.gate = 'degraded' AND absence.overdue = 0))
);
