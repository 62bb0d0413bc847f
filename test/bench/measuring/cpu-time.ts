import { readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second for every program, whatever its kernel's clock is. */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of CPU, user and system, that a process has used with all its threads since it began.
 * @throws Error where there is no /proc (it is Linux's) or no such process.
 */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in parentheses, which may hold spaces; utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
