/** What GraphiQL shows at first: something that answers on every installation. */
const FIRST_QUERY = `# Findings that are open, the worst first, and why.
query OpenFindings {
  findings(filter: { states: [OPEN, PROVISIONAL] }, orderBy: SEVERITY_DESC, first: 10) {
    totalCount
    nodes {
      severity
      title
      summary
      pointReasons { points text }
      provenance { complete text }
    }
  }
}
`;

let page: Promise<string> | undefined;

/**
 * GraphiQL as one page that holds all of its own scripts and styles. They are 9 MB, so they are loaded when somebody
 * first opens it.
 */
export function graphiqlPage(): Promise<string> {
  page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
    renderGraphiQL({
      title: 'Vouchtrail',
      defaultQuery: FIRST_QUERY,
      credentials: 'same-origin',
    } as Parameters<typeof renderGraphiQL>[0]),
  );
  return page;
}

/** The page may run its own scripts and ask this server, and nobody else whatever its scripts contain. */
export const GRAPHIQL_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
