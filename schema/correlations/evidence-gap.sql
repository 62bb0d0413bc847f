/*---
id: evidence-gap
title: Evidence that used to be there is missing
story: cell
meaning: >
  Sessions of this kind used to have their evidence in store and no longer do, or a stream that carries it has gone
  silent while several users wait for it. Until it is back, nothing can be said about their sessions; an attacker may
  have turned the logs off.
attack:
  - { id: T1562.008, name: "Impair Defenses: Disable or Modify Cloud Logs" }
severity: low
every: 1 min
lookback: 28 days of gates, 7 days of the streams' habits
parameters:
  - name: GapPoints
    type: Int16
    default: 3
    minimum: 0
    maximum: 10
    meaning: Points of a cell that was covered and no longer is.
  - name: WaitingUsers
    type: UInt16
    default: 3
    minimum: 1
    maximum: 1000
    meaning: Users whose sessions must wait for a silent stream before its silence is raised.
  - name: LeastSilenceSeconds
    type: UInt32
    default: 1800
    minimum: 60
    maximum: 86400
    meaning: Silences shorter than this are never raised, whatever the habit of the stream.
falsePositives:
  - An identity provider's or a collector's outage.
  - A new way of signing in that is not logged, used by many.
knownGaps:
  - A cell that was never covered raises nothing; coverage in the API shows it.
response:
  - See whether the source still delivers, and since when it does not (coverage in the API).
  - Look for changes of the audit log's configuration at that time, and who made them.
  - Send the missing logs later; what they vouch for is then judged again.
---*/
WITH
    stream_times AS
    (
        SELECT tenant, source, organization, stream, max(newest) AS newest
        FROM streams
        GROUP BY tenant, source, organization, stream
    ),
    clocks AS
    (
        SELECT tenant, max((newest.ts, newest.negated_arrival_ms)) AS latest,
            addMilliseconds(latest.1,
                greatest(0, toUnixTimestamp64Milli({now:DateTime64(3, 'UTC')}) + latest.2)) AS clock
        FROM stream_times
        GROUP BY tenant
    ),
    windows AS
    (
        SELECT closures.tenant AS tenant, closures.cell AS cell, count() AS user_days, sum(closures.closed) AS closed,
            uniqExact(closures.user_key) AS users
        FROM (SELECT * FROM closure_days FINAL WHERE sessions > 0) AS closures
        INNER JOIN clocks ON closures.tenant = clocks.tenant
        WHERE closures.day >= toDate(clocks.clock) - 8 AND closures.day < toDate(clocks.clock)
        GROUP BY closures.tenant, closures.cell
    ),
    last_open AS
    (
        SELECT gates.tenant AS tenant, gates.cell AS cell, max(gates.day) AS day
        FROM (SELECT * FROM cell_gates FINAL WHERE open_for_others = 1) AS gates
        INNER JOIN clocks ON gates.tenant = clocks.tenant
        WHERE gates.day >= toDate(clocks.clock) - 28
        GROUP BY gates.tenant, gates.cell
    ),
    silent AS
    (
        SELECT times.tenant AS tenant, times.source AS source, times.organization AS organization,
            times.stream AS stream, times.newest.ts AS silent_since
        FROM stream_times AS times
        INNER JOIN (SELECT * FROM stream_clocks FINAL) AS learned ON times.tenant = learned.tenant
            AND times.source = learned.source AND times.organization = learned.organization
            AND times.stream = learned.stream
        INNER JOIN clocks ON times.tenant = clocks.tenant
        WHERE clocks.clock > addSeconds(times.newest.ts,
            greatest(usualPause(learned.gap_seconds, clocks.clock), {LeastSilenceSeconds:UInt32}))
            AND usualPause(learned.gap_seconds, clocks.clock) > 0
    ),
    waiting AS
    (
        SELECT held.tenant AS tenant, held.cell AS cell, uniqExact(states.user_key) AS users,
            uniqExact(held.session_key) AS sessions, min(states.first_use) AS first_use
        FROM (SELECT * FROM pending FINAL WHERE done = 0) AS held
        INNER JOIN (SELECT tenant, session_key, user_key, first_use FROM session_states FINAL) AS states
            ON held.tenant = states.tenant AND held.session_key = states.session_key
        INNER JOIN clocks ON held.tenant = clocks.tenant
        WHERE held.day >= toDate(clocks.clock) - 2
        GROUP BY held.tenant, held.cell
    ),
    gone_silent AS
    (
        SELECT carried.tenant AS tenant, carried.cell AS cell, min((silent.silent_since, silent.stream)) AS first_silent
        FROM cell_streams AS carried
        INNER JOIN silent ON carried.tenant = silent.tenant AND carried.source = silent.source
            AND carried.organization = silent.organization AND carried.stream = silent.stream
        GROUP BY carried.tenant, carried.cell
    )
SELECT
    last_open.tenant AS tenant,
    last_open.cell AS cell,
    if(gone_silent.cell != '', gone_silent.first_silent.1, toDateTime64(last_open.day + 1, 9, 'UTC')) AS first_ts,
    toUInt32(waiting.sessions) AS sessions,
    [('evidence gap', {GapPoints:Int16}, if(gone_silent.cell != '',
        concat('the stream ', gone_silent.first_silent.2, ' has gone silent, and sessions wait for what it carries'),
        'most sessions of this kind had their evidence in store, and no longer do'))] AS point_reasons,
    {GapPoints:Int16} AS points
FROM last_open
LEFT JOIN windows ON last_open.tenant = windows.tenant AND last_open.cell = windows.cell
LEFT JOIN waiting ON last_open.tenant = waiting.tenant AND last_open.cell = waiting.cell
LEFT JOIN gone_silent ON last_open.tenant = gone_silent.tenant AND last_open.cell = gone_silent.cell
WHERE (gone_silent.cell != '' AND waiting.users >= {WaitingUsers:UInt16}
        AND waiting.first_use > gone_silent.first_silent.1 - INTERVAL 1 DAY)
    OR (windows.users >= 3 AND windows.user_days >= 5
        AND NOT gateIsOpen(windows.closed, windows.user_days, windows.users));
