/*---
id: impossible-travel
title: Two sign-ins of a user faster apart than an airliner
by: Panther, "Impossible Travel for Login Action"
url: https://github.com/panther-labs/panther-analysis/blob/main/rules/standard_rules/impossible_travel_login.py
sources: [okta, entra, cloudtrail, otel]
differs: Places are the middles of countries. Sign-ins from VPNs, relays and satellites are of severity INFO there and are left out here; the first two are not compared with later ones either.
---*/
WITH
    -- Longitude and latitude.
    [('US', -98.6, 39.8), ('CA', -98.3, 56.8), ('GB', -2.0, 54.0), ('DE', 10.4, 51.1), ('FR', 2.5, 46.6), ('NL', 5.3, 52.2),
        ('IT', 12.5, 42.8), ('ES', -3.7, 40.2), ('PL', 19.4, 52.1), ('SE', 16.7, 62.8), ('IN', 79.6, 22.9), ('JP', 138.0, 36.5),
        ('BR', -53.1, -10.8), ('AU', 134.5, -25.7), ('ZA', 25.1, -29.0), ('NG', 8.1, 9.6), ('RU', 60.0, 56.0), ('UA', 31.4, 49.0),
        ('AT', 14.1, 47.6), ('IE', -8.0, 53.2), ('CH', 8.2, 46.8)] AS places,
    sign_ins AS
    (
        SELECT user_key, source, session_key, ts, network_class,
            arrayFirst(known -> known.1 = country, places) AS place
        FROM events
        WHERE tenant = {tenant:String} AND activity = 'sign_in' AND outcome = 'success' AND user_key != ''
            AND place.1 != '' AND network_class NOT IN ('vpn', 'relay')
        LIMIT 1 BY event_id
    )
SELECT user_key, session_key, min(ts) AS first_ts, max(ts) AS last_ts
FROM
(
    SELECT user_key, session_key, ts, network_class, place AS here,
        any((ts, place)) OVER (PARTITION BY user_key, source ORDER BY ts ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS before
    FROM sign_ins
)
WHERE before.1 > toDateTime64(0, 9, 'UTC') AND ts <= before.1 + INTERVAL 1 DAY AND network_class != 'satellite'
    AND greatCircleDistance(here.2, here.3, before.2.2, before.2.3) / 1000
        > 900 * greatest(0.36, toFloat64(dateDiff('second', before.1, ts))) / 3600
GROUP BY user_key, session_key, toDate(ts);
