/** Two signals within this time are one wish: npm hands on what its whole process group got as well. */
const SAME_WISH_MS = 1000;

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, or when nobody reads standard output any more (`| head`); a signal
 * that comes a second later ends the process at once with 1.
 */
export function endAskedFor(): AbortSignal {
  const end = new AbortController();
  let askedAt = 0;
  const ask = (): void => {
    if (end.signal.aborted) {
      if (performance.now() - askedAt > SAME_WISH_MS) process.exit(1);
      return;
    }
    askedAt = performance.now();
    process.stderr.write('\nEnding: draining, then removing the temporary folder ...\n');
    end.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  process.stdout.on('error', ask);
  return end.signal;
}
