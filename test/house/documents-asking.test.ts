import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play } from '../demo/player.js';
import { readLabels, readSample } from '../demo/sample.js';
import { shifted, shiftTo } from '../demo/shift.js';
import {
  endAll,
  eventually,
  finished,
  pasted,
  type RunningService,
  startedService,
  temporaryFolder,
} from '../program.js';
import { blocks, commands, tableBelow } from './document.js';
import { root, sourceFiles } from './source-files.js';

/*
 * The documents for those who ask: what they show is asked of a service that has received the sample of the demo,
 * as they say.
 */

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its query asked for
  readonly data: any;
  readonly errors?: readonly { readonly message: string }[];
}

let service: RunningService;
let dataDir: string;
/** What a person who reads has at hand by then: by the names of the variables. */
let variables: Record<string, unknown>;

async function ask(query: string, given: object = {}): Promise<Answer> {
  const response = await fetch(`${service.apiUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: given }),
  });
  return (await response.json()) as Answer;
}

async function shown(path: string, query: string): Promise<Answer['data']> {
  const names = [...query.matchAll(/\$(\w+):/g)].map(([, name = '']) => name);
  const given = Object.fromEntries(
    names.filter((name) => name in variables).map((name) => [name, variables[name]]),
  );
  const { data, errors } = await ask(query, given);
  expect(errors, `${path}: ${query}`).toBeUndefined();
  return data;
}

beforeAll(async () => {
  dataDir = temporaryFolder();
  service = await startedService(dataDir);
  const [labels, sample] = await Promise.all([readLabels(), readSample()]);
  const by = shiftTo(Date.now(), labels.end);
  await play(
    sample.map((delivery) => shifted(delivery, by)),
    { otlpHttpUrl: service.otlpHttpUrl, signal: new AbortController().signal, onProgress: () => {} },
  );
  const open = '{ findings(filter: { states: [OPEN] }) { totalCount nodes { id version session { key } } } }';
  const isThere = async () => ((await ask(open)).data?.findings.totalCount ?? 0) >= labels.planted.length;
  expect(await eventually(isThere, 60_000)).toBe(true);
  const [finding] = (await ask(open)).data.findings.nodes;
  variables = {
    id: finding.id,
    ids: [finding.id],
    versions: [finding.version],
    key: finding.session.key,
  };
}, 120_000);
afterAll(endAll);

describe('docs/ask.md', () => {
  it('lists every ready-made query, with the variables that it takes', () => {
    const rows = tableBelow('docs/ask.md', 'Ready-made questions');
    const listed = rows.map(([, link = '', names = '']) => ({
      file: /\((.+)\)/.exec(link)?.[1]?.replace('../api/documents/', ''),
      names: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    }));
    const folder = join(root, 'api/documents');
    expect(listed.map(({ file }) => file).sort()).toEqual(readdirSync(folder).sort());
    for (const { file = '', names } of listed) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const name of names) expect(text, file).toMatch(new RegExp(`\\$${name}\\b`));
      expect(names.length > 0, file).toBe(text.includes('$'));
    }
  });

  it('names codes of errors that there are', () => {
    const rows = tableBelow('docs/ask.md', 'What is refused');
    const codes = rows.flatMap(([, answer = '']) =>
      [...answer.matchAll(/`([A-Z_]{6,})`/g)].map(([, code = '']) => code),
    );
    expect(codes.length).toBeGreaterThan(5);
    const sources = sourceFiles('.ts').filter(({ path }) => path.startsWith('api/'));
    expect(codes.filter((code) => !sources.some(({ text }) => text.includes(`'${code}'`)))).toEqual([]);
  });

  it('lists every view for reports, and none else', () => {
    const rows = tableBelow('docs/ask.md', 'In SQL');
    const views = readdirSync(join(root, 'schema/reports'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => name.replace('.sql', '').replaceAll('-', '_'));
    expect(rows.map(([view = '']) => view.replaceAll('`', '')).sort()).toEqual(views.sort());
  });

  it('says where to ask', async () => {
    const [curl = ''] = commands('docs/ask.md').filter((line) => line.startsWith('curl'));
    const { stdout } = await pasted(curl.replace('http://127.0.0.1:4000', service.apiUrl));
    expect(JSON.parse(stdout)).toEqual({
      data: { viewer: { name: 'local', roles: ['ADMIN'], tenant: 'default' } },
    });
  });

  it('shows queries that are answered', async () => {
    const [list, users, events, mutation, ...more] = blocks('docs/ask.md', 'graphql').map(({ text }) => text);
    expect(more).toEqual([]);
    const { findings } = await shown('docs/ask.md', list ?? '');
    expect(findings.totalCount).toBeGreaterThan(0);
    expect(findings.nodes[0]).toMatchObject({ id: expect.any(String), title: expect.any(String) });
    expect(await shown('docs/ask.md', users ?? '')).toMatchObject({
      users: { totalCount: expect.any(Number) },
    });
    expect(await shown('docs/ask.md', events ?? '')).toMatchObject({ events: { nodes: expect.any(Array) } });
    const { triageFindings } = await shown('docs/ask.md', mutation ?? '');
    expect(triageFindings).toMatchObject({ changed: 1, results: [{ finding: { state: 'RESOLVED' } }] });
    const again = await shown('docs/ask.md', mutation ?? '');
    expect(again.triageFindings.results).toMatchObject([{ id: variables['id'], actual: expect.any(Number) }]);
    const undo = 'mutation ($id: ID!) { undoTriage(input: { id: $id }) { __typename } }';
    expect(await shown('docs/ask.md', undo)).toEqual({ undoTriage: { __typename: 'UndoTriagePayload' } });
  });
});

