-- report_privileges: why users count as privileged, who can do the most harm: a row, of reason 'policy' and 1970, where
-- the policy in force names the user, and a row of reason 'admin' for each administrative act. What people do to their
-- own credentials and factors makes nobody an administrator; AWS does not log whose they are, so there it is left out
-- by its name.
CREATE OR REPLACE VIEW report_privileges AS
WITH named AS
(
    SELECT tenant, lowerUTF8(arrayJoin(users)) AS name
    FROM (SELECT tenant, argMax(privileged_users, applied_at) AS users FROM policies GROUP BY tenant)
)
SELECT DISTINCT tenant, user_key, reason, ts, event_id, action
FROM
(
    SELECT tenant, user_key, 'policy' AS reason, toDateTime64(0, 9, 'UTC') AS ts, '' AS event_id, '' AS action
    FROM session_states
    WHERE user_key != '' AND ((tenant, user_key) IN named OR (tenant, lowerUTF8(user_name)) IN named)
    UNION ALL
    -- Those whose sessions have not been judged.
    SELECT tenant, user_key, 'policy' AS reason, toDateTime64(0, 9, 'UTC') AS ts, '' AS event_id, '' AS action
    FROM user_events
    WHERE (tenant, user_key) IN named
    UNION ALL
    SELECT tenant, user_key, 'admin' AS reason, ts, event_id, toString(events.action) AS action
    FROM events
    WHERE activity = 'admin' AND outcome != 'failure' AND user_key NOT IN ('', target_user_key)
        AND NOT (source = 'cloudtrail' AND splitByChar(':', toString(events.action))[2] IN (
            'ChangePassword', 'PasswordRecoveryRequested', 'PasswordRecoveryCompleted', 'PasswordUpdated',
            'CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey', 'CreateVirtualMFADevice', 'EnableMFADevice',
            'ResyncMFADevice', 'DeactivateMFADevice', 'DeleteVirtualMFADevice', 'UploadSigningCertificate',
            'UpdateSigningCertificate', 'DeleteSigningCertificate', 'UploadSSHPublicKey', 'UpdateSSHPublicKey',
            'DeleteSSHPublicKey', 'CreateServiceSpecificCredential', 'UpdateServiceSpecificCredential',
            'ResetServiceSpecificCredential', 'DeleteServiceSpecificCredential'))
);
