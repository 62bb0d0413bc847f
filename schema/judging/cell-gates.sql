-- The touched gates: closure over the user-days of the eight days before. The judged user's own days do not
-- count, so the gate is kept as it is for everyone else, with those users for whom it is the other way round.
-- Only gates that change are written: a new version is a flip, which re-queues what waits for it.
INSERT INTO cell_gates (tenant, cell, day, user_days, closed, users, lower_bound, open_for_others, exceptions, version)
WITH
    asked AS
    (
        SELECT tenant, cell, day FROM touched_gates WHERE run_id = {run:UInt64}
    ),
    counted AS
    (
        SELECT tenant, cell, day, user_key, closed
        FROM closure_days FINAL
        WHERE (tenant, cell) IN (SELECT tenant, cell FROM asked)
            AND day >= (SELECT min(day) FROM asked) - 8 AND day < (SELECT max(day) FROM asked)
            AND sessions > 0
    ),
    by_user AS
    (
        SELECT asked.tenant AS tenant, asked.cell AS cell, asked.day AS day, counted.user_key AS user_key,
            count() AS user_days, sum(counted.closed) AS closed
        FROM asked
        INNER JOIN counted ON asked.tenant = counted.tenant AND asked.cell = counted.cell
        WHERE counted.day >= asked.day - 8 AND counted.day < asked.day
        GROUP BY tenant, cell, day, user_key
    ),
    gates AS
    (
        SELECT tenant, cell, day, toUInt32(sum(user_days)) AS all_days, toUInt32(sum(closed)) AS all_closed,
            toUInt32(count()) AS all_users, groupArray((user_key, user_days, closed)) AS each_user
        FROM by_user
        GROUP BY tenant, cell, day
    ),
    computed AS
    (
        SELECT asked.tenant AS tenant, asked.cell AS cell, asked.day AS day, gates.all_days AS user_days,
            gates.all_closed AS closed, gates.all_users AS users,
            wilsonLower(gates.all_closed, gates.all_days) AS lower_bound,
            toUInt8(gateIsOpen(gates.all_closed, gates.all_days, gates.all_users)) AS open_for_others,
            arraySort(arrayMap(user -> user.1, arrayFilter(
                user -> gateIsOpen(gates.all_closed - user.3, gates.all_days - user.2, gates.all_users - 1)
                    != gateIsOpen(gates.all_closed, gates.all_days, gates.all_users),
                gates.each_user))) AS exceptions
        FROM asked
        LEFT JOIN gates ON asked.tenant = gates.tenant AND asked.cell = gates.cell AND asked.day = gates.day
    )
SELECT tenant, cell, day, user_days, closed, users, lower_bound, open_for_others, exceptions, {run:UInt64}
FROM computed
WHERE (tenant, cell, day, open_for_others, exceptions) NOT IN
(
    SELECT tenant, cell, day, open_for_others, exceptions
    FROM cell_gates FINAL
    WHERE (tenant, cell) IN (SELECT tenant, cell FROM asked)
);
