import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { normalize } from '../../../processor/normalize/normalize.js';
import { VENDORS } from '../../../processor/normalize/registry.js';
import type { Vendor } from '../../../processor/normalize/vendor.js';
import { checkInEveryForm, type Fixture } from './fixture.js';
import { logRecord } from './log-records.js';

const root = join(import.meta.dirname, '../../..');
const room = join(root, 'processor/normalize');
const folder = mkdtempSync(join(tmpdir(), 'documented-vendor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const document = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** The block of code that follows the path of its file. */
function blockAfter(path: string): string {
  const found = document.slice(document.indexOf(`\`${path}\`:`));
  return /```\w+\n(.*?)```/s.exec(found)?.[1] ?? '';
}

/** A module of the room, somewhere else: what it imports is found where it is, but for what lies beside it there. */
function writeModule(name: string, text: string, beside: readonly string[] = []): string {
  const path = join(folder, `${name}.ts`);
  const moved = text.replace(/from '(\.[^']+)\.js'/g, (_, specifier: string) => {
    const isBeside = beside.includes(specifier.slice(2));
    return `from '${isBeside ? join(folder, specifier) : resolve(room, specifier)}.ts'`;
  });
  writeFileSync(path, moved);
  return path;
}

async function registryWithExample(): Promise<readonly Vendor[]> {
  writeModule('acme', blockAfter('processor/normalize/acme.ts'));
  const line = blockAfter('processor/normalize/vendors.ts');
  writeModule('vendors', `${readFileSync(join(room, 'vendors.ts'), 'utf8')}${line}`, ['acme']);
  const registry = writeModule('registry', readFileSync(join(room, 'registry.ts'), 'utf8'), ['vendors']);
  return (await import(registry)).VENDORS;
}

describe('the vendor of CONTRIBUTING.md', () => {
  it('is one line in the registry', async () => {
    expect(blockAfter('processor/normalize/vendors.ts').trim().split('\n')).toHaveLength(1);
    const vendors = await registryWithExample();
    const sources = (list: readonly Vendor[]) => new Set(list.map(({ source }) => source));
    expect(sources(vendors)).toEqual(new Set([...sources(VENDORS), 'acme']));
    expect(vendors).toHaveLength(VENDORS.length + 1);
  });

  it('reads its fixture in every form that collectors deliver', async () => {
    const text = blockAfter('test/processor/normalize/fixtures/acme/sign-in.json');
    const fixture: Fixture = JSON.parse(text);
    const vendors = await registryWithExample();
    checkInEveryForm(fixture, vendors);
    const context = { receivedAt: Date.parse('2026-03-02T10:00:00Z') };
    const { failures } = normalize(logRecord({ body: '{"acme_event":"login"}' }), context, vendors);
    expect(failures).toMatchObject([{ source: 'acme', path: 'body.id' }]);
    const without = normalize(logRecord({ body: JSON.stringify(fixture.body) }), context);
    expect(without).toEqual({ events: [], failures: [], unrecognised: 1 });
  });
});
