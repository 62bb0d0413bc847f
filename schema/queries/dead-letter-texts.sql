-- The texts of records that were not understood, by id. `hours` holds the hours in which they were received.
SELECT id, raw
FROM dead_letters
WHERE tenant = {tenant:String}
    AND toStartOfHour(received_at) IN {hours:Array(DateTime('UTC'))} AND id IN {ids:Array(String)}
ORDER BY id, received_at DESC
LIMIT 1 BY id
