-- The findings about cells, as they are now.
SELECT * REPLACE (toString(content_hash) AS content_hash)
FROM findings FINAL
WHERE story = 'cell' AND correlation = {correlation:String};
