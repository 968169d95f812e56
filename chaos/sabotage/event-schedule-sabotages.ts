/*
 * Sabotages of schedules by events: an event that begins two runs, or none, or the wrong one.
 */
import type { Sabotage } from './sabotage.ts';

const MESH = 'scenarios/event-mesh.yaml';

export const EVENT_SCHEDULE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'event-fires-until-folded',
    rule: 'R13, R16',
    says: 'What a FIRE has named is told again by a Store that has not folded it.',
    edits: [
      {
        file: 'runtime/listening.ts',
        find: '    if (this.fired.has(firedKey(identity, kept.place))) return;\n',
        replace: '',
      },
    ],
    scenario: MESH,
    profile: 'engine',
    oracles: ['r16-begun-by-events', 'p2-every-transition-once'],
    runs: 2_000,
  },
  {
    name: 'half-a-set-forgotten',
    rule: 'R16',
    says: 'An event that waits for the rest of its set is told once and then forgotten.',
    edits: [
      {
        file: 'runtime/listening.ts',
        find: '    for (const kept of waiting) this.add(identity, kept);\n',
        replace: '',
      },
    ],
    scenario: MESH,
    profile: 'calm',
    oracles: ['r16-begun-by-events'],
    runs: 200,
  },
  {
    name: 'sets-mixed',
    rule: 'R16',
    says: 'An event joins the oldest set that lacks one of its kind, whatever they are about.',
    edits: [
      {
        file: 'runtime/event-schedules.ts',
        find: 'fits(filter, event, time, set.keys)',
        replace: 'fits(filter, event, time)',
      },
    ],
    scenario: MESH,
    profile: 'calm',
    oracles: ['r16-begun-by-events', 'scenario-invariants'],
    runs: 200,
  },
];
