/** Statements that read events. */
export {
  type EventRecordsRow as EventRecordRow,
  eventRecords,
} from '../../schema/queries/event-records.sql.js';
export { events as eventList } from '../../schema/queries/events.sql.js';
export { type EventsByKeyRow as EventRow, eventsByKey } from '../../schema/queries/events-by-key.sql.js';
export { eventsOfFindings } from '../../schema/queries/events-of-findings.sql.js';
export { eventsOfSessions } from '../../schema/queries/events-of-sessions.sql.js';
export { evidenceTimes } from '../../schema/queries/evidence-times.sql.js';
export { newestEvent } from '../../schema/queries/newest-event.sql.js';
