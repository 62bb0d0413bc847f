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

-- The cell of federated sessions: what is judged there is whether the provider has a record of the sign-in.
CREATE OR REPLACE FUNCTION federatedCell AS (source, organization) -> cellOf(source, organization, 'federated', '');

-- Whether an application, as its identity provider calls it, is the one that a federated sign-in was at. AWS is known
-- by its names; others by theirs, written alike.
CREATE OR REPLACE FUNCTION isSameApplication AS (source, application, leg_application) ->
    if(source = 'cloudtrail', match(lower(leg_application), 'aws|amazon'),
        application != ''
            AND (positionCaseInsensitive(replaceRegexpAll(application, '[^A-Za-z0-9]', ''),
                    replaceRegexpAll(leg_application, '[^A-Za-z0-9]', '')) > 0
                OR positionCaseInsensitive(replaceRegexpAll(leg_application, '[^A-Za-z0-9]', ''),
                    replaceRegexpAll(application, '[^A-Za-z0-9]', '')) > 0));

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

-- Distances of strands; the table is in docs/severity.md. Each is the cost of one difference.

-- What of a use many may share, as the table `learned` names it: (kind, what).
CREATE OR REPLACE FUNCTION sharedThings AS (network, asn, browser, client_kind, device) ->
    arrayFilter(item -> item.2 != '', [('network', network),
        ('backend', if(client_kind IN ('tool', 'app', 'unknown') AND asn != 0 AND browser != '',
            concat(toString(asn), '|', browser), '')),
        ('device', device)]);

-- Whether two networks are of one operator in one country; a cloud's machines move between its countries.
CREATE OR REPLACE FUNCTION isSameOperator AS (asn, country, network_class, other_asn, other_country) ->
    asn != 0 AND asn = other_asn AND (country = other_country OR network_class = 'cloud');

-- What a web gateway shows of a client may be the browser that it runs itself, on no device: `most` is all it costs.
CREATE OR REPLACE FUNCTION asGatewayShows AS (network_class, distance, most) ->
    if(network_class = 'gateway', least(distance, most), distance);

-- A network that is neither known nor near, by its class and whether its country is. The country of a relay, a gateway
-- or a satellite says nothing.
CREATE OR REPLACE FUNCTION newNetworkDistance AS (network_class, same_country) ->
    multiIf(network_class IN ('hosting', 'tor'), 4, network_class = 'vpn', 3, network_class = 'cloud', 2,
        network_class IN ('relay', 'gateway', 'satellite'), 1, same_country, 1, 2);

-- A cloud's own shell, in the cloud's own network: it acts in the session of the person who opened it.
CREATE OR REPLACE FUNCTION isOwnShell AS (source, asn, browser) ->
    source = 'cloudtrail' AND asn IN (14618, 16509) AND browser = 'AWS CloudShell';

-- Two systems of one browser's session that are one device all the same: a phone that asks for desktop sites.
CREATE OR REPLACE FUNCTION isDesktopMode AS (os, other_os) ->
    (os IN ('Android', 'iOS') AND other_os IN ('Linux', 'macOS'))
        OR (other_os IN ('Android', 'iOS') AND os IN ('Linux', 'macOS'));

-- Whether a vendor's own network acts inside its users' sessions (Microsoft's AS8075 in Entra sign-ins).
CREATE OR REPLACE FUNCTION isVendorsOwn AS (source, asn) -> source = 'entra' AND asn = 8075;

-- A client beside another of the same session. Tools are alike; what is unknown is no difference.
CREATE OR REPLACE FUNCTION clientDistance AS (kind, browser, os, version, fingerprint, other_kind, other_browser,
    other_os, other_version, other_fingerprint) ->
    multiIf(kind = 'unknown' OR other_kind = 'unknown' OR (kind = 'tool' AND other_kind = 'tool'), 0,
        kind = 'tool', 3,
        other_kind = 'tool', 1,
        os != '' AND other_os != '' AND os != other_os, 2,
        browser != '' AND other_browser != '' AND browser != other_browser, 1,
        version > 0 AND other_version > version, 1,
        version = other_version AND fingerprint != '' AND other_fingerprint != '' AND fingerprint != other_fingerprint, 1,
        0);

-- A client beside those of the user's earlier days.
CREATE OR REPLACE FUNCTION newClientDistance AS (kind, browser, os, client_known, os_known, tool_known) ->
    multiIf(kind = 'unknown' OR (browser = '' AND os = ''), 0, kind = 'tool', if(tool_known, 0, 3), client_known, 0,
        os_known OR os = '', 1, 2);

-- A strong device beside another: the same one is near whatever the network; one that was lost costs only where its
-- source reports devices.
CREATE OR REPLACE FUNCTION deviceDistance AS (device, other_device, same_source) ->
    multiIf(device != '' AND device = other_device, -2, device != '' AND other_device != '', 2,
        device = '' AND other_device != '' AND same_source, 1, 0);

-- A strong device beside those of the user's earlier days.
CREATE OR REPLACE FUNCTION newDeviceDistance AS (device, device_known, device_usual) ->
    multiIf(device_known, -2, device != '' AND device_usual, 2, device = '' AND device_usual, 1, 0);
