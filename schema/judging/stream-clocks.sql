-- Learns the disorder and the silences that are usual for each stream from seven days of its arrivals: how far
-- events come behind the newest before them (in order of arrival), and how long it is silent in each part of the day.
-- A stream is learned once it has a day of arrivals and 200 slots of them; until then fixed lags stand in.
INSERT INTO stream_clocks (tenant, source, organization, stream, disorder_seconds, gap_seconds, version)
WITH
    slots AS
    (
        SELECT tenant, source, organization, stream, arrived, happened, sum(events) AS events
        FROM stream_arrivals
        WHERE arrived > {now:DateTime64(3, 'UTC')} - INTERVAL 7 DAY
        GROUP BY tenant, source, organization, stream, arrived, happened
    ),
    disorders AS
    (
        SELECT tenant, source, organization, stream,
            quantileExactWeighted(0.99)(toUInt32(greatest(dateDiff('second', happened, newest_before), 0)), events)
                AS disorder_seconds
        FROM
        (
            SELECT tenant, source, organization, stream, happened, events,
                -- Of earlier slots: what came at the same moment is in no order, and old logs that are sent at once
                -- would be days behind themselves.
                max(happened) OVER (PARTITION BY tenant, source, organization, stream ORDER BY arrived
                    RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest_before
            FROM slots
        )
        GROUP BY tenant, source, organization, stream
        HAVING count() >= 200
    ),
    gaps AS
    (
        SELECT tenant, source, organization, stream, happened,
            toUInt32(least(dateDiff('second', happened, next_happened), 604800)) AS seconds
        FROM
        (
            SELECT tenant, source, organization, stream, happened,
                leadInFrame(happened, 1, happened) OVER (PARTITION BY tenant, source, organization, stream
                    ORDER BY happened ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next_happened
            FROM (SELECT DISTINCT tenant, source, organization, stream, happened FROM slots)
        )
        WHERE next_happened > happened
    ),
    -- How long it has usually been silent, looked at in steps of ten minutes: a night without events is one gap
    -- among thousands, and yet the habit of that part of the day.
    silences AS
    (
        SELECT tenant, source, organization, stream, intDiv(toHour(happened + toIntervalSecond(elapsed)), 4) AS part,
            quantileExactWeighted(0.99)(elapsed, weight) AS gap_seconds
        FROM
        (
            SELECT tenant, source, organization, stream, happened,
                arrayJoin(range(0, seconds, 600)) AS began, least(began + 600, seconds) AS elapsed,
                toUInt64(elapsed - began) AS weight
            FROM gaps
        )
        GROUP BY tenant, source, organization, stream, part
    ),
    pauses AS
    (
        SELECT tenant, source, organization, stream,
            [maxIf(gap_seconds, part = 0), maxIf(gap_seconds, part = 1), maxIf(gap_seconds, part = 2),
                maxIf(gap_seconds, part = 3), maxIf(gap_seconds, part = 4), maxIf(gap_seconds, part = 5)]
                AS gap_seconds
        FROM silences
        GROUP BY tenant, source, organization, stream
    ),
    spans AS
    (
        SELECT tenant, source, organization, stream
        FROM slots
        GROUP BY tenant, source, organization, stream
        HAVING max(happened) >= min(happened) + INTERVAL 1 DAY
    )
SELECT disorders.tenant, disorders.source, disorders.organization, disorders.stream, disorders.disorder_seconds,
    pauses.gap_seconds, {run:UInt64}
FROM disorders
INNER JOIN spans ON disorders.tenant = spans.tenant AND disorders.source = spans.source
    AND disorders.organization = spans.organization AND disorders.stream = spans.stream
LEFT JOIN pauses ON disorders.tenant = pauses.tenant AND disorders.source = pauses.source
    AND disorders.organization = pauses.organization AND disorders.stream = pauses.stream;
