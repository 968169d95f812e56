/*
 * Bugs for oracles that others mostly come before: each of these must speak by itself.
 *
 * r12-log-whole has none: no engine can make a gap in the offsets of a broker; it watches the world.
 */
import { CORE_SABOTAGES } from './core-sabotages.ts';
import { LOG_SABOTAGES } from './log-sabotages.ts';
import type { OracleName, Sabotage } from './sabotage.ts';
import { STORE_SABOTAGES } from './store-sabotages.ts';

/** A bug of these lists, to be caught by that oracle. */
function heardBy(oracle: OracleName, name: string): Sabotage {
  const all = [...CORE_SABOTAGES, ...LOG_SABOTAGES, ...STORE_SABOTAGES];
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no sabotage ${name}`);
  return { ...found, name: `${name}-${oracle.split('-')[0]}`, oracles: [oracle] };
}

export const ORACLE_SABOTAGES: readonly Sabotage[] = [
  heardBy('r7-acts-on-valid', 'activity-before-its-record'),
  heardBy('r11-carries', 'carry-forgets-ends'),
  heardBy('r15-one-resolver', 'run-begun-twice'),
  heardBy('p11-write-budget', 'run-begun-twice'),
  heardBy('p1-begun-once', 'run-begun-twice'),
  {
    name: 'parent-goes-on-as-its-child',
    rule: 'P8, F2-24',
    says: 'What goes on when a child has ended is written down under the definition of the child.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: "      this.subject(join, plan),\n      outcome,\n      { kind: 'joined', ends: own,",
        replace:
          "      this.subject(join, this.context.plan),\n      outcome,\n      { kind: 'joined', ends: own,",
      },
    ],
    scenario: 'scenarios/child-workflows.yaml',
    profile: 'calm',
    oracles: ['p8-definition-pinned'],
    runs: 200,
  },
];
