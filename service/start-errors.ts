import { AddressDatabaseError } from '../processor/enrich/address-database-error.js';
import { NetworkListError } from '../processor/enrich/network-lists.js';
import { ForwardOptionsError } from '../processor/forward/forward-options.js';
import { CorrelationFileError } from '../schema/detection/correlation-file.js';
import { PolicyError } from '../schema/policy/policy.js';
import { EmbeddedStoreError } from '../schema/store/embedded/errors.js';
import { StoreError } from '../schema/store/errors.js';
import { KeyMismatchError } from '../schema/store/key-fingerprint.js';
import { MigrationError } from '../schema/store/migrate.js';
import { UnsupportedServerError } from '../schema/store/server-version.js';
import { KeyFileError } from './key-file.js';

/** Refused: whoever reaches the ports could send and read everything. */
export class HostNotLoopbackError extends Error {
  constructor(host: string) {
    super(
      `VOUCHTRAIL_HOST is ${JSON.stringify(host)}, which other machines may reach. Until authentication exists, ` +
        'only a loopback address is served: unset VOUCHTRAIL_HOST, or set it to 127.0.0.1, ::1 or localhost. To ' +
        'receive from other machines, run an OpenTelemetry Collector that authenticates its senders on this one.',
    );
    this.name = 'HostNotLoopbackError';
  }
}

/** Another program listens where this one should. */
export class PortBusyError extends Error {
  readonly setting: string;
  readonly port: number;

  constructor(setting: string, port: number, cause: Error) {
    super(
      `Port ${port} is in use by another program. Stop that one, or set ${setting} to another port (0 = any free one).`,
      { cause },
    );
    this.name = 'PortBusyError';
    this.setting = setting;
    this.port = port;
  }
}

/** The data folder cannot be made or written to. */
export class DataFolderError extends Error {
  constructor(dataDir: string, cause: NodeJS.ErrnoException) {
    super(
      `The data folder ${dataDir} cannot be used (${cause.code}). Set VOUCHTRAIL_DATA_DIR to a folder that this user ` +
        'may make and write to.',
      { cause },
    );
    this.name = 'DataFolderError';
  }
}

/** The store's tables are not those of this program, and VOUCHTRAIL_MIGRATE says to leave them. */
export class PendingMigrationsError extends Error {
  readonly pending: readonly string[];

  constructor(database: string, pending: readonly string[]) {
    super(
      `The database ${database} lacks ${pending.length} migrations (${pending.join(', ')}), and VOUCHTRAIL_MIGRATE ` +
        'is check. Run npm run migrate, or set VOUCHTRAIL_MIGRATE to auto.',
    );
    this.name = 'PendingMigrationsError';
    this.pending = pending;
  }
}

/** The start was given up because its signal asked for that. */
export class StartAbortedError extends Error {
  constructor() {
    super('The start was aborted.');
    this.name = 'StartAbortedError';
  }
}

const explained = [
  HostNotLoopbackError,
  DataFolderError,
  EmbeddedStoreError,
  StoreError,
  MigrationError,
  PendingMigrationsError,
  UnsupportedServerError,
  KeyMismatchError,
  KeyFileError,
  PolicyError,
  CorrelationFileError,
  AddressDatabaseError,
  NetworkListError,
  ForwardOptionsError,
  PortBusyError,
];

/** Whether an error of the start says by itself what was wrong and what to do, so that no stack is needed. */
export function isExplained(error: unknown): error is Error {
  return explained.some((kind) => error instanceof kind);
}
