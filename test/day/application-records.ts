import { address } from '../../deploy/demo/story/networks.js';
import type { Desk, Person } from '../../deploy/demo/story/people.js';
import type { LogOrigin, OtlpLogRecord } from '../demo/sample.js';

/** An application that logs by OpenTelemetry's names. */
export const applicationOrigin = (name: string): LogOrigin => ({
  resource: { attributes: [text('service.name', name)] },
  scope: { name: `${name}.http` },
});

/** A page that was served to a session, which its user opened at a desk. */
export interface Page {
  readonly at: number;
  readonly session: string;
  readonly person: Person;
  readonly desk: Desk;
  readonly path: string;
}

/** The record of a page, with an id of its own: it is one record whichever way and however often it comes. */
export function served({ at, session, person, desk, path }: Page): OtlpLogRecord {
  return {
    timeUnixNano: `${at}000000`,
    observedTimeUnixNano: `${at + 200}000000`,
    attributes: [
      text('event.name', 'app.access'),
      text('log.record.uid', `${session} ${at} ${path}`),
      text('session.id', session),
      text('user.name', person.email),
      text('client.address', address(desk.network, desk.host)),
      text('user_agent.original', desk.userAgent),
      text('http.request.method', 'GET'),
      text('url.path', path),
    ],
  };
}

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}
