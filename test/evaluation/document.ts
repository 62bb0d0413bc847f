import type { Story } from '../scenarios/scenario.js';
import type { Figures } from './score.js';
import { HELD_OUT_SEEDS, purposeOf, TUNING_SEEDS } from './seeds.js';
import { byCorrelation, type Reported, verdictOf } from './text.js';

/** Rows as a Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const share = (value: number): string => value.toFixed(3);

/** The document of the evaluations of several worlds, told with the same scenarios. */
export function documentOf(evaluations: readonly Reported[]): string {
  const held = evaluations.filter(({ options }) => purposeOf(options.seed) === 'held out');
  const shown = held.length > 0 ? held : evaluations;
  return `# How well it finds

Written by \`npm run evaluate -- --write\`; change nothing here by hand.

Labelled scenarios are told in the records of four vendor families (Okta, Entra ID, CloudTrail, an application's own by
OpenTelemetry), mixed into the background of a company, and sent through the real normaliser, enrichment and judging in
the order of their arrival, each vendor as late as it usually is. \`test/scenarios/\` has the stories and the background:
working days in several time zones, phones on their carriers, offices, secure web gateways in other countries, lease
changes, IPv6 privacy addresses, browser upgrades, sessions older than the logs, renewals day and night, vendors' back
ends and connectors, pipelines and service accounts, sign-ins without a factor and refused factors, uncollected sign-ins,
an outage of a provider's log, late and double delivery. All of it is this project's own: what the figures are worth for
your logs only your logs can tell. The stories are the same under every seed; people, places, times and background
differ. So a held-out seed tells whether a rule fits one world too closely, not whether it would find an attack that
nobody wrote down here. The generator was corrected while its worlds were being looked at: where a false finding showed
a world that cannot be, the world was changed.

An attack counts as found if a finding of MEDIUM or above that was not withdrawn begins on its victim, or rises to
MEDIUM, from 5 min before the attack on. Every other finding of MEDIUM or above is false: on a bystander, in a benign story, on a victim before
the attack. Rules may be tuned on ${TUNING_SEEDS.map((seed) => `\`${seed}\``).join(' and ')}; ${HELD_OUT_SEEDS.map((seed) => `\`${seed}\``).join(' and ')} are held out. Time to
finding includes the step in which this command judges (${evaluations[0]?.options.everyHours ?? 0} h by day, three times that at night); the service judges every few seconds.

## At MEDIUM and above

${seedTable(evaluations)}

## Correlations

Over ${shown.map(({ options }) => `\`${options.seed}\``).join(' and ')}. "May raise": attacks of which it is one of those that should find them.

${correlationTable(shown)}

## What others publish, on the same events

Each as SQL in \`test/evaluation/peers/\`, with its source and in what it differs; recall over the attacks in the logs that it reads.

${peerTable(shown)}

## Scenarios

${scenarioTable(evaluations)}

## Out of sight

These are told and judged and outside of the figures above, but for the column that says so: in what is logged, each is
the same as something harmless. \`cookie-replay-same-client\` and \`aitm-residential-proxy\` were counted as attacks at
first, and were missed; they are here since \`consumer-vpn-abroad\` and \`new-laptop-on-a-journey\` are told with the same
networks, clients and factors.

${hardList(evaluations)}
`;
}

function seedTable(evaluations: readonly Reported[]): string {
  return table(
    [
      'seed',
      'for',
      'users',
      'days',
      'events',
      'recall',
      'recall, those out of sight counted',
      'precision',
      'false per 1,000 user-days',
      'before the attack',
      'withdrawn',
      'LOW or below',
      'minutes to finding (median, 90 %)',
    ],
    evaluations.map(({ options, world, figures, withdrawn, played }) => [
      `\`${options.seed}\``,
      purposeOf(options.seed),
      String(world.bystanders.length + world.told.reduce((sum, { people }) => sum + people.length, 0)),
      String(options.days),
      String(played.rows),
      `${share(figures.recall)} (${figures.found} of ${figures.attacks})`,
      share(figures.recallWithHard),
      `${share(figures.precision)} (${figures.wrong} false)`,
      figures.wrongPer1000UserDays.toFixed(2),
      String(figures.early),
      String(withdrawn),
      String(figures.low),
      figures.delayMinutes.map(Math.round).join(', '),
    ]),
  );
}

