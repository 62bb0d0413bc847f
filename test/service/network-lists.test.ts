import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NetworkListError } from '../../processor/enrich/network-lists.js';
import { startOtlpHttpReceiver } from '../../processor/receiver/http-server.js';
import type { LogRecord } from '../../processor/receiver/log-record.js';
import { isExplained, startService } from '../../service/service.js';
import { silentLogger } from '../processor/export/silent-logger.js';
import { send, temporaryFolder } from '../program.js';
import { closeServices, configOf, failure, listening, started, toBeClosed } from './service-fixture.js';

afterEach(closeServices);

function listFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A service without a store, with these lists, in front of a receiver that keeps what it gets. */
async function stageWith(files: Readonly<Record<string, string>>) {
  const records: LogRecord[] = [];
  const next = await startOtlpHttpReceiver({
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    accept: async (batch) => {
      records.push(...batch.records);
      return { rejected: 0 };
    },
  });
  toBeClosed(() => next.close());
  const config = configOf({
    VOUCHTRAIL_STORE: 'off',
    VOUCHTRAIL_FORWARD_OTLP: next.url,
    VOUCHTRAIL_NETWORK_LISTS: listFolder(files),
  });
  return { config, records };
}

const accessFrom = (address: string) => ({
  timeUnixNano: `${Date.now()}000000`,
  eventName: 'app.access',
  attributes: Object.entries({ 'session.id': 'one', 'user.name': 'ada', 'client.address': address }).map(
    ([key, stringValue]) => ({ key, value: { stringValue } }),
  ),
});

describe('the lists of networks', () => {
  it('decide what is known of an address, where they hold it', async () => {
    const { config, records } = await stageWith({ 'corporate.txt': '8.8.8.0/24\n', 'tor.txt': '8.8.8.8\n' });
    const service = await started(config);
    await send(service.otlpHttpUrl ?? '', ['8.8.8.9', '8.8.8.8', '8.8.4.4'].map(accessFrom));
    const classes = records.map(({ attributes }) => attributes['vouchtrail.network.class']);
    expect(classes).toEqual(['corporate', 'tor', 'cloud']);
  });

  it('that are wrong end the start, with file, line and what is allowed', async () => {
    const { config } = await stageWith({ 'vpn.txt': '8.8.8.0/24\n8.8.8.8/24\n' });
    const error = await failure(startService(config, listening().surroundings));
    expect(error).toBeInstanceOf(NetworkListError);
    expect(isExplained(error)).toBe(true);
    expect((error as Error).message).toContain(
      "vpn.txt line 2: '8.8.8.8/24' is an address inside a network: write 8.8.8.0/24",
    );
  });
});
