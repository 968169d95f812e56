/*
 * Sabotages of the harness itself: what judges the engine is broken on purpose, and the inspection
 * (inspection.ts) must notice. They are edits of the sound copy, as those of the engine are of its copy.
 */
import type { Edit } from './sabotage.ts';

/** What the inspection asks; each has a name that a broken harness must answer to. */
export type GateName =
  /** the engine that nobody has broken is accused of nothing, and every run comes to rest */
  | 'sound-engine-passes'
  /** a plan gives the same run twice */
  | 'same-seed-same-run'
  /** every oracle that has something to judge here has judged */
  | 'oracles-judge'
  /** planned faults happen, of every kind that was planned often */
  | 'faults-fire'
  /** the canary, an engine that somebody has broken, is caught */
  | 'canary-is-caught'
  /** what the shrinker gives breaks the canary, and nothing can be taken away from it */
  | 'shrunk-plan-fails';

export interface HarnessSabotage {
  readonly name: string;
  readonly says: string;
  readonly edits: readonly Edit[];
  /** any of these must notice it */
  readonly gates: readonly GateName[];
}

export const HARNESS_SABOTAGES: readonly HarnessSabotage[] = [
  {
    name: 'oracle-always-content',
    says: 'Oracles look at everything and find nothing wrong.',
    edits: [
      {
        file: 'chaos/oracles/oracle.ts',
        find: '    this.violations.push({',
        replace: '    [].push({',
      },
    ],
    gates: ['canary-is-caught'],
  },
  {
    name: 'oracle-never-asked',
    says: 'One oracle is left out, and nobody misses it.',
    edits: [
      {
        file: 'chaos/oracles/index.ts',
        find: '    oracle.check(view, verdict);',
        replace: "    if (oracle.name !== 'r10-marks-are-true') oracle.check(view, verdict);",
      },
    ],
    gates: ['oracles-judge'],
  },
  {
    name: 'faults-never-fire',
    says: 'Faults are planned, and none of them happens.',
    edits: [
      {
        file: 'chaos/inject.ts',
        find: 'if (this.done.has(one.fault.id) || !this.fits(one.fault, point)) continue;',
        replace: 'continue;',
      },
    ],
    gates: ['faults-fire'],
  },
  {
    name: 'heal-skipped',
    says: 'The world is judged while it is still broken.',
    edits: [{ file: 'chaos/world.ts', find: '    this.heal();\n', replace: '' }],
    gates: ['sound-engine-passes'],
  },
  {
    name: 'chance-from-the-clock',
    says: 'The seed of every stream has the time of day in it.',
    edits: [
      {
        file: 'adapters/sim/random.ts',
        find: 'let [a, b] = fold(parts);',
        replace: 'let [a, b] = fold([...parts, performance.now()]);',
      },
    ],
    gates: ['same-seed-same-run'],
  },
  {
    name: 'shrinker-gives-what-passes',
    says: 'The smallest plan is one that breaks nothing.',
    edits: [
      {
        file: 'chaos/shrink.ts',
        find: '  return { plan, minimal, calls: budget.calls };',
        replace: '  return { plan: withFaults(plan, []), minimal: true, calls: budget.calls };',
      },
    ],
    gates: ['shrunk-plan-fails'],
  },
];
