-- Functions that judging shares. They are global to a server, so they name no table and no database.

-- The lower bound of the Wilson score interval with z = 1 for `hits` of `trials`; 0 without trials.
CREATE OR REPLACE FUNCTION wilsonLower AS (hits, trials) -> if(trials = 0, 0.,
    (hits / trials + 1 / (2 * trials)
        - sqrt(greatest(hits / trials * (1 - hits / trials) / trials + 1 / (4 * trials * trials), 0)))
    / (1 + 1 / trials));

-- Whether absence may be trusted after `closed` of `user_days` by `users`: enough of them, and nearly all closed.
CREATE OR REPLACE FUNCTION gateIsOpen AS (closed, user_days, users) ->
    users >= 3 AND user_days >= 5 AND wilsonLower(closed, user_days) >= 0.8;

-- The name of a kind of session by its rank, as words.ts orders them.
CREATE OR REPLACE FUNCTION sessionKind AS (rank) ->
    ['implied', 'service', 'api', 'browser', 'role', 'cli', 'console'][rank + 1];

-- A cell: what is judged together when absence is weighed. Region is left out on purpose: a console login is
-- recorded in another region than its session.
CREATE OR REPLACE FUNCTION cellOf AS (source, organization, kind, application) ->
    concat(source, '|', organization, '|', kind, '|', application);

-- How long after an event its stream may still deliver earlier ones, in seconds, until that is learned.
CREATE OR REPLACE FUNCTION usualDelay AS (source) ->
    multiIf(source = 'okta', 300, source IN ('cloudtrail', 'entra'), 900, source = 'm365', 3600, 120);

-- The longest that a stream is taken to be late, however disordered it is, in seconds.
CREATE OR REPLACE FUNCTION longestDelay AS (source) ->
    multiIf(source = 'okta', 1800, source = 'entra', 7200, source = 'm365', 86400, 3600);

-- How late a stream is, in seconds, by what was learned of it (0 = nothing yet).
CREATE OR REPLACE FUNCTION streamDelay AS (source, learned, disorder_seconds) -> if(learned,
    least(longestDelay(source), greatest(30, disorder_seconds)), usualDelay(source));

-- The longest that a stream is usually silent at a time of day, in seconds; 0 if it is not known.
CREATE OR REPLACE FUNCTION usualPause AS (gap_seconds, at) ->
    if(length(gap_seconds) = 6, gap_seconds[intDiv(toHour(at), 4) + 1], 0);

-- How long a provisional finding waits for its gate, in seconds of the tenant's clock.
CREATE OR REPLACE FUNCTION patience AS (source) -> if(source = 'm365', 172800, 86400);

-- How long a session may have lived before its first record of use where nothing says when it was created, in
-- seconds. A cloud session always says; an application's may be kept signed in for a week.
CREATE OR REPLACE FUNCTION longestSessionLife AS (source) -> if(source = 'cloudtrail', 129600, 604800);
