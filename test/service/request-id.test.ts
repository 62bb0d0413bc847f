import { afterEach, describe, expect, it } from 'vitest';
import { closeServices, configOf, externalStore, started } from './service-fixture.js';

afterEach(closeServices);

interface Line {
  msg: string;
  request?: string;
}

const linesOf = (log: readonly string[]): Line[] => log.map((line) => JSON.parse(line) as Line);

function ask(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ findings { nodes { id } } }' }),
  });
}

describe('the id of a request', () => {
  it('is the caller’s or a new one, goes back to the caller, and is on the lines that are logged in it', async () => {
    const { store, environment } = await externalStore();
    const service = await started(configOf({ ...environment, VOUCHTRAIL_ROLES: 'api' }));
    await store.stop();
    const [mine, theirs] = await Promise.all([
      ask(service.apiUrl ?? '', { 'x-request-id': 'my-own:1' }),
      ask(service.apiUrl ?? ''),
    ]);
    const ids = [mine, theirs].map((response) => response.headers.get('x-request-id') ?? '');
    expect(ids).toEqual(['my-own:1', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    const inRequests = linesOf(service.log).filter(({ msg }) => msg.includes('query could not be answered'));
    expect(inRequests.map(({ request }) => request).sort()).toEqual([...ids].sort());
  });

  it('is a new one where the caller’s could forge a line of the log', async () => {
    const service = await started(configOf({}));
    for (const unfit of ['a b', 'x'.repeat(65), 'quote"', '{}']) {
      const response = await fetch(`${service.apiUrl}/healthz`, { headers: { 'x-request-id': unfit } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('goes back from the OTLP port too, and is on no line outside of requests', async () => {
    const service = await started(configOf({}));
    const response = await fetch(`${service.otlpHttpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'batch-7' },
      body: '{',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-request-id')).toBe('batch-7');
    expect(linesOf(service.log).length).toBeGreaterThan(0);
    expect(linesOf(service.log).filter(({ request }) => request !== undefined)).toEqual([]);
  });
});