describe('docs/understand.md', () => {
  it('shows queries that answer what it says', async () => {
    const [one, around, coverage, ...more] = blocks('docs/understand.md', 'graphql').map(({ text }) => text);
    expect(more).toEqual([]);
    const { finding } = await shown('docs/understand.md', one ?? '');
    expect(finding).toMatchObject({ verdict: 'UNVOUCHED', state: 'OPEN', provenance: { complete: false } });
    expect(finding.events.nodes.length).toBeGreaterThan(0);
    expect(finding.recommendedResponse.length).toBeGreaterThan(0);
    const { session } = await shown('docs/understand.md', around ?? '');
    expect(session.timeline.totalCount).toBeGreaterThan(0);
    expect(session.user.findings.totalCount).toBeGreaterThan(0);
    const asked = await shown('docs/understand.md', coverage ?? '');
    expect(asked.coverage.sources.length).toBeGreaterThan(0);
  });

  it('explains every verdict, state and resolution', () => {
    const text = readFileSync(join(root, 'docs/understand.md'), 'utf8');
    const schema = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
    for (const name of ['Verdict', 'FindingState', 'Resolution', 'Link', 'WithdrawnReason']) {
      const body = new RegExp(`^enum ${name} \\{\n(.*?)^\\}`, 'ms').exec(schema)?.[1] ?? '';
      const words = [...body.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, word = '']) => word);
      expect(words.length, name).toBeGreaterThan(2);
      expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
    }
  });
});

describe('the README', () => {
  it('shows a query that is answered', async () => {
    const [query = ''] = blocks('README.md', 'graphql').map(({ text }) => text);
    const { findings } = await shown('README.md', query);
    expect(findings.nodes).toEqual(expect.any(Array));
  });
});

describe('the SQL of the documents', () => {
  const statements = ['docs/ask.md', 'docs/understand.md'].flatMap((path) =>
    commands(path).filter((line) => line.startsWith('npm run sql')),
  );

  it.each(statements)('is answered: %s', async (line) => {
    const { code, stdout, stderr } = await finished(['sh', '-c', line], { VOUCHTRAIL_DATA_DIR: dataDir });
    expect(code, stderr).toBe(0);
    expect(stdout).not.toBe('');
  });
});
