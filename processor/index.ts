/** What an application imports as `vouchtrail`. The service is not part of it. */

export type { Activity, EvidenceGrade, NetworkClass, Outcome, Source } from '../schema/words.js';
export { AddressDatabaseError } from './enrich/address-database-error.js';
export { CorporateNetworkError } from './enrich/address-facts.js';
export type { EnrichPolicy } from './enrich/enrich.js';
export type {
  EmittedLogRecord,
  EmittedResource,
  EmittedScope,
  EmittedTime,
} from './in-process/emitted-log-record.js';
export { type DropReason, EventsNotStoredError } from './in-process/lost-events.js';
export { ProcessorOptionError } from './in-process/processor-option-error.js';
export type {
  AddressDatabasePaths,
  SessionLogRecordProcessorCounters,
  SessionLogRecordProcessorOptions,
} from './in-process/processor-options.js';
export type { SessionStoreOptions, StoreQueueLimits } from './in-process/store-options.js';
export { SessionLogRecordProcessor } from './session-log-record-processor.js';
