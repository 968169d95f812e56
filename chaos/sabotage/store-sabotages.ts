/*
 * Sabotages of marks, carries, the Store and taking over (PROTOCOL.md R9-R11, R13-R15, R20).
 */
import type { Sabotage } from './sabotage.ts';

const APPROVAL = 'scenarios/document-approval.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';
const JOURNAL = 'scenarios/budget/journal.yaml';
const ROUNDS = 'chaos/sabotage/scenarios/rounds.yaml';
const STUBBORN = 'chaos/sabotage/scenarios/stubborn.yaml';
/** Short, so that a run of a few dozen records is carried. */
const CARRYING = { carryDistance: 6 };

export const STORE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'mark-past-unapplied-park',
    rule: 'R10',
    says: 'A mark looks at what is open and forgets what the Store has not applied yet.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: 'if (applied.offset < at.offset) at = applied;',
        replace: '',
      },
    ],
    scenario: APPROVAL,
    profile: 'database',
    oracles: ['r10-marks-are-true', 'p10-no-complaint', 'p4-timers', 'p9-everything-ends'],
    runs: 2_000,
  },
  {
    name: 'mark-past-open-record',
    rule: 'R10, F2-1',
    says: 'A mark is the place up to which its writer has read, whatever is open before it.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: 'if (oldest !== undefined && oldest.offset < at.offset) at = oldest;',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['r10-marks-are-true'],
    runs: 200,
  },
  {
    name: 'mark-of-another-number',
    rule: 'R10, F2-20',
    says: 'A mark takes its offset from the oldest open record and its number from the head.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: 'return { ...at, computedAt };',
        replace: 'return { ...this.view.position, offset: at.offset, computedAt };',
      },
    ],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['r10-marks-are-true'],
    runs: 200,
  },
  {
    name: 'carry-forgets-ends',
    rule: 'R11',
    says: 'A joining STEP that is carried resolves the ends so far and does not take them along.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: '    ends[branch] = ended.end;\n',
        replace: '',
      },
    ],
    scenario: ROUNDS,
    profile: 'calm',
    oracles: ['p5-fork-joins-once', 'p9-everything-ends'],
    runs: 500,
    limits: CARRYING,
  },
  {
    name: 'carry-forgets-attempt',
    rule: 'R11, F2-18',
    says: 'A carried STEP begins to count its attempts anew.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: 'withEnds(view, entry, body, fetched, targets) : body;',
        replace:
          'withEnds(view, entry, body, fetched, targets)\n    : body.activity === undefined ? body : { ...body, activity: { ...body.activity, attempt: 1 } };',
      },
    ],
    scenario: STUBBORN,
    profile: 'everything',
    oracles: ['p3-one-effect', 'p6-retries-within-policy'],
    runs: 1_000,
    limits: CARRYING,
  },
  {
    name: 'carry-with-its-successor',
    rule: 'R11, R6',
    says: 'A record is carried and resolved in one batch.',
    edits: [
      {
        file: 'runtime/carries.ts',
        find: '        batch.targets.add(entry.identity);\n        batch.note(entry.header.run, entry.header.joins > 0, undefined);\n',
        replace: '        batch.targets.clear();\n',
      },
    ],
    scenario: ROUNDS,
    profile: 'everything',
    oracles: ['p2-every-transition-once', 'p5-fork-joins-once', 'p10-no-complaint'],
    runs: 2_000,
    limits: CARRYING,
  },
  {
    name: 'carry-changes-identity',
    rule: 'R11',
    says: 'A carry names the copy before it, not the first.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: 'carries: identity }',
        replace: 'carries: entry.position.offset }',
      },
    ],
    scenario: APPROVAL,
    profile: 'calm',
    oracles: ['p2-every-transition-once', 'p10-no-complaint'],
    runs: 1_000,
    limits: { carryDistance: 2 },
  },
  {
    name: 'fold-believes-itself',
    rule: 'R13, F2-9',
    says: 'When the Store is elsewhere than expected, the range is applied from there on all the same.',
    edits: [
      {
        file: 'runtime/fold.ts',
        find: '          this.from = Math.max(this.from, answer.stale);\n          if (this.from >= to.offset) this.applied = to;\n          // It folded less than this, and all that changes anything: how far that is has to be known.\n          else this.wanted = true;\n',
        replace:
          '          this.from = answer.stale;\n          this.busy = true;\n          return this.fold(to, due, listens, changes, delay);\n',
      },
    ],
    scenario: STUBBORN,
    profile: 'zombie',
    // the Store goes back, and whoever asks it next takes that for lost commits
    oracles: [
      'r13-store-is-fold',
      'p9-everything-ends',
      'p4-timers',
      'p2-every-transition-once',
      'p10-no-complaint',
    ],
    runs: 4_000,
  },
  {
    name: 'activity-before-its-journal',
    rule: 'R13, F2-2',
    says: 'An activity begins although the journal does not have the transition that schedules it.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: 'journalled: (identity) => identity < this.fold!.applied.offset,',
        replace: 'journalled: () => true,',
      },
    ],
    scenario: JOURNAL,
    profile: 'calm',
    oracles: ['r13-store-is-fold'],
    runs: 100,
  },
  {
    name: 'journal-of-steps-alone',
    rule: 'R13',
    says: 'The journal has no waits and no ends.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: "if (header.journal && header.kind !== 'CARRY') this.journal(",
        replace: "if (header.journal && header.kind === 'STEP') this.journal(",
      },
    ],
    scenario: JOURNAL,
    profile: 'calm',
    oracles: ['r13-store-is-fold', 'p11-write-budget'],
    runs: 100,
  },
  {
    name: 'fold-takes-stale-for-applied',
    rule: 'R13, F2-30',
    says: 'The answer of the compare-and-set is not looked at.',
    edits: [
      {
        file: 'runtime/fold.ts',
        find: "if (answer === 'applied') {",
        replace: 'if (answer !== undefined) {',
      },
    ],
    scenario: STUBBORN,
    profile: 'database',
    // a Store that is behind what was believed is taken for one that has lost commits
    oracles: ['p9-everything-ends', 'p4-timers', 'r10-marks-are-true', 'p10-no-complaint'],
    runs: 4_000,
  },
  {
    name: 'fold-skips-a-failed-range',
    rule: 'R13, F2-30',
    says: 'A fold whose outcome is unknown is taken for done.',
    edits: [
      {
        file: 'runtime/fold.ts',
        find: 'this.fold(to, due, listens, changes, Math.min(2 * delay, RETRY_MAX_MS));',
        replace:
          'this.busy = false;\n          this.from = to.offset;\n          this.view.folded(this.from);\n          this.events.folded(due, listens);',
      },
    ],
    scenario: APPROVAL,
    profile: 'database',
    oracles: ['p4-timers', 'p9-everything-ends'],
    runs: 2_000,
  },
  {
    name: 'rows-loaded-before-the-claim',
    rule: 'R14',
    says: 'A new owner asks for due rows when it claims, and trusts them once it owns.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: '    const reader = broker.reader(this.partition, this.from.offset);',
        replace:
          '    this.early = this.ports.store.due(this.partition, clock.now(), 500, new Set());\n    const reader = broker.reader(this.partition, this.from.offset);',
      },
      {
        file: 'runtime/owner.ts',
        find: '    this.parked.look();\n    this.listening.begin(',
        replace:
          '    this.early.then(({ rows }) => { for (const row of rows) { this.parked.offered.add(row.identity); this.parked.resume(row); } }, () => undefined);\n    this.parked.look();\n    this.listening.begin(',
      },
    ],
    scenario: STUBBORN,
    profile: 'everything',
    oracles: ['p2-every-transition-once'],
    runs: 20_000,
  },
  {
    name: 'resumed-rows-forgotten',
    rule: 'R14',
    says: 'A row whose RESUME has not been folded yet is brought back again.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: '      this.resumed.set(identity, offset);\n',
        replace: '',
      },
    ],
    scenario: STUBBORN,
    profile: 'everything',
    oracles: ['p2-every-transition-once'],
    runs: 4_000,
  },
  {
    name: 'hold-lost-at-takeover',
    rule: 'P4, R14',
    says: 'A STEP that is held is taken for due when the partition changes hands.',
    edits: [
      {
        file: 'runtime/open-work.ts',
        find: 'else if (notBefore !== undefined && now < notBefore)',
        replace:
          'else if (notBefore !== undefined && now < notBefore && header.tenure === this.attempts.events.tenure())',
      },
    ],
    scenario: STUBBORN,
    profile: 'crashy',
    oracles: ['p4-timers'],
    runs: 2_000,
  },
  {
    name: 'timers-lost-at-takeover',
    rule: 'P4',
    says: 'Held STEPs are armed when they are written, and by nobody else.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: '      prepare: (entry) => this.work.prepare(entry),',
        replace:
          '      prepare: (entry) => { if (entry.body?.notBefore === undefined) this.work.prepare(entry); },',
      },
    ],
    scenario: STUBBORN,
    profile: 'crashy',
    oracles: ['p4-timers'],
    runs: 2_000,
  },
  {
    name: 'timer-early',
    rule: 'P4',
    says: 'A timer that is due within a second may fire now.',
    edits: [
      {
        file: 'runtime/open-work.ts',
        find: 'else if (notBefore !== undefined && now < notBefore)',
        replace: 'else if (notBefore !== undefined && now < notBefore - 1_000)',
      },
      {
        file: 'runtime/open-work.ts',
        find: 'this.arm(entry, least(notBefore, deadline));',
        replace: 'this.arm(entry, least(notBefore - 1_000, deadline));',
      },
    ],
    scenario: STUBBORN,
    profile: 'calm',
    oracles: ['p4-timers'],
    runs: 200,
  },
  {
    name: 'parked-timer-lost-with-a-failed-query',
    rule: 'P4, R15',
    says: 'When the Store does not answer, nobody asks it again for what is due.',
    edits: [
      {
        file: 'runtime/parked-rows.ts',
        find: '        this.arm(this.quietUntil);\n',
        replace: '',
      },
    ],
    scenario: STUBBORN,
    profile: 'database',
    oracles: ['p4-timers', 'p9-everything-ends'],
    runs: 2_000,
  },
  {
    name: 'one-attempt-becomes-two',
    rule: 'P3, P6',
    says: 'An activity that runs is begun again whenever somebody looks at it.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: '    if (work.running) return this.watch(entry);',
        replace:
          '    if (work.running && this.clock.elapsed() >= (work.attemptEnd ?? Infinity)) return this.watch(entry);',
      },
      {
        // looks again after ten seconds
        file: 'runtime/attempts.ts',
        find: '    return this.attemptDue(work?.attemptEnd);\n',
        replace: '    return this.clock.now() + 10_000;\n',
      },
    ],
    scenario: MERCHANT,
    profile: 'flaky',
    oracles: ['p6-retries-within-policy'],
    runs: 1_000,
  },
  {
    name: 'request-evaluated-at-takeover',
    rule: 'P3',
    says: 'Whoever takes over evaluates the request anew, and it says when.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'new Attempt(this.host, entry, work, activity).begin(this.activities);',
        replace:
          'const again = entry.header.tenure !== this.events.tenure();\n    const asked = again ? { ...activity, arguments: { ...activity.arguments, at: this.clock.now() } } : activity;\n    new Attempt(this.host, entry, work, asked).begin(this.activities);',
      },
    ],
    scenario: MERCHANT,
    profile: 'crashy',
    oracles: ['p3-one-effect'],
    runs: 500,
  },
];
