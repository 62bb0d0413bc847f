import type { Activity } from '../../../schema/words.js';

/** Event types whose activity no rule below tells. Source: Okta's catalogue of event types (1,178 in 2026). */
const TYPES: Readonly<Record<string, Activity>> = {
  'user.session.start': 'sign_in',
  'user.session.end': 'session_end',
  'user.session.expire': 'session_end',
  'user.authentication.slo': 'session_end',
  'user.session.clear': 'session_revoke',
  'user.authentication.universal_logout': 'session_revoke',
  // The wish to log somebody out everywhere; the event above follows when it is done.
  'user.authentication.universal_logout.scheduled': 'admin',
  'user.device_session.start': 'session_start',
  'user.device_session.end': 'session_end',
  'user.mfa.promote_enrollment': 'other',

  'user.authentication.auth': 'credential_validation',
  'user.authentication.verify': 'credential_validation',
  'user.authentication.auth_via_mfa': 'mfa_success',
  'user.mfa.okta_verify': 'mfa_success',
  'user.mfa.attempt_bypass': 'mfa_success',
  'user.mfa.okta_verify.deny_push': 'mfa_failure',
  'user.mfa.okta_verify.deny_push_upgrade_needed': 'mfa_failure',
  'app.oauth2.invalid_client_credentials': 'credential_validation',
  'app.inbound_del_auth.login_success': 'credential_validation',
  'app.kerberos_rich_client.user_authentication_successful': 'credential_validation',
  'device.platform_sso.authentication': 'credential_validation',
  'device.password_sync.authentication': 'credential_validation',
  'system.iwa_agentless.auth': 'credential_validation',
  'system.ldapi.bind': 'credential_validation',
  'system.push.send_factor_verify_push': 'mfa_challenge',
  'device.custom_push.send_notification': 'mfa_challenge',
  'system.sms.send_factor_verify_message': 'mfa_challenge',
  'system.voice.send_mfa_challenge_call': 'mfa_challenge',
  'system.email.send_factor_verify_message': 'mfa_challenge',

  'user.authentication.sso': 'access',
  'user.session.access_admin_app': 'access',
  'app.oauth2.signon': 'access',
  'app.generic.unauth_app_access_attempt': 'access',

  'user.session.context.change': 'risk',
  'user.account.report_suspicious_activity_by_enduser': 'risk',
  'device.signals.status.timeout': 'risk',
  'security.breached_credential.detected': 'risk',
  'security.events.provider.receive_event': 'risk',
  'security.request.blocked': 'risk',
  'security.session.detect_client_roaming': 'risk',
  'security.threat.detected': 'risk',
  'system.api_token.request_outside_allowed_range': 'risk',
  'system.oauth2.token.request_outside_allowed_range': 'risk',

  'application.policy.sign_on.deny_access': 'policy',
  'policy.execute.user.start': 'policy',
  'security.protected_action.attempt': 'policy',
  // Okta's own reaction to failed passwords: nobody administers.
  'user.account.lock': 'policy',
  'user.account.lock.limit': 'policy',
  'user.account.unlock_failure': 'policy',
};

/** First match wins. */
const RULES: readonly (readonly [pattern: RegExp, activity: Activity])[] = [
  [/^user\.authentication\.auth_via_/, 'credential_validation'],
  [/\.detect_reuse$|^app\.token\.reuse$/, 'access'],
  [/^app\.oauth2\.(?:as\.)?token\.grant(?:\.|$)/, 'token_issue'],
  [/^app\.oauth2\.(?:as\.)?authorize\.implicit\./, 'token_issue'],
  [/^app\.oauth2\.(?:as\.)?authorize(?:\.code)?$/, 'access'],
  [/^app\.oauth2\.(?:as\.)?token\.revoke(?:\.|$)/, 'session_revoke'],
  [/^(?:user\.session\.impersonation|user\.lifecycle|app\.oauth2\.(?:as\.)?consent)\./, 'admin'],
  [/^pam\.(?:.+\.reveal|resource\.checkout|server\.ssh_login)$/, 'access'],
  [/^(?:policy\.(?:auth_reevaluate|continuous_access|entity_risk)|user\.risk|security\.attack)\./, 'risk'],
  [/^policy\.evaluate/, 'policy'],
];

/** Parts of Okta that run by themselves: imports, provisioning, mails, limits. Their writes are nobody's deed. */
const MACHINERY =
  /^(?:system\.(?:import|agent|email|sms|voice|push|iwa|ldapi|org\.rate|client|operation|csv|identity_sources)|app\.(?:ad|ldap|office365|realtimesync|user_management|rum)|application\.(?:provision|integration|cache|appuser)|mim|plugin|core|directory)\b/;

/** How the types of changes end: `user.mfa.factor.reset_all`, `zone.update`, `user.account.update_primary_email`. */
const CHANGE =
  /[._](?:activated?|add|approve|assign|authorize|bind|bindings|change|clear|conditions|created?|deactivated?|deleted?|deny|deprovision|disabled?|download|enabled?|enroll|expire|export|extend|failover|generate|grant|initiate|invalidate|issue|make|overwrite|permissions|promote|provide|provision|reactivate|read_client_secret|register|remove|renew|reset|resources|restore|resolve|revoked?|rollover|rotate|show_password|suspend|unlock|unsuspend|updated?|upload)(?:_[a-z_]+)?$/;

/** Types come again, and most pass all the rules; a sender of made-up ones must not fill memory. */
const known = new Map<string, Activity>();
const MAX_KNOWN = 4096;

/** The activity of an event type when it went well; `other` for types that are not about identity, or new. */
export function activityOfType(eventType: string): Activity {
  const before = known.get(eventType);
  if (before !== undefined) return before;
  const activity = judgedActivity(eventType);
  if (eventType.length <= 128) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(eventType, activity);
  }
  return activity;
}

function judgedActivity(eventType: string): Activity {
  // Own properties only: the type is a sender's text, and may be `constructor`.
  if (Object.hasOwn(TYPES, eventType)) return TYPES[eventType] ?? 'other';
  const rule = RULES.find(([pattern]) => pattern.test(eventType));
  if (rule !== undefined) return rule[1];
  return CHANGE.test(eventType) && !MACHINERY.test(eventType) ? 'admin' : 'other';
}
