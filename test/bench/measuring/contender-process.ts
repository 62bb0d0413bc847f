import type { ContenderModule } from './contenders.js';

// A contender's process: contender-process.ts MODULE CONTENDER INPUT; answers each message with a figure.

const [module = '', contender = '', input = ''] = process.argv.slice(2);
const { prepare } = (await import(module)) as ContenderModule;
const round = await prepare(contender, input);
process.on('message', async () => process.send?.(await round()));
