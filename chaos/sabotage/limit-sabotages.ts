/*
 * Sabotages of metadata.limit: places that are given to too many, or never given back.
 */
import type { Sabotage } from './sabotage.ts';

const PAYOUTS = 'scenarios/limited-payouts.yaml';

export const LIMIT_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'limit-asked-too-late',
    rule: 'limit',
    says: 'An activity asks for its place and begins without waiting for it.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (slot?.granted === false) return undefined;',
        replace: '',
      },
    ],
    scenario: PAYOUTS,
    profile: 'calm',
    oracles: ['limits-kept'],
    runs: 100,
  },
  {
    name: 'place-kept-on-takeover',
    rule: 'limit, R9',
    says: 'A runner that loses its tenure keeps the places of what had not begun.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: '    this.running.clear();\n    this.giveUpSlots();',
        replace: '    this.running.clear();',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/one-counter.yaml',
    profile: 'zombie',
    oracles: ['p9-everything-ends', 'p4-timers'],
    runs: 2_000,
  },
  {
    name: 'waited-begins-unannounced',
    rule: 'limit, R20',
    says: 'What got its place late begins at once, and the last MARK says that it is not there.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if ((suspect || foreign || overlooked) && !announced) {',
        replace: 'if ((suspect || foreign) && !announced) {',
      },
    ],
    scenario: PAYOUTS,
    profile: 'calm',
    oracles: ['r20-takeovers'],
    runs: 200,
  },
  {
    name: 'admitted-and-not-looked-at',
    rule: 'limit, P9',
    says: 'Who gets its place late is not told, and never begins.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: '() => this.events.admitted(entry)',
        replace: '() => void entry',
      },
    ],
    scenario: PAYOUTS,
    profile: 'calm',
    oracles: ['p9-everything-ends'],
    runs: 100,
  },
  {
    name: 'place-kept-on-cancel',
    rule: 'limit, R18',
    says: 'Who is cancelled while it waits for its place gets it later, and keeps it.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (slot !== undefined && this.held.delete(slot)) slot.release();',
        replace: '',
      },
    ],
    scenario: PAYOUTS,
    profile: 'everything',
    oracles: ['p9-everything-ends', 'p4-timers'],
    runs: 2_000,
  },
  {
    name: 'place-of-the-lost-answer',
    rule: 'limit, P3',
    says: 'An activity that took too long keeps its place, for its answer may never come.',
    edits: [
      {
        file: 'runtime/attempt.ts',
        find: 'this.stopWaiting = host.clock.at(host.clock.now() + STOPPING_MS, () => this.leave());',
        replace: '',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/endless.yaml',
    profile: 'calm',
    oracles: ['p9-everything-ends', 'scenario-invariants'],
    runs: 100,
  },
];
