import type { World } from '../scenarios/world.js';
import type { EvaluationOptions } from './evaluate.js';
import type { PeerFigures } from './peers/compare.js';
import type { Played } from './play.js';
import { type Figures, MEDIUM, type Outcome, type Score, wrongOf } from './score.js';

export interface Reported {
  readonly options: EvaluationOptions;
  readonly world: World;
  readonly score: Score;
  readonly figures: Figures;
  readonly withdrawn: number;
  readonly played: Pick<Played, 'rows' | 'runs' | 'seconds'>;
  readonly peers: readonly PeerFigures[];
}

const percent = (share: number): string => share.toFixed(3);

/** The report of one world, as lines for a terminal. */
export function reportText({ options, world, score, figures, withdrawn, played, peers }: Reported): string {
  const { attacks, found, right, wrong, low, hard, hardFound, early } = figures;
  const [median, most] = figures.delayMinutes;
  const lines = [
    `seed ${options.seed}, ${options.users} users and ${world.told.length} scenarios over ${options.days} days: ${played.rows} events, ${played.runs} runs, ${Math.round(played.seconds)} s`,
    `at MEDIUM and above: recall ${percent(figures.recall)} (${found} of ${attacks}), precision ${percent(figures.precision)} (${right} right, ${wrong} false), ${figures.wrongPer1000UserDays.toFixed(2)} false per 1,000 user-days`,
    `on a victim before the attack ${early}; raised and withdrawn ${withdrawn}; LOW or below ${low}; time to finding ${Math.round(median)} min (median), ${Math.round(most)} min (90 %); hard: ${hardFound} of ${hard} raised, recall with them ${percent(figures.recallWithHard)}`,
    '',
    ...correlationLines(score),
    '',
    ...score.outcomes.map(scenarioLine),
  ];
  if (peers.length > 0) {
    lines.push('', 'peers on the same events');
    for (const { peer, figures: of } of peers) {
      lines.push(
        `  ${peer.id.padEnd(28)} (${peer.sources.join(', ')}) recall ${percent(of.recall)}  precision ${percent(of.precision)}  false/1,000 user-days ${of.wrongPer1000UserDays.toFixed(2)}`,
      );
    }
  }
  return lines.join('\n');
}

/** What each correlation got right and wrong. */
export function byCorrelation(score: Score) {
  const attacks = score.outcomes.filter(({ told }) => told.scenario.story.kind === 'attack');
  const right = attacks.flatMap((outcome) => outcome.right);
  const wrong = wrongOf(score);
  const names = [
    ...new Set([
      ...attacks.flatMap(({ told }) => told.scenario.story.raises),
      ...right.map(({ by }) => by),
      ...wrong.map(({ by }) => by),
    ]),
  ].sort();
  return names.map((name) => {
    const expected = attacks.filter(({ told }) => told.scenario.story.raises.includes(name));
    return {
      name,
      right: right.filter(({ by }) => by === name).length,
      wrong: wrong.filter(({ by }) => by === name).length,
      expected: expected.length,
      found: expected.filter(({ isFound }) => isFound).length,
      foundBy: expected.filter((outcome) => outcome.right.some(({ by }) => by === name)).length,
    };
  });
}

function correlationLines(score: Score): string[] {
  return byCorrelation(score).map(
    ({ name, right, wrong, expected, found, foundBy }) =>
      `  ${name.padEnd(20)} right ${String(right).padStart(3)}  false ${String(wrong).padStart(3)}  of ${expected} attacks that it may raise: ${found} found, ${foundBy} by it`,
  );
}

/** `ok`, or what is wrong with it. */
export function verdictOf({ told, isFound, wrong }: Outcome): string {
  const { kind } = told.scenario.story;
  const early = wrong.length > 0 ? `${wrong.length} FALSE` : '';
  if (kind === 'hard') return told.begins === undefined ? early || 'silent' : isFound ? 'raised' : 'unseen';
  if (kind === 'attack' && !isFound) return early === '' ? 'MISSED' : `MISSED, ${early}`;
  return early || 'ok';
}

function scenarioLine(outcome: Outcome): string {
  const { told, right, wrong, low } = outcome;
  const { story, id } = told.scenario;
  const loud = [...right, ...wrong].map(({ by, points }) => `${by} ${points}`);
  const quiet = low.map(
    ({ by, points, severityRank }) => `(${by} ${points}${severityRank < MEDIUM - 1 ? ' info' : ''})`,
  );
  return `  ${verdictOf(outcome).padEnd(14)} ${story.kind.padEnd(7)} ${id.padEnd(48)} ${[...loud, ...quiet].join(', ')}`;
}
