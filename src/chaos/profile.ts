/* Profiles: which faults a campaign draws from, by name. */
import { type Cell, CELLS, type Family } from './catalogue.ts';
import { didYouMean, quote } from '../dsl/problem.ts';
import { RECIPES } from './gestures.ts';

export interface Profile {
  readonly name: string;
  readonly says: string;
  readonly cells: readonly Cell[];
  /** indices into RECIPES */
  readonly gestures: readonly number[];
}

function profile(
  name: string,
  says: string,
  families: readonly Family[],
  gestures: readonly string[],
): Profile {
  return {
    name,
    says,
    cells: CELLS.filter((cell) => families.includes(cell.family)),
    gestures: RECIPES.flatMap((recipe, index) => (gestures.includes(recipe.name) ? [index] : [])),
  };
}

const ALL_FAMILIES: readonly Family[] = [
  'crash',
  'append',
  'read',
  'store',
  'activity',
  'pause',
  'clock',
  'group',
  'stranger',
  'build',
];

/** Gestures that lose nothing. */
const SOUND = RECIPES.filter(({ loses }) => loses !== true).map(({ name }) => name);

/** Those of them in which a service is heard to fail, or a strand is given up. */
const SEEN: readonly string[] = ['service too late', 'poison'];

export const PROFILES: readonly Profile[] = [
  profile(
    'everything',
    'every fault and every gesture, but for what loses data',
    ALL_FAMILIES,
    SOUND,
  ),
  profile('calm', 'nothing goes wrong but what the services do by themselves', [], []),
  profile(
    'engine',
    'everything but what a workflow can see: for workflows that cannot bear a failing service',
    ALL_FAMILIES.filter((family) => family !== 'activity'),
    SOUND.filter((name) => !SEEN.includes(name)),
  ),
  profile(
    'flaky',
    'a bad network: lost, late and repeated requests, slow answers, failing services',
    ['append', 'read', 'activity'],
    [
      'unknown, then late',
      'leader change, then takeover',
      'service too late',
      'told to nobody, then takeover',
      'claimed twice, a batch between',
    ],
  ),
  profile(
    'crashy',
    'runners die everywhere, also while they recover',
    ['crash'],
    [
      'crash during recovery',
      'takeover in mid-activity',
      'restart storm',
      'kept, then gone',
      'poison',
      'slow start',
    ],
  ),
  profile(
    'zombie',
    'runners freeze, lose their partitions without hearing it, and come back',
    ['pause', 'group'],
    [
      'zombie',
      'zombie meets heir',
      'zombie after',
      'swizzle',
      'racing claims',
      'takeover in mid-activity',
    ],
  ),
  profile(
    'database',
    'a database that fails, is slow and does not say what it committed',
    ['store'],
    [
      'fold unknown, then takeover',
      'kept, then gone',
      'listener and event cross',
      'database down, then takeover',
    ],
  ),
  profile(
    'upgrade',
    'runners are replaced one after the other by a newer build, and back, while they work; definitions change',
    ['build', 'crash', 'group'],
    ['rolling upgrade', 'crash during recovery', 'restart storm', 'racing claims'],
  ),
  profile('clock', 'clocks that jump and differ', ['clock', 'group'], ['split clock']),
  profile(
    'hostile',
    'records from strangers, odd and huge answers, poison',
    ['stranger', 'activity'],
    ['poison', 'service too late'],
  ),
  profile(
    'lossy-broker',
    'a broker that loses what it has acknowledged: the engine must notice, and stop that partition',
    ['broker-loss', 'group'],
    ['tail lost, then takeover', 'tail lost, then strangers'],
  ),
  profile(
    'lossy-store',
    'a database that loses what it has committed: the engine must notice, and fold the Log again',
    ['store-loss', 'store', 'crash'],
    ['failover, then takeover'],
  ),
];

/** Profiles in which data is lost: what is checked is that the engine says so. */
export const LOSSY: ReadonlySet<string> = new Set(['lossy-broker', 'lossy-store']);

/** Throws one line that says which there are, and which one was probably meant. */
export function profileOf(name: string): Profile {
  const found = PROFILES.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = PROFILES.map((one) => one.name);
  const hint = didYouMean(name, names);
  const meant = hint === undefined ? '' : ` (${hint})`;
  throw new Error(`there is no profile ${quote(name)}${meant}; there are ${names.join(', ')}`);
}
