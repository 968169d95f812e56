/*
 * Sabotages of the core and of what a hop is made of: keys, retries, forks, time (P2-P6, P8, P12).
 */
import type { Sabotage } from './sabotage.ts';

const COLLISIONS = 'chaos/sabotage/scenarios/collisions.yaml';
const ENRICHMENT = 'scenarios/data-enrichment.yaml';
const CHILDREN = 'scenarios/child-workflows.yaml';
const IMPATIENT = 'chaos/sabotage/scenarios/impatient.yaml';
const LIST = 'scenarios/parallel-list.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';
const ORDER = 'scenarios/order-fulfilment.yaml';
const ROUNDS = 'chaos/sabotage/scenarios/rounds.yaml';
const STUBBORN = 'chaos/sabotage/scenarios/stubborn.yaml';
const WALK = 'scenarios/protocol-walk.yaml';

const TRUST_EARLY_JOIN = {
  file: 'core/tasks/joining.ts',
  find: '  if (outputs.length !== total) {',
  replace: '  if (outputs.length > total) {',
};

export const CORE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'join-decided-early',
    rule: 'P5, F2-8',
    says: 'A fork is over when all branches but one have ended.',
    edits: [
      {
        file: 'core/tasks/joining.ts',
        find: 'countOf(fork.ends) + ended === fork.total;',
        replace: 'countOf(fork.ends) + ended >= fork.total - 1;',
      },
      TRUST_EARLY_JOIN,
    ],
    scenario: WALK,
    profile: 'calm',
    oracles: ['p5-fork-joins-once'],
    runs: 200,
  },
  {
    name: 'join-counts-redelivery',
    rule: 'P5, F2-8',
    says: 'A join counts ends in memory; one that is offered again, to another batch or by another tenure, counts again.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: 'const begun = this.beginNext(join, state, before.size + inBatch, end);',
        replace:
          'join.counted = (join.counted ?? -1) + 1;\n    const begun = this.beginNext(join, state, Math.max(before.size + inBatch, join.counted), end);',
      },
      TRUST_EARLY_JOIN,
    ],
    scenario: LIST,
    profile: 'everything',
    oracles: ['p5-fork-joins-once'],
    runs: 2_000,
  },
  {
    name: 'results-in-order-of-completion',
    rule: 'P5',
    says: 'The results of a fork stand in the order in which its branches ended.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: 'ends[branch] = body.end;',
        replace: 'ends[Object.keys(ends).length] = body.end;',
      },
      {
        file: 'runtime/hop-outcome.ts',
        find: "{ kind: 'joined', ends: { ...ends, ...own }, ...ordered },",
        replace: "{ kind: 'joined', ends: { ...ends, [before.size]: end }, ...ordered },",
      },
    ],
    scenario: ENRICHMENT,
    profile: 'everything',
    oracles: ['p5-fork-joins-once', 'scenario-invariants'],
    runs: 1_000,
  },
  {
    name: 'loop-forgets-what-has-begun',
    rule: 'P5, R11',
    says: 'A parallel loop that is carried does not remember which items are taken.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: 'node.items.slice(started - node.started)',
        replace: 'node.items',
      },
    ],
    scenario: LIST,
    profile: 'calm',
    oracles: ['differential', 'scenario-invariants'],
    runs: 100,
  },
  {
    name: 'child-goes-on-as-its-parent',
    rule: 'P8, H4',
    says: 'A strand that joins is stepped with the definition of the one that has ended.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: 'const plan = this.planOf(join);\n    const ordered',
        replace: 'const plan = this.context.plan;\n    const ordered',
      },
    ],
    scenario: CHILDREN,
    profile: 'calm',
    oracles: ['differential', 'p10-no-complaint', 'p9-everything-ends'],
    runs: 100,
  },
  {
    name: 'run-begun-by-a-branch-is-lost',
    rule: 'P1, H5',
    says: 'A run that a strand begins in the hop in which it ends is not written.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: '    this.collect(outcome);\n    if (outcome.next.kind',
        replace:
          "    if (outcome.next.kind !== 'end') this.collect(outcome);\n    if (outcome.next.kind",
      },
    ],
    scenario: CHILDREN,
    profile: 'calm',
    oracles: ['differential', 'scenario-invariants'],
    runs: 100,
  },
  {
    name: 'run-begun-twice',
    rule: 'P1, R6',
    says: 'The first record of a run that another one begins is written twice.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: '...this.runs.flatMap((run) => this.firstOf(run))',
        replace: '...[...this.runs, ...this.runs].flatMap((run) => this.firstOf(run))',
      },
    ],
    scenario: CHILDREN,
    profile: 'calm',
    oracles: ['p1-begun-once', 'p2-every-transition-once'],
    runs: 100,
  },
  {
    name: 'losers-not-dropped',
    rule: 'P5',
    says: 'A fork that one branch has decided leaves the others to themselves.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: 'for (const { identity } of this.view.open.below(join)) {',
        replace:
          "for (const { identity, header } of this.view.open.below(join)) {\n      if (header.kind === 'STEP') continue;",
      },
    ],
    scenario: ENRICHMENT,
    profile: 'calm',
    oracles: ['p9-everything-ends', 'p10-no-complaint'],
    runs: 200,
  },
  {
    name: 'key-with-attempt',
    rule: 'P3, F2-5',
    says: 'The effect key holds the number of the attempt: a retry asks for a new effect.',
    edits: [
      {
        file: 'core/tasks/call.ts',
        find: 'activation, role, digest);',
        replace: 'activation, role, `${digest}${attempt}`);',
      },
    ],
    scenario: ORDER,
    profile: 'everything',
    oracles: ['p3-one-effect', 'p6-retries-within-policy'],
    runs: 1_000,
  },
  {
    name: 'key-without-activation',
    rule: 'P3, F2-4',
    says: 'The effect key does not tell two turns of a loop apart.',
    edits: [
      {
        file: 'core/tasks/call.ts',
        find: 'strand, activation, role',
        replace: 'strand, 0, role',
      },
    ],
    scenario: ROUNDS,
    profile: 'calm',
    oracles: ['p3-one-effect'],
    runs: 200,
  },
  {
    name: 'late-answer-of-older-attempt',
    rule: 'P3, F2-16',
    says: 'An answer that comes after its attempt was given up is taken for the next attempt.',
    edits: [
      {
        file: 'runtime/attempt.ts',
        find: 'if (owner !== undefined) this.host.settled(this.entry, owner, cause);',
        replace:
          'if (owner !== undefined) this.host.settled(this.entry, owner, cause);\n    else this.host.late(cause);',
      },
      {
        file: 'runtime/attempts.ts',
        find: '      absent: (begun, owner) => {',
        replace:
          '      late: (cause) => void this.answers.set(cause.key, { cause, at: clock.now() }),\n      absent: (begun, owner) => {',
      },
      {
        file: 'runtime/attempts.ts',
        find: 'const answer = this.answers.get(identity);',
        replace: 'const answer = this.answers.get(identity) ?? this.answers.get(activity?.key);',
      },
    ],
    scenario: IMPATIENT,
    profile: 'calm',
    oracles: ['p3-one-effect'],
    runs: 500,
  },
  {
    name: 'answer-after-the-deadline',
    rule: 'P3',
    says: 'A result is recorded although the time of its task was over, which the step then holds against it.',
    edits: [
      {
        file: 'runtime/open-work.ts',
        find: "late ? { kind: 'timer' } : cause",
        replace: 'late ? cause : cause',
      },
    ],
    scenario: IMPATIENT,
    profile: 'everything',
    oracles: ['p3-one-effect'],
    runs: 4_000,
  },
  {
    name: 'one-retry-too-many',
    rule: 'P6',
    says: 'The policy counts from one where it should count from none.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'failures > policy.count) return',
        replace: 'failures > policy.count + 1) return',
      },
    ],
    scenario: STUBBORN,
    profile: 'calm',
    oracles: ['p6-retries-within-policy'],
    runs: 200,
  },
  {
    name: 'retries-counted-anew-after-recovery',
    rule: 'P6, F2-18',
    says: 'How often a block has failed is kept in memory: whoever reads it from the Log begins at none.',
    edits: [
      {
        file: 'runtime/unread.ts',
        find: 'decodeRecordBody(this.header, this.bytes);',
        replace: 'forget(decodeRecordBody(this.header, this.bytes));',
      },
      {
        file: 'runtime/unread.ts',
        find: 'const PART_OF = 2;',
        replace: `const PART_OF = 2;
function forget(body) {
  if (body.kind !== 'STEP') return body;
  const frames = body.state.frames.map((frame) =>
    frame.node.kind === 'try' ? { ...frame, node: { ...frame.node, failures: 0 } } : frame);
  return { ...body, state: { ...body.state, frames } };
}`,
      },
    ],
    scenario: STUBBORN,
    profile: 'crashy',
    oracles: ['p6-retries-within-policy'],
    runs: 2_000,
  },
  {
    name: 'attempts-counted-anew-after-recovery',
    rule: 'P6, F2-18',
    says: 'The attempt that failed is not remembered across a recovery: its retry is a new effect with a new key.',
    edits: [
      {
        file: 'runtime/unread.ts',
        find: 'decodeRecordBody(this.header, this.bytes);',
        replace: 'forget(decodeRecordBody(this.header, this.bytes));',
      },
      {
        file: 'runtime/unread.ts',
        find: 'const PART_OF = 2;',
        replace: `const PART_OF = 2;
function forget(body) {
  if (body.kind !== 'STEP') return body;
  const frames = body.state.frames.map((frame) =>
    frame.node.kind === 'activity' ? { ...frame, node: { ...frame.node, attempt: 0, digest: '' } } : frame);
  return { ...body, state: { ...body.state, frames } };
}`,
      },
    ],
    scenario: STUBBORN,
    profile: 'crashy',
    oracles: ['p6-retries-within-policy', 'p3-one-effect'],
    runs: 2_000,
  },
  {
    name: 'state-written-in-place',
    rule: 'M1, F2-29',
    says: 'A step writes into the State that it was given, which the record it came from still holds.',
    edits: [
      {
        file: 'core/machine.ts',
        find: 'this.frames[this.frames.length - 1] = { ...this.top(), node };',
        replace: 'Object.assign(this.top(), { node });',
      },
    ],
    scenario: COLLISIONS,
    profile: 'everything',
    oracles: ['scenario-invariants', 'p6-retries-within-policy', 'p10-no-complaint'],
    runs: 4_000,
  },
  {
    name: 'jitter-from-chance',
    rule: 'P12, F2-26',
    says: 'The jitter of a retry comes from Math.random.',
    edits: [{ file: 'core/backoff.ts', find: 'unit(seed, n)', replace: 'Math.random()' }],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['p12-same-seed-same-run'],
    runs: 1_000,
  },
  {
    name: 'newest-version-on-resume',
    rule: 'P8, F2-24',
    says: 'A run that goes on is given the newest version of its definition.',
    edits: [
      {
        file: 'runtime/plans.ts',
        find: 'this.definitions.get(hash).then((stored) => then(this.compiled(stored)), failed);',
        replace: `this.definitions.get(hash).then((stored) => {
      if (stored === undefined) return then(this.compiled(stored));
      const { namespace, name } = stored;
      this.definitions.find({ namespace, name }).then((newest) => {
        const answer = this.compiled(newest);
        this.known.set(hash, answer);
        then(answer);
      }, failed);
    }, failed);`,
      },
    ],
    scenario: WALK,
    profile: 'crashy',
    newer: [
      { file: '', find: "version: '1.0.0'", replace: "version: '1.1.0'" },
      { file: '', find: '            - b0: { call: b0 }\n', replace: '' },
      {
        file: '',
        find: '            - b2: { call: b2 }\n',
        replace: '            - b2: { call: b2 }\n            - b0: { call: b0 }\n',
      },
    ],
    oracles: ['scenario-invariants'],
    runs: 2_000,
  },
];
