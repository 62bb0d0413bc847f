-- The streams in which evidence of these cells' sessions was found: their absence counts when all have passed.
SELECT DISTINCT cell, source, organization, stream
FROM cell_streams
WHERE tenant = {tenant:String} AND cell IN {cells:Array(String)}
ORDER BY cell, source, organization, stream
