import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PolicyError, readPolicy } from '../../schema/policy/policy.js';
import { applyPolicy } from '../../schema/policy/policy-store.js';
import { isExplained } from '../../service/service.js';
import { finished, send, temporaryFolder, throughNode } from '../program.js';
import { closeServices, configOf, failure, started } from './service-fixture.js';

afterEach(closeServices);

function policyFile(yaml: string): string {
  const path = join(temporaryFolder(), 'policy.yaml');
  writeFileSync(path, yaml);
  return path;
}

const corporate = `
devices: { strong: true }
networks: { corporate: [198.51.100.0/24] }
complete: [{ source: otel }]
`;

const access = (user: string) => ({
  timeUnixNano: `${Date.now()}000000`,
  eventName: 'app.access',
  attributes: Object.entries({
    'session.id': `session of ${user}`,
    'user.name': user,
    'client.address': '198.51.100.7',
    'device.id': 'laptop 7',
  }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
});

const policies = 'SELECT author, hash, document FROM policies ORDER BY applied_at';
const enriched =
  "SELECT network_class, device_key != '' AS has_device FROM events WHERE user_name = {user:String}";

describe('the policy file', () => {
  it('is applied at start, once, and decides what is known of networks and devices', async () => {
    const config = configOf({ VOUCHTRAIL_POLICY: policyFile(corporate) });
    const first = await started(config);
    await send(first.otlpHttpUrl ?? '', [access('ada')]);
    const events = await first.database?.query(enriched, { user: 'ada' });
    expect(events?.rows).toEqual([{ network_class: 'corporate', has_device: 1 }]);
    await first.close();

    const second = await started(config);
    const applied = await second.database?.query(policies);
    expect(applied?.rows).toEqual([
      { author: 'file', hash: expect.stringMatching(/^[0-9a-f]{64}$/), document: corporate },
    ]);
  });

  it('stays in force after it is gone', async () => {
    const withFile = configOf({ VOUCHTRAIL_POLICY: policyFile(corporate) });
    const first = await started(withFile);
    await first.close();
    const second = await started(configOf({ VOUCHTRAIL_DATA_DIR: withFile.dataDir }));
    await send(second.otlpHttpUrl ?? '', [access('bob')]);
    const events = await second.database?.query(enriched, { user: 'bob' });
    expect(events?.rows).toEqual([{ network_class: 'corporate', has_device: 1 }]);
  });

  it('does not undo what was applied by others since, and says so', async () => {
    const config = configOf({ VOUCHTRAIL_POLICY: policyFile(corporate) });
    const first = await started(config);
    const other = readPolicy('privileged: { users: [root@example.com] }', 'test');
    if (first.database !== undefined) await applyPolicy(first.database, other, 'ops', Date.now());
    await first.close();

    const second = await started(config);
    expect(second.log.filter((line) => line.includes('another policy since'))).toHaveLength(1);
    await send(second.otlpHttpUrl ?? '', [access('eve')]);
    const events = await second.database?.query(enriched, { user: 'eve' });
    expect(events?.rows).toEqual([{ network_class: expect.not.stringMatching('corporate'), has_device: 0 }]);
  });

  it('refuses the start with every problem where it is wrong', async () => {
    const path = policyFile('devices: { strong: maybe }\ncomplete:\n  - source: nobody\n');
    const error = await failure(started(configOf({ VOUCHTRAIL_POLICY: path })));
    expect(error).toBeInstanceOf(PolicyError);
    expect(isExplained(error)).toBe(true);
    expect((error as PolicyError).problems).toHaveLength(2);
    expect(String(error)).toMatch(/line 1: devices\.strong: .*boolean/);
    expect(String(error)).toMatch(/line 3: complete\.0\.source: .*cloudtrail/);
  });

  it('counts without a store as well', async () => {
    const config = configOf({
      VOUCHTRAIL_STORE: 'off',
      VOUCHTRAIL_FORWARD_OTLP: 'http://127.0.0.1:9',
      VOUCHTRAIL_POLICY: policyFile('networks: { corporate: [nowhere] }'),
    });
    expect(await failure(started(config))).toBeInstanceOf(PolicyError);
  });

  it('is shown by --print-config: the one in force while a store runs, and the file’s', async () => {
    const path = policyFile(corporate);
    const config = configOf({ VOUCHTRAIL_POLICY: path });
    const { hash } = readPolicy(corporate, path);
    const environment = { VOUCHTRAIL_DATA_DIR: config.dataDir, VOUCHTRAIL_POLICY: path };
    const print = async () => (await finished([...throughNode, '--print-config'], environment)).stdout;
    const before = await print();
    expect(before).toContain('policy in force: unknown, since no store runs');
    expect(before).toContain(`policy file: ${path}, hash ${hash}, tenant default`);
    await started(config);
    expect(await print()).toMatch(new RegExp(`policy in force: hash ${hash}, by file, since 20\\d\\d-`));
    writeFileSync(path, 'devices: 1');
    expect(await print()).toContain('line 1: devices');
  });
});
