import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VENDORS } from '../../../processor/normalize/registry.js';
import { SOURCES } from '../../../schema/words.js';
import { checkFixture, checkInEveryForm, FIXTURES, fixturesOf } from './fixture.js';

/** A vendor whose records come in several shapes is listed once a shape. */
const vendors = [...new Set(VENDORS.map(({ source }) => source))];

describe.each(vendors)('%s', (source) => {
  it.each(fixturesOf(source))('$says', (fixture) => {
    checkInEveryForm(fixture);
  });
});

describe('otel', () => {
  it.each(fixturesOf('otel'))('$says', (fixture) => {
    checkFixture(fixture);
  });
});

it('has a folder of fixtures for every source', () => {
  const sources = [...vendors, 'otel'];
  expect(readdirSync(FIXTURES).sort()).toEqual([...sources].sort());
  expect(sources).toEqual(expect.arrayContaining([...SOURCES]));
});
