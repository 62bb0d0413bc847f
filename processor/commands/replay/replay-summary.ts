/** What is wrong in a file, with the place; bounded. */
export interface Faults {
  readonly faults: string[];
  moreFaults: number;
}

/** What became of one file's records. */
export interface FileSummary extends Faults {
  readonly path: string;
  /** Records that the service has and understood. */
  accepted: number;
  /** Records that the service has and that are not about identity: it does not store them. */
  unrecognised: number;
  /** Records that the service refused for good or could not understand, and lines that are no records. */
  rejected: number;
  /** Records that were read but never delivered. */
  undelivered: number;
}

export interface ReplaySummary {
  readonly files: readonly FileSummary[];
  /** Why the replay ended early, if it did. */
  readonly gaveUp?: string;
}

const MOST_FAULTS = 20;

export function newFileSummary(path: string): FileSummary {
  return { path, accepted: 0, unrecognised: 0, rejected: 0, undelivered: 0, faults: [], moreFaults: 0 };
}

/** Keeps the first faults of a file and counts the others. */
export function addFault(file: Faults, fault: string): void {
  if (file.faults.length < MOST_FAULTS) file.faults.push(fault);
  else file.moreFaults += 1;
}

/** True if every record was delivered and none was rejected. */
export function isComplete({ files, gaveUp }: ReplaySummary): boolean {
  return gaveUp === undefined && files.every((file) => file.faults.length === 0 && file.rejected === 0);
}

/** The summary as it is printed: the faults, a line a file, the totals. */
export function summaryText({ files, gaveUp }: ReplaySummary): string {
  const faults = files.flatMap(faultLines);
  const total = newFileSummary(files.length === 1 ? '1 file' : `${files.length} files`);
  for (const file of files) {
    total.accepted += file.accepted;
    total.unrecognised += file.unrecognised;
    total.rejected += file.rejected;
    total.undelivered += file.undelivered;
  }
  const table = [HEAD, ...files.map(line), line(total)];
  const undelivered = total.undelivered > 0 ? [`${total.undelivered} records were not delivered.`] : [];
  const end = gaveUp === undefined ? [] : [`The replay ended early: ${gaveUp}`];
  return `${[...faults, ...table, ...undelivered, ...end].join('\n')}\n`;
}

/** What is wrong in a file, a line each. */
export function faultLines({ path, faults, moreFaults }: Faults & { readonly path: string }): string[] {
  const more = moreFaults > 0 ? [`${path}: and ${moreFaults} faults more`] : [];
  return [...faults.map((fault) => `${path}:${fault}`), ...more];
}

const HEAD = row('accepted', 'unrecognised', 'rejected', 'file');

function line({ accepted, unrecognised, rejected, path }: FileSummary): string {
  return row(String(accepted), String(unrecognised), String(rejected), path);
}

function row(accepted: string, unrecognised: string, rejected: string, file: string): string {
  return `${accepted.padStart(10)} ${unrecognised.padStart(13)} ${rejected.padStart(9)}  ${file}`;
}
