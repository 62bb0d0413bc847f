import { setTimeout as delay } from 'node:timers/promises';
import { getContainerRuntimeClient } from 'testcontainers';

/** A daemon at the end of a dead connection says nothing for minutes. */
const PATIENCE_MS = 15_000;

/**
 * Whether a Docker daemon answers over its own socket or DOCKER_HOST: a `docker` command may be installed where no
 * daemon runs.
 *
 * @param ask resolves when a daemon has said who it is, rejects when there is none
 */
export async function dockerAnswers(
  ask: () => Promise<unknown> = getContainerRuntimeClient,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  const answered = new AbortController();
  const { signal } = answered;
  const answer = ask().then(
    () => true,
    () => false,
  );
  const silence = delay(patienceMs, false, { signal }).catch(() => false);
  try {
    return await Promise.race([answer, silence]);
  } finally {
    answered.abort();
  }
}
