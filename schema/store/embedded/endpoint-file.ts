import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the embedded store of a data folder answers, and the user that may read there. */
export interface EmbeddedEndpoint {
  readonly url: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** The child that serves. */
  readonly pid: number;
  /** The program that started it. */
  readonly parentPid: number;
}

const FILE = 'embedded-endpoint.json';

function isEndpoint(value: unknown): value is EmbeddedEndpoint {
  const found = value as Partial<Record<keyof EmbeddedEndpoint, unknown>> | null;
  return (
    typeof found === 'object' &&
    found !== null &&
    [found.url, found.database, found.username, found.password].every((text) => typeof text === 'string') &&
    [found.pid, found.parentPid].every((pid) => Number.isInteger(pid))
  );
}

/** Whether a process with this id runs. */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes the file for the owner's eyes alone, in one step. */
export async function writeEndpointFile(dataDir: string, endpoint: EmbeddedEndpoint): Promise<void> {
  const path = join(dataDir, FILE);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(endpoint, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

export async function removeEndpointFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, FILE), { force: true });
}

/** The file as it stands, whoever wrote it; undefined when it is missing or no such file. */
async function readEndpointFile(dataDir: string): Promise<EmbeddedEndpoint | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(join(dataDir, FILE), 'utf8'));
    return isEndpoint(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The endpoint of the service that runs on a data folder; undefined when none does. A file that a killed
 * service left is not believed: its process must run and its port must know the password.
 */
export async function readEmbeddedEndpoint(dataDir: string): Promise<EmbeddedEndpoint | undefined> {
  const endpoint = await readEndpointFile(dataDir);
  if (!endpoint || !processRuns(endpoint.pid)) return undefined;
  try {
    const response = await fetch(`${endpoint.url}/?query=SELECT%201`, {
      headers: { 'X-ClickHouse-User': endpoint.username, 'X-ClickHouse-Key': endpoint.password },
      signal: AbortSignal.timeout(3_000),
    });
    return (await response.text()) === '1\n' ? endpoint : undefined;
  } catch {
    return undefined;
  }
}
