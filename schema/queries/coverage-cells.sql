-- The gate of each cell on a day, from the user-days of the eight days before it, as the judging computes it; and the
-- last day of the 28 before on which it was open (1970 if none). A cell is a source, organization, kind of session and
-- application.
SELECT if(counted.cell != '', counted.cell, opened.cell) AS cell, counted.user_days AS user_days,
    counted.closed AS closed, counted.users AS users,
    wilsonLower(counted.closed, counted.user_days) AS lower_bound,
    toUInt8(gateIsOpen(counted.closed, counted.user_days, counted.users)) AS is_open, opened.day AS last_open_day
FROM
(
    SELECT cell, toUInt32(count()) AS user_days, toUInt32(sum(closure_days.closed)) AS closed,
        toUInt32(uniqExact(user_key)) AS users
    FROM closure_days FINAL
    WHERE tenant = {tenant:String} AND day >= {day:Date} - 8 AND day < {day:Date} AND sessions > 0
    GROUP BY cell
) AS counted
FULL JOIN
(
    SELECT cell, max(cell_gates.day) AS day
    FROM cell_gates FINAL
    WHERE tenant = {tenant:String} AND cell_gates.day >= {day:Date} - 28 AND cell_gates.day <= {day:Date}
        AND open_for_others = 1
    GROUP BY cell
) AS opened ON counted.cell = opened.cell
ORDER BY cell
LIMIT {most:UInt32}
