-- Records that should have been understood and were not, each once, as it was received last; without their text. An
-- empty list or text restricts nothing; the lower bound is part of the range, the upper bound is not.
SELECT id, max(dead_letters.received_at) AS received_at, toString(any(dead_letters.source)) AS source,
    any(dead_letters.path) AS path, argMax(dead_letters.reason, dead_letters.received_at) AS reason
FROM dead_letters
WHERE tenant = {tenant:String}
    AND dead_letters.received_at >= {received_after:DateTime64(9, 'UTC')}
    AND dead_letters.received_at < {received_before:DateTime64(9, 'UTC')}
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, dead_letters.source))
    AND ({text:String} = ''
        OR positionCaseInsensitiveUTF8(concat(dead_letters.path, '\n', dead_letters.reason), {text:String}) > 0)
GROUP BY id
