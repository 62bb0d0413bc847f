/** The embedded store could not be started. */
export class EmbeddedStoreError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** Another process has the data folder open; only one can. */
export class DataFolderInUseError extends EmbeddedStoreError {
  readonly dataDir: string;
  /** The process that has it open, where that is known. */
  readonly pid: number | undefined;

  constructor(dataDir: string, pid: number | undefined) {
    const who = pid === undefined ? 'another process' : `process ${pid}`;
    super(
      `The data folder ${dataDir} is in use by ${who}. Stop the instance that runs on it, or give this one another folder.`,
    );
    this.dataDir = dataDir;
    this.pid = pid;
  }
}

/** The optional package with the embedded engine is missing. */
export class EngineMissingError extends EmbeddedStoreError {}
