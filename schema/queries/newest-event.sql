-- The tenant's clock: the newest event time of all its streams; 1970 before the first event.
SELECT max(streams.newest).ts AS ts
FROM streams
WHERE tenant = {tenant:String}
