import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../../config.js';
import { createLogger } from '../../logger.js';
import { isExplained, type Service, startService } from '../../service.js';
import { compare, differences, isAsPlanted } from '../demo/comparison.js';
import { byWeight } from '../demo/finding.js';
import { comparisonTable, findingsTable } from '../demo/findings-table.js';
import { play } from '../demo/player.js';
import { startProgress } from '../demo/progress.js';
import { type Labels, readLabels, readSample } from '../demo/sample.js';
import { settledFindings } from '../demo/settle.js';
import { shifted, shiftTo } from '../demo/shift.js';

// npm run demo: the whole service on a temporary store, a labelled sample through its OTLP port, what it finds.

const USAGE = `Usage: npm run demo             play the sample, show what is found, stay up until Ctrl-C
       npm run demo -- --exit   end instead: 0 if exactly what was planted was found, else 1
       npm run demo -- --help   this text

Starts the service on the embedded store in a temporary folder, which is removed at the end, with the ports of
VOUCHTRAIL_OTLP_HTTP_PORT (4318) and VOUCHTRAIL_API_PORT (4000), or free ones where those are busy. Sends the sample
of deploy/demo/, moved in time so that its last event is now, and prints findings beside what was planted.
`;

/** Two signals within this time are one wish: npm hands on what its whole process group got as well. */
const SAME_WISH_MS = 1000;

const terminal = process.stdout.isTTY === true;
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const end = endAskedFor();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouchtrail-demo-'));
  let service: Service | undefined;
  try {
    const config = demoConfig(dataDir);
    say('Starting Vouchtrail on a temporary store ...');
    service = await startService(config, {
      logger: createLogger('warn'),
      out: () => {},
      anyPortIfBusy: true,
      signal: end,
    });
    const asPlanted = await show(service, config, end);
    if (flags.exit) return asPlanted ? 0 : 1;
    await stayUp(service, end);
    return 0;
  } catch (error) {
    if (end.aborted) return flags.exit ? 1 : 0;
    const explained = error instanceof Error && (isExplained(error) || isOwn(error));
    console.error(explained ? error.message : error);
    return 1;
  } finally {
    await service?.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
