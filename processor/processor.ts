import { createKeys } from '../schema/keys.js';
import type { Database } from '../schema/store/database.js';
import { count, type ProcessorCounters, ProcessorCounts } from './counters.js';
import { openAsnDatabase } from './enrich/asn-database.js';
import { openCountryDatabase } from './enrich/country-database.js';
import { createEnricher, type EnrichPolicy } from './enrich/enrich.js';
import { followNetworkLists } from './enrich/network-list-folder.js';
import { createGroupCommit, type GroupCommitLimits } from './export/group-commit.js';
import type { StoreHindrance } from './export/store-health.js';
import type { ForwardTarget } from './forward/forward-options.js';
import { createForwarder } from './forward/forwarder.js';
import { normalize } from './normalize/normalize.js';
import { createPipeline } from './pipeline.js';
import { startOtlpReceivers } from './receiver/otlp-receivers.js';
import type { ReceiverLimits, ReceiverLogger, RequestOutcome } from './receiver/receiver-options.js';

/** Where records go: events into a store, the records themselves on to the next receiver, or both; never nowhere. */
export type ProcessorOptions = ReceivingOptions &
  (
    | {
        /** Where events go; its migrations have run. */
        readonly database: Database;
        /** The secret that session, token and device keys are derived under. */
        readonly key: string | Uint8Array;
        /** Keeps records out for as long as it has a reason, such as a disk that is nearly full. */
        readonly hindrance?: StoreHindrance;
        readonly forward?: ForwardTarget;
      }
    | {
        readonly database?: undefined;
        /** Without it records leave without keys. */
        readonly key?: string | Uint8Array;
        readonly forward: ForwardTarget;
      }
  );

export interface ReceivingOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly otlpHttpPort: number;
  /** 0 takes any free port; without it nothing listens for OTLP over gRPC. */
  readonly otlpGrpcPort?: number;
  /** What a person sets to choose the ports, for the error that says that one is taken. */
  readonly portSettings?: { readonly otlpHttp: string; readonly otlpGrpc: string };
  /** Paths of MMDB files for countries and AS numbers; the bundled databases by default. */
  readonly geoDb?: string;
  readonly asnDb?: string;
  /** Path of a folder with lists of networks by class, which may change while they are used. */
  readonly networkLists?: string;
  /** What operators decided about devices and networks. */
  readonly policy?: EnrichPolicy;
  /** pino fits. */
  readonly logger: ReceiverLogger;
  /** Called once for each OTLP request, after it is answered. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  readonly limits?: {
    readonly receiver?: Partial<ReceiverLimits>;
    readonly writer?: Partial<GroupCommitLimits>;
  };
}

/** An OTLP request that was answered, and over what. */
export type AnsweredRequest =
  | ({ readonly transport: 'http' } & RequestOutcome<number>)
  | ({ readonly transport: 'grpc' } & RequestOutcome<string>);

/** The processor at work: it takes OTLP logs in, stores them as events and forwards them. */
export interface Processor {
  readonly otlpHttp: { readonly port: number; readonly url: string };
  /** Undefined without `otlpGrpcPort`. */
  readonly otlpGrpc: { readonly port: number; readonly url: string } | undefined;
  readonly counters: ProcessorCounters;
  /** False while the store, if there is one, is known not to take events; requests are then answered 503. */
  readonly canStore: boolean;
  /** Why, in words for a person; undefined while it can. */
  readonly cannotStoreBecause: string | undefined;
  /** False while the next receiver, if there is one, is left alone after a failure; requests are then answered 503. */
  readonly canForward: boolean;
  /** Stops listening, answers what is in flight, stores what it acknowledges, and ends. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the receivers, the pipeline, the writer and the forwarder.
 *
 * @throws PortInUseError if an OTLP port is taken
 * @throws AddressDatabaseError if a database of addresses cannot be read
 * @throws NetworkListError if lists of networks cannot be read or are wrong
 * @throws EmptySecretError if the key is empty
 * @throws ForwardOptionsError if records cannot be forwarded to where the options say
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  const { database, host, logger, forward, limits = {} } = options;
  const keys = options.key === undefined ? undefined : createKeys(options.key);
  const counters = new ProcessorCounts();
  const [country, asn] = [openCountryDatabase(options.geoDb), openAsnDatabase(options.asnDb)];
  const networkLists =
    options.networkLists === undefined
      ? undefined
      : followNetworkLists(options.networkLists, {
          onChange: (networks) => logger.info({ networks }, 'the network lists changed and are in force'),
          onError: ({ message }) =>
            logger.error({}, `${message}\nThose that were read before go on being used.`),
        });
  const enrich = createEnricher({
    ...given('keys', keys),
    country,
    asn,
    ...given('policy', options.policy),
    ...given('networkLists', networkLists),
  });
  const forwarder = forward && createForwarder({ ...forward, logger, counters: counters.forward });
  const writer =
    database &&
    createGroupCommit({
      database,
      logger,
      counters,
      ...given('limits', limits.writer),
      ...given('hindrance', options.hindrance),
    });
  const { otlpGrpcPort, portSettings } = options;
  const receivers = await startOtlpReceivers({
    host,
    accept: createPipeline({
      normalize,
      enrich,
      counters,
      ...given('keys', keys),
      ...given('writer', writer),
      ...given('forwarder', forwarder),
    }),
    logger,
    ...given('limits', limits.receiver),
    http: {
      port: options.otlpHttpPort,
      ...given('portSetting', portSettings?.otlpHttp),
      onRequest: (outcome) => {
        count(counters.requests, outcome.status);
        if (outcome.refused !== undefined) count(counters.refused, outcome.refused);
        options.onRequest?.({ transport: 'http', ...outcome });
      },
    },
    grpc:
      otlpGrpcPort === undefined
        ? undefined
        : {
            port: otlpGrpcPort,
            ...given('portSetting', portSettings?.otlpGrpc),
            onRequest: (outcome) => {
              count(counters.grpcRequests, outcome.status);
              if (outcome.refused !== undefined) count(counters.refused, outcome.refused);
              options.onRequest?.({ transport: 'grpc', ...outcome });
            },
          },
  }).catch(async (error) => {
    networkLists?.close();
    await Promise.all([writer?.close(), forwarder?.close()]);
    throw error;
  });
  const { http, grpc } = receivers;
  let closing: Promise<void> | undefined;
  return {
    otlpHttp: { port: http.port, url: http.url },
    otlpGrpc: grpc && { port: grpc.port, url: grpc.url },
    counters,
    get canStore() {
      return writer?.canStore ?? true;
    },
    get cannotStoreBecause() {
      return writer?.cannotStoreBecause;
    },
    get canForward() {
      return forwarder?.ready ?? true;
    },
    close: () => {
      closing ??= receivers.close().then(async () => {
        networkLists?.close();
        await writer?.close();
        await forwarder?.close();
      });
      return closing;
    },
  };
}

/** The property if it has a value: with exactOptionalPropertyTypes, absent and undefined differ. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
