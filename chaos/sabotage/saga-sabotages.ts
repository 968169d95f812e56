/*
 * Sabotages of sagas, cancelling and schedules (P4, P7, R18).
 */
import type { Sabotage } from './sabotage.ts';

const TRIP = 'scenarios/trip-saga.yaml';
const STATEMENT = 'scenarios/hourly-statement.yaml';

export const SAGA_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'undone-in-the-order-of-doing',
    rule: 'P7, F2-15',
    says: 'Compensations run in the order in which the steps were done.',
    edits: [
      {
        file: 'core/undo.ts',
        find: 'for (let current = compensations.length - 1; current >= floor; current--) {',
        replace: 'for (let current = floor; current < compensations.length; current++) {',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['p7-compensations'],
    runs: 200,
  },
  {
    name: 'branches-forget-what-they-did',
    rule: 'P7, R18',
    says: 'A join takes the outputs of its branches and forgets their undo logs.',
    edits: [
      {
        file: 'core/undo.ts',
        find: 'if (found.length > 0) machine.compensations =',
        replace: 'if (found.length < 0) machine.compensations =',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['p7-compensations', 'scenario-invariants'],
    runs: 200,
  },
  {
    name: 'maybe-done-is-not-done',
    rule: 'P7, F2-15',
    says: 'A call that timed out has not happened, so there is nothing to undo.',
    edits: [
      {
        file: 'core/undo.ts',
        find: 'if (error !== undefined && refused(error)) return;',
        replace: 'if (error !== undefined) return;',
      },
    ],
    scenario: TRIP,
    profile: 'everything',
    oracles: ['scenario-invariants'],
    runs: 2_000,
  },
  {
    name: 'compensation-before-cancelling-settles',
    rule: 'R18',
    says: 'A cancelled run undoes what is done at once, and does not wait for the call under way.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (work?.running === true) return true;',
        replace: 'if (work?.running === true) return false;',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['p7-compensations', 'scenario-invariants'],
    runs: 2_000,
  },
  {
    name: 'cancelled-call-of-an-earlier-tenure-never-ran',
    rule: 'R18',
    says: 'What this runner did not begin has not begun: a takeover cancels it as idle.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (wants?.activity === undefined || isNew) return false;',
        replace: 'if (header.tenure !== -1) return false;',
      },
    ],
    scenario: TRIP,
    profile: 'everything',
    oracles: ['p7-compensations', 'scenario-invariants'],
    runs: 20_000,
  },
  {
    name: 'request-to-nobody-stays-open',
    rule: 'R18, P1',
    says: 'Nobody waits for the outcome of a cancel that comes too late, so it needs none.',
    edits: [
      {
        file: 'runtime/controls.ts',
        find: "else this.refuse(entry, 'there is no such run here, or it has ended');",
        replace: '',
      },
    ],
    scenario: TRIP,
    profile: 'calm',
    oracles: ['p9-everything-ends'],
    runs: 2_000,
  },
  {
    name: 'late-ticks-move-the-schedule',
    rule: 'P4',
    says: 'The next tick is one interval after the last firing, whenever that was.',
    edits: [
      {
        file: 'runtime/schedules.ts',
        find: 'anchor + Math.max(1, Math.floor((now - anchor) / every) + 1) * every',
        replace: 'anchor + (now - anchor) + every',
      },
    ],
    scenario: STATEMENT,
    profile: 'calm',
    oracles: ['p4-schedules'],
    runs: 100,
  },
  {
    name: 'tick-fires-until-it-is-folded',
    rule: 'P4, R13',
    says: 'A schedule is due as long as its row says so, whatever the Log has already.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: '    this.resumed.set(body.row, offset);\n',
        replace: '',
      },
    ],
    scenario: STATEMENT,
    profile: 'everything',
    oracles: ['p4-schedules'],
    runs: 2_000,
  },
];
