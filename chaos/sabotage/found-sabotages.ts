/*
 * Bugs that a stranger thought of and nobody noticed at first, or only a scenario's own invariants did: of runs that
 * are put aside, or cancelled, which nothing compared with the reference.
 */
import { GENERATED_WORKFLOWS, type Sabotage } from './sabotage.ts';

const MOVE = 'scenarios/house-move.yaml';
const APPROVAL = 'scenarios/document-approval.yaml';
const RENTAL = 'scenarios/machine-rental.yaml';
const ROOM = 'scenarios/control-room.yaml';
const SHIFTS = 'scenarios/shift-report.yaml';
const TRIP = 'scenarios/trip-saga.yaml';

export const FOUND_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'settled-and-undone-by-a-cancel',
    rule: 'P7',
    says: 'What a part of a workflow did stays on the list of what to undo, and a cancel that comes later undoes it.',
    edits: [
      {
        file: 'core/flow.ts',
        find: 'if (frame.saga !== undefined && node.inSaga === undefined) settleLog(machine, frame.saga);',
        replace: '',
      },
    ],
    scenario: MOVE,
    profile: 'calm',
    oracles: ['p7-compensations'],
    runs: 300,
  },
  {
    name: 'cancelled-call-waited-for-a-moment',
    rule: 'R18',
    says: 'A cancel gives every activity the same few seconds to answer, and undoes it then.',
    edits: [
      {
        file: 'core/step.ts',
        find: 'return node?.compensation !== undefined && node.inSaga === true;',
        replace: 'return false;',
      },
    ],
    scenario: TRIP,
    profile: 'everything',
    oracles: ['r18-cancels'],
    runs: 2_000,
  },
  {
    name: 'resumed-timer-without-a-time',
    rule: 'P4',
    says: 'Who was put aside while he waited waits for ever when he may go on.',
    edits: [
      {
        file: 'runtime/hop-suspend.ts',
        find: 'const due = notBefore === undefined ? {} : { due: notBefore };',
        replace: 'const due = {};',
      },
    ],
    scenario: APPROVAL,
    profile: 'calm',
    oracles: ['differential', 'p4-timers'],
    runs: 500,
  },
  {
    name: 'put-aside-and-due-at-once',
    rule: 'P4',
    says: 'Who is put aside while he waits goes on at once when he may, whatever he waited for.',
    edits: [
      {
        file: 'runtime/hop-suspend.ts',
        find: 'const waits = due === undefined ? {} : { notBefore: due };',
        replace: 'const waits = {};',
      },
    ],
    scenario: GENERATED_WORKFLOWS,
    profile: 'calm',
    oracles: ['differential'],
    runs: 2_000,
  },
  {
    name: 'resumed-listener-without-its-timeout',
    rule: 'P4, R16',
    says: 'Who was put aside while he listened listens on without the time at which he was to give up.',
    edits: [
      {
        file: 'runtime/hop-suspend.ts',
        find: 'const due = notBefore === undefined ? {} : { due: notBefore };',
        replace:
          "const due = notBefore === undefined || was === 'listen' ? {} : { due: notBefore };",
      },
    ],
    scenario: RENTAL,
    profile: 'calm',
    oracles: ['differential'],
    runs: 1_000,
  },
  {
    name: 'events-given-newest-first',
    rule: 'R16',
    says: 'What came while nobody looked is handed over newest first.',
    edits: [
      {
        file: 'runtime/listening.ts',
        find: '.filter(({ time }) => time < due)\n      .sort(byArrival);',
        replace: '.filter(({ time }) => time < due)\n      .sort((a, b) => byArrival(b, a));',
      },
    ],
    scenario: ROOM,
    profile: 'calm',
    oracles: ['r16-heard-once'],
    runs: 1_000,
  },
  {
    name: 'cron-by-the-clock-of-greenwich',
    rule: 'P4',
    says: 'Cron goes by UTC, whatever time zone the document names.',
    edits: [
      {
        file: 'runtime/schedules.ts',
        find: '...(zone === undefined ? {} : { zone }) }),',
        replace: "...(zone === undefined ? {} : { zone: 'UTC' }) }),",
      },
    ],
    scenario: SHIFTS,
    profile: 'calm',
    oracles: ['p4-schedules'],
    runs: 100,
  },
  {
    name: 'cron-counts-from-its-tick',
    rule: 'P4',
    says: 'The next time of a cron that fired late is found from when it should have fired.',
    edits: [
      {
        file: 'runtime/hop.ts',
        find: 'nextDue(rule, Math.max(tick, this.now), this.cron)',
        replace:
          'nextDue(rule, rule.cron === undefined ? Math.max(tick, this.now) : tick, this.cron)',
      },
    ],
    scenario: SHIFTS,
    profile: 'crashy',
    oracles: ['p4-schedules'],
    runs: 20_000,
  },
  {
    name: 'after-a-fault-no-more',
    rule: 'P4',
    says: 'A schedule that goes by the end of its runs stops when one of them fails.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: 'if (schedule !== undefined && againAfter !== undefined) {',
        replace:
          'if (schedule !== undefined && againAfter !== undefined && body.end.error === undefined) {',
      },
    ],
    scenario: SHIFTS,
    profile: 'calm',
    oracles: ['p4-schedules'],
    runs: 300,
  },
];
