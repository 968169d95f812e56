/*
 * Sabotages of listening (PROTOCOL.md R16): events that are lost, come twice, or are for somebody else.
 */
import type { Sabotage } from './sabotage.ts';

const FOLLOW_UP = 'scenarios/follow-up.yaml';
const PUNCTUAL = 'chaos/sabotage/scenarios/punctual.yaml';
const CONTROL_ROOM = 'scenarios/control-room.yaml';

export const LISTEN_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'nobody-looks-back',
    rule: 'R16, F2-22',
    says: 'Who begins to listen is told of what comes from then on, and not of what is there.',
    edits: [
      {
        file: 'runtime/look-back.ts',
        find: 'this.busy || this.closed) return;',
        replace: 'this.busy || this.closed || !this.closed) return;',
      },
    ],
    scenario: FOLLOW_UP,
    profile: 'calm',
    oracles: ['r16-heard-once'],
    runs: 100,
  },
  {
    name: 'heard-is-forgotten',
    rule: 'R16',
    says: 'A run that listens again hears the same event again.',
    edits: [
      {
        file: 'runtime/lookups.ts',
        find: 'return strands.some((other) => !besides(other, strand));',
        replace: 'return strands.length < 0;',
      },
    ],
    scenario: CONTROL_ROOM,
    profile: 'calm',
    oracles: ['r16-heard-once'],
    runs: 200,
  },
  {
    name: 'consumed-is-not-said',
    rule: 'R16',
    says: 'A RESUME does not name its events, and the Store forgets who has heard them.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: 'const heard = events === undefined ? {} : { events };',
        replace: 'const heard = events === undefined ? {} : { events: [] };',
      },
    ],
    scenario: CONTROL_ROOM,
    profile: 'calm',
    oracles: ['r16-heard-once'],
    runs: 200,
  },
  {
    name: 'correlator-begins-at-the-end',
    rule: 'R16',
    says: 'Whoever takes a partition of events over begins with what comes next.',
    edits: [
      {
        file: 'runtime/correlator.ts',
        find: 'this.reader = log.reader(partition, from ?? begin);',
        replace: 'this.reader = log.reader(partition, end);',
      },
    ],
    scenario: FOLLOW_UP,
    profile: 'crashy',
    oracles: ['r16-heard-once', 'p9-everything-ends'],
    runs: 500,
  },
  {
    name: 'progress-before-matches',
    rule: 'R16',
    says: 'The correlator says that it has got on, and then who was matched.',
    edits: [
      {
        file: 'runtime/correlator.ts',
        find: 'this.find(news, (matches) => this.move(matches, to));',
        replace: `const progress = { events: this.partition, from: this.from, to };
      this.ask(this.store.match([], progress), () => {
        this.from = to;
        this.find(news, (matches) => this.move(matches, to));
      });`,
      },
    ],
    scenario: FOLLOW_UP,
    profile: 'everything',
    oracles: ['r16-heard-once'],
    runs: 2_000,
  },
  {
    name: 'too-late-counts',
    rule: 'R16',
    says: 'A listener whose timer is late hears what came after its time; events have no time of their own.',
    edits: [
      {
        file: 'runtime/listening.ts',
        find: '      .filter(({ time }) => time < due)\n',
        replace: '',
      },
      {
        file: 'runtime/hop.ts',
        find: 'const now = Math.max(row.record.header.time, ...heard.map(({ time }) => time));',
        replace: 'const now = row.record.header.time;',
      },
    ],
    scenario: PUNCTUAL,
    profile: 'everything',
    oracles: ['r16-heard-once'],
    runs: 2_000,
  },
];
