/*
 * Sabotages of what people ask of runs, and of what is given up for people to look at (P1, P7, P10, R18).
 */
import type { Sabotage } from './sabotage.ts';

/** Its runs are called off and put aside wherever they stand. */
const RENTAL = 'scenarios/machine-rental.yaml';
const ONE = 'chaos/sabotage/scenarios/one-activity.yaml';
const TRIP = 'scenarios/trip-saga.yaml';

export const REQUEST_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'cancel-of-parked-refused',
    rule: 'R18, P1',
    says: 'Who is to be cancelled is looked for in the Log alone: of a run that is parked it is said that it has ended.',
    edits: [
      {
        file: 'runtime/controls.ts',
        find: 'if (row !== undefined) this.onRow(entry, body, row);',
        replace: 'if (row === null) this.onRow(entry, body, row);',
      },
    ],
    scenario: RENTAL,
    profile: 'calm',
    oracles: ['r18-requests-done'],
    runs: 200,
  },
  {
    name: 'cancel-of-running-refused',
    rule: 'R18, P1',
    says: 'A run whose activity is under way is told to be busy, and is not cancelled.',
    edits: [
      {
        file: 'runtime/controls.ts',
        find: 'if (!isStart && root.wants?.cancellable !== true) {',
        replace:
          'if (!isStart && (root.wants?.cancellable !== true || root.work?.running === true)) {',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['r18-requests-done'],
    runs: 200,
  },
  {
    name: 'cancelled-and-goes-on',
    rule: 'R18, F2-23',
    says: 'A cancel that finds its run in a fork is noted, and nobody remembers what for.',
    edits: [
      {
        file: 'core/step.ts',
        find: "machine.cancelling = isLost(cause) ? 'lost' : 'run';\n  if (machine.frames.at(-1)",
        replace: 'if (machine.frames.at(-1)',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['r18-requests-done'],
    runs: 500,
  },
  {
    name: 'folded-while-asked',
    rule: 'R18, R14',
    says: 'Rows that are folded while the Store is asked for them are neither in its answer nor in the view.',
    edits: [
      {
        file: 'runtime/controls.ts',
        find: 'const there = [...unfolded, ...rows].filter(',
        replace: 'const there = rows.filter(',
      },
    ],
    scenario: RENTAL,
    profile: 'everything',
    oracles: ['r18-requests-done'],
    runs: 20_000,
  },
  {
    name: 'parked-while-asked',
    rule: 'R18, R14',
    says: 'A run that was parked anew while the Store was asked for it is in no answer, and is said to have ended.',
    edits: [
      {
        file: 'runtime/controls.ts',
        find: 'else if (moved) this.again(entry);',
        replace: '',
      },
    ],
    scenario: RENTAL,
    profile: 'everything',
    oracles: ['r18-requests-done'],
    runs: 20_000,
  },
  {
    name: 'answer-forgotten-while-put-aside',
    rule: 'P7, R18',
    says: 'A run that was put aside with the answer of its activity is cancelled as if it had not heard it.',
    edits: [
      {
        file: 'runtime/hop.ts',
        find: 'const [from, heard] = pending ? [cancelled, body.cause] : [state, cause];',
        replace: 'const [from, heard] = [state, cause];',
      },
    ],
    scenario: RENTAL,
    profile: 'calm',
    oracles: ['scenario-invariants', 'p7-compensations'],
    runs: 2_000,
  },
  {
    name: 'given-up-for-no-reason',
    rule: 'P10',
    says: 'What is parked as dead does not say why.',
    edits: [
      {
        file: 'runtime/record-offers.ts',
        find: "          why: 'dead',\n          reason,",
        replace: "          why: 'dead',\n          reason: '',",
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['p10-dead-letters'],
    runs: 2_000,
  },
  {
    name: 'given-up-without-its-activity',
    rule: 'P10',
    says: 'What is parked as dead keeps its State and forgets what was due.',
    edits: [
      {
        file: 'runtime/record-offers.ts',
        find: '          reason,\n          ...(activity === undefined ? {} : { activity }),',
        replace: '          reason,',
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['p10-dead-letters'],
    runs: 2_000,
  },
  {
    name: 'given-up-without-a-word',
    rule: 'P10',
    says: 'Nobody is told that a strand was given up.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: "if (why !== 'dead') return;",
        replace: "if (why !== 'dead' || reason !== '') return;",
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['p10-dead-letters'],
    runs: 4_000,
  },
];
