/*
 * Sabotages of who is not needed any more: branches that have lost, calls that are called off while they are
 * under way, what goes on again, and what is kept of a run that was cancelled (P4, P5, P7, R14, R18, R22).
 */
import type { Sabotage } from './sabotage.ts';

const CALLED_OFF = 'chaos/sabotage/scenarios/called-off.yaml';
const RACE = 'chaos/sabotage/scenarios/neck-and-neck.yaml';

export const RACE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'loser-at-the-line-keeps-what-it-did',
    rule: 'P5, P7',
    says: 'A branch that ends well just after another one has won needs nothing undone: it has ended.',
    edits: [
      {
        file: 'core/step.ts',
        find: 'if (end.cancelled || end.compensations?.some(({ outcome }) => outcome === undefined) !== true) {',
        replace: 'if (end.cancelled || end.output !== undefined) {',
      },
    ],
    scenario: RACE,
    profile: 'everything',
    oracles: ['p5-fork-joins-once'],
    runs: 2_000,
  },
  {
    name: 'doomed-branch-goes-on',
    rule: 'P5, R18',
    says: 'Whoever is in the middle of something when his fork is decided is never told, and works to his end.',
    edits: [
      {
        file: 'runtime/open-work.ts',
        find: 'if (doom !== undefined && wants.cancellable) {',
        replace: 'if (doom !== undefined && wants.cancellable && wants.activity === undefined) {',
      },
    ],
    scenario: RACE,
    profile: 'everything',
    oracles: ['p5-fork-joins-once'],
    runs: 2_000,
  },
  {
    name: 'answer-beside-a-cancel-is-lost',
    rule: 'R18',
    says: 'An answer that comes while its cancel is being written is for nobody: what it tells of has not been done.',
    edits: [
      {
        file: 'runtime/hop.ts',
        find: '    if (answer !== undefined) {\n      const state',
        replace: "    if (answer !== undefined && answer.kind !== 'activity') {\n      const state",
      },
    ],
    scenario: RACE,
    profile: 'everything',
    oracles: ['r18-cancels', 'p7-compensations'],
    runs: 2_000,
  },
  {
    name: 'carry-forgets-who-ended-first',
    rule: 'R11, R18',
    says: 'A joining STEP that is carried has the ends of its branches by their numbers, whoever ended first.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: 'branch < (order[at - 1] ?? 0)',
        replace: 'branch < (order[at - 1] ?? 0) && at < 0',
      },
    ],
    scenario: RACE,
    profile: 'everything',
    oracles: ['r11-carries', 'differential'],
    runs: 20_000,
  },
  {
    name: 'takeover-forgets-parked-branches',
    rule: 'R14, P7',
    says: 'A new owner asks the Store how far it is, and not which branches of open forks are parked there.',
    edits: [
      {
        file: 'runtime/take-over.ts',
        find: '    this.loadBranches([...joining], applied);',
        replace: '    this.loadBranches([], applied);',
      },
    ],
    scenario: RACE,
    profile: 'crashy',
    oracles: ['p7-compensations', 'p10-no-complaint'],
    runs: 20_000,
  },
  {
    name: 'cancelled-retry-counts-from-its-record',
    rule: 'R18',
    says: 'A cancelled call may answer for as long as its timeout after its record, although a retry begins later.',
    edits: [
      {
        file: 'runtime/hop.ts',
        find: 'Math.max(entry.time, body.notBefore ?? 0, limited',
        replace: 'Math.max(entry.time, 0, limited',
      },
    ],
    scenario: CALLED_OFF,
    profile: 'everything',
    oracles: ['r18-cancels'],
    runs: 2_000,
  },
  {
    name: 'cancelled-result-is-a-success',
    rule: 'R22',
    says: 'A result without an error is the result of a run that has completed.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: "ended: end.cancelled ? 'cancelled' : end.error === undefined",
        replace: 'ended: end.error === undefined',
      },
    ],
    scenario: CALLED_OFF,
    profile: 'calm',
    oracles: ['r22-results'],
    runs: 200,
  },
  {
    name: 'let-go-on-is-not-begun',
    rule: 'R18, P7',
    says: 'What was put aside and goes on is as new: nobody has asked for it before, and a cancel finds nothing to undo.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: 'added.revived = offset === this.revivedAt + 1;',
        replace: 'added.revived = false;',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/one-desk.yaml',
    profile: 'crashy',
    oracles: ['p7-compensations', 'r18-cancels'],
    runs: 20_000,
  },
  {
    name: 'attempts-timed-by-the-wall',
    rule: 'P4',
    says: 'What an attempt may take is read from the wall clock: whoever sets that ends what is under way.',
    edits: [
      {
        file: 'runtime/attempt.ts',
        find: '    work.attemptEnd = host.clock.elapsed() + activity.timeout;\n    try',
        replace: '    work.attemptEnd = host.clock.now() + activity.timeout;\n    try',
      },
      {
        file: 'runtime/attempts.ts',
        find: 'this.clock.elapsed() >= work.attemptEnd',
        replace: 'this.clock.now() >= work.attemptEnd',
      },
      {
        file: 'runtime/attempts.ts',
        find: 'Math.max(1, end - this.clock.elapsed())',
        replace: 'Math.max(1, end - this.clock.now())',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/impatient.yaml',
    profile: 'clock',
    oracles: ['p4-timers'],
    runs: 2_000,
  },
  {
    name: 'child-is-abandoned-with-its-caller',
    rule: 'P7, R18',
    says: 'Whoever is called off forgets the workflow that he waits for, with all that it has done.',
    edits: [
      {
        file: 'core/tasks/child.ts',
        find: 'const about = plan.undoes ? { total: 1, settles: true } : { total: 1 };',
        replace: 'const about = { total: 1 };',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/subcontract.yaml',
    profile: 'calm',
    oracles: ['scenario-invariants'],
    runs: 300,
  },
  {
    name: 'timed-out-by-one-clock-only',
    rule: 'P4, P7',
    says: 'A task is out of time if the clock of whoever looks last says so, whoever has cancelled its branches for that.',
    edits: [
      {
        file: 'core/step.ts',
        find: 'overdue(machine, wasStruck ? nextDeadline(machine) : undefined)',
        replace: 'overdue(machine, wasStruck ? machine.now : undefined)',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/subcontract.yaml',
    profile: 'clock',
    oracles: ['scenario-invariants'],
    runs: 2_000,
  },
];
