import { builder } from '../builder.js';

export interface AttackReferenceShape {
  readonly id: string;
  readonly name?: string | undefined;
}

const SITE = 'https://attack.mitre.org';

/**
 * The page of a technique (T1550.004), tactic (TA0001) or detection strategy (DET0074) at MITRE, by the site's own
 * scheme of addresses. An analytic (AN0201) is a part of its strategy's page and has no address that its id alone gives.
 */
function attackUrl(id: string): string | null {
  const technique = /^T(\d{4})(?:\.(\d{3}))?$/.exec(id);
  if (technique) return `${SITE}/techniques/T${technique[1]}/${technique[2] ? `${technique[2]}/` : ''}`;
  if (/^TA\d{4}$/.test(id)) return `${SITE}/tactics/${id}/`;
  if (/^DET\d{4}$/.test(id)) return `${SITE}/detectionstrategies/${id}/`;
  return null;
}

export const AttackReference = builder.objectRef<AttackReferenceShape>('AttackReference').implement({
  description: 'A technique or analytic of MITRE ATT&CK.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Such as T1550.004 (technique) or AN0201 (analytic).' }),
    name: t.string({ nullable: true, resolve: (reference) => reference.name ?? null }),
    url: t.string({
      nullable: true,
      description: 'Its page at MITRE. Null for an analytic: it has none of its own.',
      resolve: (reference) => attackUrl(reference.id),
    }),
  }),
});
