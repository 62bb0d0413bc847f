import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from 'chdb';
import type { ChdbNodeEngine } from 'chdb/durable/node';
import { sqlString } from './quoting.js';

/** The embedded engine's package is not installed: it is optional, and absent on some platforms. */
export class EngineNotInstalledError extends Error {}

/** The engine on one data folder. Its connections share the data and nothing else. */
export interface Engine {
  readonly version: string;
  /** A new connection: about 0.1 ms. */
  connect(): Session;
  /** ClickHouse's own parser: how many statements a text holds and what they do. */
  readonly parser: ChdbNodeEngine;
  /**
   * A statement as ClickHouse's formatter writes it, on one line and without comments; it is not run.
   * Throws what the engine says of a text that it cannot parse.
   */
  format(text: string): Promise<string>;
  /** Closes the parser and waits until the engine has let go of the folder. Close the connections before. */
  close(): Promise<void>;
}

/** Acknowledged rows must outlive a power cut: the default of every table here, `SETTINGS` of one may undo it. */
const ENGINE_CONFIG = `<clickhouse>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
  </merge_tree>
</clickhouse>
`;

/**
 * Parameters travel as SET statements, so a long array of keys must fit into one statement's text; and a
 * lone expression is no statement on a server either.
 */
const CONNECTION_SETTINGS = ['--max_query_size=67108864', '--implicit_select=0'];

/**
 * Opens the engine on `<dataDir>/clickhouse`, creating it when missing.
 * Throws EngineNotInstalledError; any other error means that the engine could not open the folder.
 */
export async function openEngine(dataDir: string, memoryLimitBytes: number): Promise<Engine> {
  const { chdb, durable } = await loadEngine();
  const path = join(dataDir, 'clickhouse');
  const backups = join(dataDir, 'backups');
  for (const folder of [path, backups]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = join(dataDir, 'embedded-engine.xml');
  writeFileSync(configFile, ENGINE_CONFIG);
  const connectionArgs = [
    `--config-file=${configFile}`,
    `--max_server_memory_usage=${memoryLimitBytes}`,
    `--backups.allowed_path=${backups}/`,
    ...CONNECTION_SETTINGS,
  ];
  const connect = () => new chdb.Session(path, { connectionArgs });
  const first = connect();
  const parser = new durable.ChdbNodeEngine({ extraArgs: CONNECTION_SETTINGS });
  await parser.start({ dataPath: path, backupsAllowedPath: `${backups}/` });
  const version = (await first.queryAsync('SELECT version()', { format: 'TSV' })).text().trim();
  return {
    version,
    connect,
    parser,
    async format(text) {
      const query = `SELECT formatQuerySingleLine(${sqlString(text)})`;
      return (await first.queryAsync(query, { format: 'TSVRaw' })).text();
    },
    async close() {
      first.close();
      await chdb.drainPending();
      await parser.close();
    },
  };
}

async function loadEngine() {
  try {
    const [chdb, durable] = await Promise.all([import('chdb'), import('chdb/durable/node')]);
    return { chdb, durable };
  } catch (cause) {
    throw new EngineNotInstalledError(
      'The embedded store needs the optional package "chdb", which is not installed or not made for this platform (it runs on glibc Linux and macOS, x64 and arm64). Install it with "npm install chdb", or use a ClickHouse server by setting its URL.',
      { cause },
    );
  }
}
