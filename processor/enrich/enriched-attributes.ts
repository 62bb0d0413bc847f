import type { Event } from '../../schema/event.js';

/**
 * What is known of an event, as OpenTelemetry attributes to append to the log record that it came from: OTel's
 * names where there are any, `vouchtrail.*` otherwise. What is unknown is left out; so are the keys of an event that
 * was enriched without a secret.
 */
export function enrichedAttributes(event: Event): Record<string, string | number | string[]> {
  const attributes: Record<string, string | number | string[]> = {};
  const add = (name: string, value: string | number): void => {
    if (value !== '' && value !== 0) attributes[name] = value;
  };
  add('log.record.uid', event.vendor_event_id);
  add('client.as.number', event.asn);
  add('client.as.organization', event.as_organization);
  add('geo.country.iso_code', event.country);
  add('user_agent.name', event.browser);
  add('user_agent.version', event.browser_version);
  add('user_agent.os.name', event.os);
  add('vouchtrail.source', event.source);
  add('vouchtrail.activity', event.activity);
  add('vouchtrail.outcome', event.outcome);
  add('vouchtrail.evidence', event.evidence);
  if (event.amr.length > 0) attributes['vouchtrail.amr'] = [...event.amr];
  add('vouchtrail.assurance.level', event.assurance_level);
  add('vouchtrail.session.key', event.session_key);
  add('vouchtrail.token.key', event.token_key);
  add('vouchtrail.device.key', event.device_key);
  add('vouchtrail.application.id', event.application_id);
  add('vouchtrail.application.name', event.application_name);
  add('vouchtrail.network.class', event.network_class === 'unknown' ? '' : event.network_class);
  add('vouchtrail.vendor.event.type', event.vendor_event_type);
  add('vouchtrail.vendor.event.id', event.vendor_event_id);
  return attributes;
}
