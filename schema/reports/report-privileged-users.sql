-- report_privileged_users: who can do the most harm, and why that is thought: the policy in force names the user, or
-- the user was seen doing administrative acts. What people do to their own credentials and factors makes nobody an
-- administrator; AWS does not log whose they are, so there it is left out by its name.
CREATE OR REPLACE VIEW report_privileged_users AS
WITH named AS
(
    SELECT tenant, lowerUTF8(arrayJoin(users)) AS name
    FROM (SELECT tenant, argMax(privileged_users, applied_at) AS users FROM policies GROUP BY tenant)
)
SELECT tenant, user_key, max(is_named) AS by_policy, uniqExactIf(act.2, act.2 != '') AS admin_acts,
    max(act).1 AS last_admin_act_at, max(act).3 AS last_admin_action
FROM
(
    SELECT tenant, user_key, true AS is_named, (toDateTime64(0, 9, 'UTC'), '', '') AS act
    FROM session_states
    WHERE user_key != '' AND ((tenant, user_key) IN named OR (tenant, lowerUTF8(user_name)) IN named)
    UNION ALL
    -- Those whose sessions have not been judged.
    SELECT tenant, user_key, true AS is_named, (toDateTime64(0, 9, 'UTC'), '', '') AS act
    FROM user_events
    WHERE (tenant, user_key) IN named
    UNION ALL
    SELECT tenant, user_key, false AS is_named, (ts, event_id, toString(action)) AS act
    FROM events
    WHERE activity = 'admin' AND outcome != 'failure' AND user_key NOT IN ('', target_user_key)
        AND NOT (source = 'cloudtrail' AND splitByChar(':', toString(action))[2] IN (
            'ChangePassword', 'PasswordRecoveryRequested', 'PasswordRecoveryCompleted', 'PasswordUpdated',
            'CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey', 'CreateVirtualMFADevice', 'EnableMFADevice',
            'ResyncMFADevice', 'DeactivateMFADevice', 'DeleteVirtualMFADevice', 'UploadSigningCertificate',
            'UpdateSigningCertificate', 'DeleteSigningCertificate', 'UploadSSHPublicKey', 'UpdateSSHPublicKey',
            'DeleteSSHPublicKey', 'CreateServiceSpecificCredential', 'UpdateServiceSpecificCredential',
            'ResetServiceSpecificCredential', 'DeleteServiceSpecificCredential'))
)
GROUP BY tenant, user_key;
