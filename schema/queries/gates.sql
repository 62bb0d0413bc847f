-- Whether absence counted in these cells on these days, and the figures that decided it.
SELECT cell, day, user_days, closed, users, open_for_others, exceptions
FROM cell_gates
WHERE tenant = {tenant:String} AND cell IN {cells:Array(String)} AND day IN {days:Array(Date)}
ORDER BY cell, day, version DESC
LIMIT 1 BY cell, day
