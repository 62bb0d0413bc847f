import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  accessRecord,
  anyPorts,
  endAll,
  eventually,
  finished,
  groupRuns,
  isRunning,
  run,
  send,
  startedService,
  storePid,
  temporaryFolder,
  throughNode,
  throughNpm,
} from './program.js';

afterEach(endAll);

describe('the end of the service', () => {
  const ways: [string, string[], 'process' | 'group', NodeJS.Signals][] = [
    ['SIGTERM to the program', throughNode, 'process', 'SIGTERM'],
    ['SIGTERM to npm', throughNpm, 'process', 'SIGTERM'],
    ['SIGTERM to the whole group', throughNpm, 'group', 'SIGTERM'],
    ['Ctrl-C, which is SIGINT to the whole group', throughNpm, 'group', 'SIGINT'],
  ];
  it.each(ways)(
    'after %s: stored, drained, exit code 0 and no process left',
    async (_way, command, to, signal) => {
      const dataDir = temporaryFolder();
      const service = await startedService(dataDir, {}, command);
      const store = storePid(dataDir);
      const { pid = 0 } = service.process;
      const answer = send(service.otlpHttpUrl, [accessRecord('last')]).catch(() => 'refused');
      await delay(5);
      process.kill(to === 'group' ? -pid : pid, signal);
      expect(await service.ended).toEqual({ code: 0, signal: null });
      expect(await answer.catch(() => 'refused')).toSatisfy(
        (outcome) => outcome === 200 || outcome === 'refused',
      );
      expect(groupRuns(pid)).toBe(false);
      expect(isRunning(store)).toBe(false);
    },
  );

  it('loses nothing that was acknowledged while it drained', async () => {
    const dataDir = temporaryFolder();
    const first = await startedService(dataDir);
    const names = Array.from({ length: 20 }, (_, index) => `late-${index}`);
    const answers = names.map((name) => send(first.otlpHttpUrl, [accessRecord(name)]).catch(() => 'refused'));
    await delay(20);
    first.process.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const statuses = await Promise.all(answers);
    const acknowledged = names.filter((_, index) => statuses[index] === 200);
    expect(acknowledged.length).toBeGreaterThan(0);

    await startedService(dataDir);
    const statement =
      "SELECT DISTINCT replaceOne(user_name, '@example.com', '') FROM report_events FORMAT TSV";
    const { stdout } = await finished([...throughNode, 'sql', statement], { VOUCHTRAIL_DATA_DIR: dataDir });
    expect(stdout.trim().split('\n')).toEqual(expect.arrayContaining(acknowledged));
  });

  it('comes at once with 1 at a second signal', async () => {
    const dataDir = temporaryFolder();
    const service = await startedService(dataDir);
    const store = storePid(dataDir);
    // A store that does not react: the drain waits for it.
    process.kill(store, 'SIGSTOP');
    service.process.kill('SIGTERM');
    await delay(1_500);
    expect(service.process.exitCode).toBe(null);
    service.process.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    process.kill(store, 'SIGCONT');
    expect(await eventually(() => !isRunning(store))).toBe(true);
  });

  it('can be asked for while it still starts', async () => {
    const dataDir = temporaryFolder();
    const service = run(throughNode, { VOUCHTRAIL_DATA_DIR: dataDir, ...anyPorts });
    expect(await eventually(() => existsSync(join(dataDir, 'embedded-endpoint.json')))).toBe(true);
    service.process.kill('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(groupRuns(service.process.pid ?? 0)).toBe(false);
  });
});
