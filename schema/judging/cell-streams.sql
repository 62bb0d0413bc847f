-- The streams in which evidence of this run's sessions was found, by the cell of the session.
INSERT INTO cell_streams (tenant, cell, source, organization, stream)
SELECT DISTINCT place.tenant, if(given.activity = 'provider_leg', place.federated_cell, place.cell) AS filled,
    given.source, given.organization, given.stream
FROM (SELECT tenant, session_key, cell, federatedCell(source, organization) AS federated_cell FROM judged_sessions WHERE run_id = {run:UInt64} AND implied = 0) AS place
INNER JOIN
(
    SELECT tenant, session_key, source, organization, stream, activity
    FROM judged_evidence
    WHERE run_id = {run:UInt64}
) AS given ON place.tenant = given.tenant AND place.session_key = given.session_key
WHERE (place.tenant, filled, given.source, given.organization, given.stream)
    NOT IN (SELECT tenant, cell, source, organization, stream FROM cell_streams);