function correlationTable(evaluations: readonly Reported[]): string {
  const all = evaluations.flatMap(({ score }) => byCorrelation(score));
  const names = [...new Set(all.map(({ name }) => name))].sort();
  return table(
    ['correlation', 'right', 'false', 'precision', 'may raise', 'found', 'by it'],
    names.map((name) => {
      const rows = all.filter((row) => row.name === name);
      const sum = (field: 'right' | 'wrong' | 'expected' | 'found' | 'foundBy'): number =>
        rows.reduce((total, row) => total + row[field], 0);
      const raised = sum('right') + sum('wrong');
      return [
        `\`${name}\``,
        String(sum('right')),
        String(sum('wrong')),
        raised === 0 ? '-' : share(sum('right') / raised),
        String(sum('expected')),
        String(sum('found')),
        String(sum('foundBy')),
      ];
    }),
  );
}

function peerTable(evaluations: readonly Reported[]): string {
  const names = [...new Set(evaluations.flatMap(({ peers }) => peers.map(({ peer }) => peer.id)))];
  return table(
    ['logic', 'published as', 'reads', 'recall', 'precision', 'false per 1,000 user-days'],
    names.map((id) => {
      const same = evaluations.flatMap(({ peers }) => peers.filter(({ peer }) => peer.id === id));
      const mean = (of: (figures: Figures) => number): number =>
        same.reduce((sum, { figures }) => sum + of(figures), 0) / same.length;
      const peer = same[0]?.peer;
      return [
        peer?.title ?? id,
        `[${peer?.by}](${peer?.url})`,
        peer?.sources.join(', ') ?? '',
        share(mean(({ recall }) => recall)),
        share(mean(({ precision }) => precision)),
        mean(({ wrongPer1000UserDays }) => wrongPer1000UserDays).toFixed(2),
      ];
    }),
  );
}

function storiesOf(evaluations: readonly Reported[]): readonly Story[] {
  return [...new Set(evaluations.flatMap(({ world }) => world.told.map(({ scenario }) => scenario.story)))];
}

/** What became of a story in each family, over the seeds: `ok`, or how often what was wrong. */
function resultsOf(evaluations: readonly Reported[], story: Story): string {
  return story.families
    .map((family) => {
      const outcomes = evaluations.flatMap(({ score }) =>
        score.outcomes.filter(({ told }) => told.scenario.story === story && told.scenario.family === family),
      );
      const bad = outcomes.map(verdictOf).filter((verdict) => verdict !== 'ok');
      return bad.length === 0 ? family : `**${family}: ${bad.join('; ')}**`;
    })
    .join(', ');
}

function scenarioTable(evaluations: readonly Reported[]): string {
  return table(
    ['story', 'kind', 'what happens', 'families; what went wrong in how many seeds'],
    storiesOf(evaluations)
      .filter(({ kind }) => kind !== 'hard')
      .map((story) => [`\`${story.id}\``, story.kind, story.says, resultsOf(evaluations, story)]),
  );
}

function hardList(evaluations: readonly Reported[]): string {
  return storiesOf(evaluations)
    .filter(({ kind }) => kind === 'hard')
    .map(({ id, says, families }) => {
      const outcomes = evaluations.flatMap(({ score }) =>
        score.outcomes.filter(({ told }) => told.scenario.story.id === id),
      );
      const raised = outcomes.filter(({ isFound }) => isFound).length;
      return `- \`${id}\` (${families.join(', ')}): ${says} Raised ${raised} of ${outcomes.length} times.`;
    })
    .join('\n');
}
