import {
  ACTIVITIES,
  EVIDENCE_GRADES,
  FINDING_STATES,
  LINKS,
  NETWORK_CLASSES,
  OUTCOMES,
  SESSION_KINDS,
  SEVERITIES,
  VERDICTS,
  VOUCHES,
  WITHDRAWN_REASONS,
} from '../../schema/words.js';
import { builder } from '../builder.js';
import { ROLES } from '../context.js';

/** The vocabularies of words.ts as enums: the same words in upper case, by their own value inside the program. */
export function wordEnum<const W extends string>(
  name: string,
  words: readonly W[],
  description: string,
  descriptions: Partial<Record<W, string>> = {},
) {
  const values = Object.fromEntries(
    words.map((word) => [word.toUpperCase(), { value: word, description: descriptions[word] }]),
  ) as Record<Uppercase<W>, { value: W; description: string | undefined }>;
  return builder.enumType(name, {
    description,
    values: values as unknown as Record<string, { value: W }>,
  });
}

export const ActivityEnum = wordEnum(
  'Activity',
  ACTIVITIES,
  'What an event is: the most specific word that fits it.',
);

export const EvidenceEnum = wordEnum(
  'Evidence',
  EVIDENCE_GRADES,
  'How good an event is as proof that a person was there, weakest first.',
  {
    none: 'It proves nothing about a person.',
    bypassed: 'A remembered device or a bypass code stood in for the factor.',
    inherited: 'Satisfied by a claim in a token that was issued earlier.',
    asserted: 'The vendor says that MFA happened; the event itself is not in store.',
    credential: 'A credential was checked.',
    mfa: 'A second factor was passed.',
    phishing_resistant: 'A factor was passed that cannot be given to another site.',
  },
);

export const OutcomeEnum = wordEnum('Outcome', OUTCOMES, 'How it ended.');

export const LinkEnum = wordEnum('Link', LINKS, 'How an access was tied to its evidence, strongest first.', {
  session: 'The same session id, or a token that a logged event issued.',
  derived: 'A key made of stable fields, such as a principal and the creation time of its session.',
  asserted: 'The record itself claims it.',
  device: 'The same user and device, within a day.',
  network: 'The same user and address or network, within 12 hours.',
  user: 'The same user, within an hour.',
  none: 'Nothing ties them.',
});

export const VerdictEnum = wordEnum('Verdict', VERDICTS, 'What can be said of a use of a session.', {
  proven: 'Evidence is in store and tied to it.',
  asserted: 'The record claims evidence that is not in store.',
  unproven: 'No evidence is in store, and the logs are not complete enough for that to count.',
  unvouched: 'No evidence is in store, although the logs that would show it are there.',
});

export const VouchEnum = wordEnum('Vouch', VOUCHES, 'What vouches for a strand of a session.', {
  evidence: 'A credential or factor was given in it.',
  issue: 'It is near to where the token was issued, or to the sign-in that led to it.',
  session: 'It is near to a strand of the session that is vouched for.',
  user: 'It is near to what the user did on earlier days.',
  established: 'Nothing vouches for the session: its first use stands in.',
  none: 'Nothing: it is far from all of these.',
});

export const SessionKindEnum = wordEnum(
  'SessionKind',
  SESSION_KINDS,
  'The most specific kind that any record of the session says.',
  {
    implied: 'No record has an id of it: the user, the application and the day stand in for one.',
  },
);

export const NetworkClassEnum = wordEnum(
  'NetworkClass',
  NETWORK_CLASSES,
  'What kind of network an address belongs to.',
);

export const SeverityEnum = wordEnum(
  'Severity',
  SEVERITIES,
  'How much a finding matters: decided by its points.',
);

export const FindingStateEnum = wordEnum('FindingState', FINDING_STATES, 'Where a finding stands.', {
  provisional: 'A log that would vouch for it may still arrive.',
  withdrawn: 'It no longer holds: evidence arrived, or absence turned out not to count.',
});

export const WithdrawnReasonEnum = wordEnum(
  'WithdrawnReason',
  WITHDRAWN_REASONS,
  'Why a finding no longer holds.',
  {
    evidence: 'What vouches for it arrived.',
    coverage: 'The logs are not complete enough for absence to count.',
    superseded: 'It became part of another finding.',
  },
);

export const RoleEnum = wordEnum('Role', ROLES, 'What somebody may do.', {
  admin:
    'Everything. While no authentication exists, only this machine is served, and whoever asks from it has this.',
});
