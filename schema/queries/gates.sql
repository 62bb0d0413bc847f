-- Whether absence counts for these users in these cells on these days, and the figures that decide it: the user-days of
-- all others in the eight days before. The three lists run side by side; what nobody else could be compared to is
-- not here.
WITH
    asked AS
    (
        SELECT DISTINCT wanted.1 AS cell, wanted.2 AS day, wanted.3 AS user_key
        FROM
        (
            SELECT arrayJoin(arrayZip({cells:Array(String)}, {days:Array(Date)}, {users:Array(String)})) AS wanted
        )
    ),
    counted AS
    (
        SELECT cell, day, user_key, closed
        FROM closure_days FINAL
        WHERE tenant = {tenant:String} AND cell IN {cells:Array(String)}
            AND day >= (SELECT min(day) FROM asked) - 8 AND day < (SELECT max(day) FROM asked) AND sessions > 0
    ),
    by_user AS
    (
        SELECT gates.cell AS cell, gates.day AS day, counted.user_key AS user_key, count() AS user_days,
            sum(counted.closed) AS closed
        FROM (SELECT DISTINCT cell, day FROM asked) AS gates
        INNER JOIN counted ON gates.cell = counted.cell
        WHERE counted.day >= gates.day - 8 AND counted.day < gates.day
        GROUP BY cell, day, user_key
    ),
    all_users AS
    (
        SELECT cell, day, sum(by_user.user_days) AS user_days, sum(by_user.closed) AS closed, count() AS users
        FROM by_user
        GROUP BY cell, day
    )
SELECT cell, day, user_key, user_days, closed, users, wilsonLower(closed, user_days) AS lower_bound,
    toUInt8(gateIsOpen(closed, user_days, users)) AS is_open
FROM
(
    SELECT asked.cell AS cell, asked.day AS day, asked.user_key AS user_key,
        toUInt32(all_users.user_days - own.user_days) AS user_days,
        toUInt32(all_users.closed - own.closed) AS closed,
        toUInt32(all_users.users - (own.user_days > 0)) AS users
    FROM asked
    INNER JOIN all_users ON asked.cell = all_users.cell AND asked.day = all_users.day
    LEFT JOIN by_user AS own ON asked.cell = own.cell AND asked.day = own.day AND asked.user_key = own.user_key
)
