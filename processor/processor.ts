import { createKeys } from '../schema/keys.js';
import type { Database } from '../schema/store/database.js';
import { count, type ProcessorCounters, ProcessorCounts } from './counters.js';
import { openAsnDatabase } from './enrich/asn-database.js';
import { openCountryDatabase } from './enrich/country-database.js';
import { createEnricher } from './enrich/enrich.js';
import { createGroupCommit, type GroupCommitLimits } from './export/group-commit.js';
import { normalize } from './normalize/normalize.js';
import { createPipeline } from './pipeline.js';
import { startOtlpHttpReceiver } from './receiver/http-server.js';
import type { ReceiverLimits, ReceiverLogger } from './receiver/receiver-options.js';

export interface ProcessorOptions {
  /** Where events go; its migrations have run. */
  readonly database: Database;
  /** The secret that session, token and device keys are derived under. */
  readonly key: string | Uint8Array;
  readonly host: string;
  /** 0 takes any free port. */
  readonly otlpHttpPort: number;
  /** Paths of MMDB files for countries and AS numbers; the bundled databases by default. */
  readonly geoDb?: string;
  readonly asnDb?: string;
  /** pino fits. */
  readonly logger: ReceiverLogger;
  readonly limits?: {
    readonly receiver?: Partial<ReceiverLimits>;
    readonly writer?: Partial<GroupCommitLimits>;
  };
}

/** The processor at work: it takes OTLP logs in and stores them as events. */
export interface Processor {
  readonly otlpHttp: { readonly port: number; readonly url: string };
  readonly counters: ProcessorCounters;
  /** False while the store is known not to take events; requests are then answered 503. */
  readonly canStore: boolean;
  /** Stops listening, answers what is in flight, stores what it acknowledges, and ends. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the receiver, the pipeline and the writer.
 *
 * @throws PortInUseError if the OTLP port is taken
 * @throws AddressDatabaseError if a database of addresses cannot be read
 * @throws EmptySecretError if the key is empty
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  const { database, host, logger, limits = {} } = options;
  const keys = createKeys(options.key);
  const counters = new ProcessorCounts();
  const enrich = createEnricher({
    keys,
    country: openCountryDatabase(options.geoDb),
    asn: openAsnDatabase(options.asnDb),
  });
  const writer = createGroupCommit({ database, logger, counters, ...given('limits', limits.writer) });
  const receiver = await startOtlpHttpReceiver({
    host,
    port: options.otlpHttpPort,
    accept: createPipeline({ normalize, enrich, writer, counters, keys }),
    logger,
    ...given('limits', limits.receiver),
    onRequest: ({ status }) => count(counters.requests, status),
  });
  let closing: Promise<void> | undefined;
  return {
    otlpHttp: { port: receiver.port, url: receiver.url },
    counters,
    get canStore() {
      return writer.canStore;
    },
    close: () => {
      closing ??= receiver.close().then(() => writer.close());
      return closing;
    },
  };
}

/** The property if it has a value: with exactOptionalPropertyTypes, absent and undefined differ. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
