import { type Scenario, scenariosOf } from '../scenario.js';
import { clientsThatChange } from './clients.js';
import { cloud } from './cloud.js';
import { forged } from './forged.js';
import { hard } from './hard.js';
import { lives } from './life.js';
import { logs } from './logs.js';
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
  ...clientsThatChange,
  ...lives,
  ...logs,
  ...hard,
]);
