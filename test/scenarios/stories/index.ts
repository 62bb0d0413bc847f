import { type Scenario, scenariosOf } from '../scenario.js';
import { cloud } from './cloud.js';
import { forged } from './forged.js';
import { networksThatChange } from './networks.js';
import { replay } from './replay.js';
import { signIns } from './sign-in.js';

/** Every labelled scenario: a story in a vendor family is one. */
export const scenarios: readonly Scenario[] = scenariosOf([
  ...replay,
  ...signIns,
  ...forged,
  ...cloud,
  ...networksThatChange,
]);
