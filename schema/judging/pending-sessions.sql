-- What waits after this run: used without evidence, and a gate, a watermark or an older record may still change
-- the verdict. Rows whose wait is over are closed.
INSERT INTO pending (tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at,
    done, version)
WITH
    waiting AS
    (
        SELECT bare.tenant AS tenant, bare.cell AS cell, toDate(bare.first_use) AS day,
            bare.session_key AS session_key,
            multiIf(absence.gate != 'open' AND (absence.gate = 'shut' OR absence.overdue = 1), 'gate',
                absence.predates = 1, 'history',
                absence.passed = 0 OR absence.gate = 'degraded', 'watermark',
                -- Judged unvouched: a gate that shuts again, or late evidence elsewhere, judges it again.
                'gate') AS waits_for,
            absence.young_source AS young_source, absence.young_organization AS young_organization,
            absence.needs_record_at AS needs_record_at
        FROM (SELECT * FROM bare_sessions WHERE run_id = {run:UInt64}) AS bare
        INNER JOIN (SELECT * FROM judged_absence WHERE run_id = {run:UInt64}) AS absence
            ON bare.tenant = absence.tenant AND bare.session_key = absence.session_key
                AND bare.cell = absence.cell
    ),
    known AS
    (
        SELECT tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at
        FROM pending FINAL
        WHERE done = 0
            AND (tenant, session_key)
                IN (SELECT tenant, session_key FROM dirty_sessions WHERE run_id = {run:UInt64})
    )
SELECT tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at, 0,
    {run:UInt64}
FROM waiting
WHERE (tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at)
    NOT IN
    (
        SELECT tenant, cell, day, session_key, waits_for, young_source, young_organization, needs_record_at
        FROM known
    )
UNION ALL
SELECT tenant, cell, day, session_key, waits_for, '', '', toDateTime64(0, 9, 'UTC'), 1, {run:UInt64}
FROM known
WHERE (tenant, cell, day, session_key, waits_for)
    NOT IN (SELECT tenant, cell, day, session_key, waits_for FROM waiting);
