import type { Engine } from './engine.js';
import { QueryError } from './query-error.js';

/** Table functions that look at the store's own data or make rows up. */
const HARMLESS = new Set(
  'sqlstandardvalues dictionary format generaterandom generateseries generate_series loop merge mergetreeindex null numbers numbers_mt primes values view zeros zeros_mt'.split(
    ' ',
  ),
);

/** Functions that reach for files or other machines although they are no table functions. */
const REACHING_FUNCTIONS = ['file', 'catboostEvaluate', 'ai[A-Za-z]+'];

/**
 * Makes the check for statements of the reading user. The engine has no users, and its readonly mode is no
 * wall: `SETTINGS readonly = DEFAULT` in the statement lifts it, `file()` reads any file under it, and
 * DESCRIBE calls table functions. So such statements are found in the text as ClickHouse's own formatter
 * writes it: without comments, and with every quoted or escaped spelling of a name undone.
 * @returns throws a QueryError when a statement reaches beyond the store or for its readonly mode
 */
export async function readerGuard(engine: Engine): Promise<(text: string) => Promise<void>> {
  const session = engine.connect();
  const found = await session.queryAsync('SELECT name FROM system.table_functions', { format: 'TSV' });
  session.close();
  const reaching = found
    .text()
    .split('\n')
    .filter((name) => /^\w+$/.test(name) && !HARMLESS.has(name.toLowerCase()));
  const call = new RegExp(`\\b(?:${[...reaching, ...REACHING_FUNCTIONS].join('|')})\\s*\\(`, 'i');
  return async (text) => {
    const plain = await engine.format(text);
    const name = call.exec(plain)?.[0];
    if (name)
      throw new QueryError(
        497,
        'ACCESS_DENIED',
        `This user may not call ${name}...): it reads beyond the store.`,
      );
    if (/\breadonly`?\s*=/i.test(plain)) {
      throw new QueryError(497, 'ACCESS_DENIED', 'This user may not touch the setting readonly.');
    }
  };
}
