/*
 * Sabotages of what is held in memory and fetched again (PROTOCOL.md R8): they show only where a window
 * is smaller than what is open.
 */
import type { Sabotage } from './sabotage.ts';

const CROWDED = 'chaos/sabotage/scenarios/crowded.yaml';

export const WINDOW_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'absent-end-taken-for-none',
    rule: 'R8, P5',
    says: 'A join takes the ends that are in memory for all that there are.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: "if (body?.kind !== 'END') {\n        needs.push(ended);\n        continue;",
        replace: "if (body?.kind !== 'END') {\n        continue;",
      },
    ],
    scenario: CROWDED,
    profile: 'calm',
    oracles: ['p5-fork-joins-once', 'p9-everything-ends', 'p10-no-complaint'],
    runs: 500,
  },
  {
    name: 'joins-take-room',
    rule: 'R8',
    says: 'A strand that waits for others takes the room that they need to get on.',
    edits: [
      {
        file: 'runtime/open-records.ts',
        find: "return (kind === 'STEP' || kind === 'CANCELLING') && joins === 0;",
        replace: "return kind !== 'START';",
      },
    ],
    scenario: CROWDED,
    profile: 'calm',
    oracles: ['p9-everything-ends', 'p4-timers'],
    runs: 2_000,
  },
  {
    name: 'rows-beyond-the-room-forgotten',
    rule: 'R15, P4',
    says: 'Rows that were due when there was no room are never asked for again.',
    edits: [
      {
        file: 'runtime/parked-rows.ts',
        find: '    if (most <= 0) {\n      this.behind = true;',
        replace: '    if (most <= 0) {',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/waiting-room.yaml',
    profile: 'calm',
    oracles: ['p4-idle'],
    runs: 2_000,
  },
  {
    name: 'loads-wait-for-each-other',
    rule: 'R8, P9',
    says: 'Who holds a fetched body and needs another waits in line behind those who wait for its own.',
    edits: [
      {
        file: 'runtime/refetch.ts',
        find: '(into.size > 0 ? this.urgent : this.waiting).push(',
        replace: 'this.waiting.push(',
      },
    ],
    scenario: CROWDED,
    profile: 'calm',
    oracles: ['p9-everything-ends', 'p4-timers'],
    runs: 2_000,
  },
];
