import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { endAll, run, startedService, temporaryFolder, throughNode } from '../program.js';
import { KillRounds, type Victim } from './kill-rounds.js';

afterEach(endAll);

const ROUNDS: readonly Victim[] = [
  ...['child', 'program', 'both', 'child', 'program', 'child', 'both', 'program', 'child', 'both'],
  ...['program', 'child', 'both', 'child', 'program', 'child', 'both', 'program', 'child', 'both'],
] as Victim[];

it('after kill -9 of the program, the child or both, twenty times under load, what was acknowledged is there once', {
  timeout: 300_000,
}, async () => {
  const rounds = await KillRounds.on(temporaryFolder());
  for (const [index, victim] of ROUNDS.entries()) {
    // Never at the same moment of an insert.
    const { faults, ...round } = await rounds.round(victim, 60 + ((index * 137) % 400));
    expect(faults, `round ${index + 1}: ${JSON.stringify(round)}`).toEqual([]);
    expect(round.acknowledged).toBeGreaterThan(0);
  }
  expect(await rounds.faults()).toEqual([]);
  await rounds.close();
});

it('a program that is killed while it starts leaves nothing that keeps the next one from starting', async () => {
  const dataDir = temporaryFolder();
  for (const afterMs of [300, 700, 1_100, 1_600]) {
    const starting = run(throughNode, {
      VOUCHTRAIL_DATA_DIR: dataDir,
      VOUCHTRAIL_API_PORT: '0',
      VOUCHTRAIL_OTLP_HTTP_PORT: '0',
      VOUCHTRAIL_OTLP_GRPC_PORT: '0',
    });
    await delay(afterMs);
    starting.process.kill('SIGKILL');
    await starting.ended;
  }
  const service = await startedService(dataDir);
  service.process.kill('SIGTERM');
  expect(await service.ended).toEqual({ code: 0, signal: null });
});
