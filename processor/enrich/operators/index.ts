import type { NetworkClass } from '../../../schema/words.js';
import { cloud } from './cloud.js';
import { education } from './education.js';
import { gateway } from './gateway.js';
import { hosting } from './hosting.js';
import { mobile } from './mobile.js';
import type { Operator } from './operator.js';
import { relay } from './relay.js';
import { residential } from './residential.js';
import { satellite } from './satellite.js';
import { tor } from './tor.js';
import { undecided } from './undecided.js';
import { vpn } from './vpn.js';

/** The operators that are known by number, by what their networks are. No number is in two lists. */
export const OPERATORS: Readonly<Partial<Record<NetworkClass, readonly Operator[]>>> = {
  hosting,
  vpn,
  relay,
  gateway,
  tor,
  mobile,
  satellite,
  education,
  cloud,
  residential,
  unknown: undecided,
};
