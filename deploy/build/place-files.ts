import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// The second half of `npm run build`: TypeScript has compiled into `dist/`, and what the program reads besides code
// is put beside it, so that `dist/` alone is what runs and what is published.

/** Read at run time, relative to the file that reads them. */
const readAtRunTime = /^(?:package\.json|schema\/.*\.(?:sql|graphql))$/;
const compiled = /\.(?:js|js\.map|d\.ts)$/;

/** Copies what is read at run time into `dist/` and removes from there what no longer has a source. */
function placeFiles(root: string): void {
  const dist = join(root, 'dist');
  const wanted = ['package.json', ...filesBelow(join(root, 'schema')).map((path) => join('schema', path))]
    .map(withSlashes)
    .filter((path) => readAtRunTime.test(path));
  for (const path of wanted) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    cpSync(join(root, path), join(dist, path));
  }
  // A file that was renamed would otherwise be published under its old name as well, a migration even be run.
  for (const path of filesBelow(dist).map(withSlashes)) {
    const source = compiled.test(path) ? path.replace(compiled, '.ts') : path;
    const hasSource = existsSync(join(root, source));
    if ((compiled.test(path) || readAtRunTime.test(path)) && !hasSource) rmSync(join(dist, path));
  }
}

/** Relative paths; folders that begin with a dot are not looked into: tests of a build work there. */
function filesBelow(folder: string, from = folder): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : filesBelow(path, from);
    return [relative(from, path)];
  });
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

placeFiles(process.argv[2] ?? fileURLToPath(new URL('../../', import.meta.url)));
