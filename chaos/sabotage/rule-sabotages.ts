/*
 * Sabotages of the rules that no other list is about: homes, who may write, leaving, outputs, poison,
 * lost data (PROTOCOL.md R1-R3, R9, R14, R19, R20).
 */
import type { Sabotage } from './sabotage.ts';

const CHATTY = 'chaos/sabotage/scenarios/chatty.yaml';
const CHILDREN = 'scenarios/child-workflows.yaml';
/** Its branches wait for services long enough to be carried past a MARK. */
const ENRICHMENT = 'scenarios/data-enrichment.yaml';
const EMITS = 'scenarios/order-mesh.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';
/** Its activity has no time of its own: what kills its owners is begun again and again. */
const ONE = 'chaos/sabotage/scenarios/one-activity.yaml';
const STUBBORN = 'chaos/sabotage/scenarios/stubborn.yaml';
/** Short, so that a run of a few dozen records is carried. */
const CARRYING = { carryDistance: 6 };

export const RULE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'begun-run-lives-elsewhere',
    rule: 'R1, F2-27',
    says: 'The id of a run that another one begins does not say where that one lives.',
    edits: [
      {
        file: 'core/strands.ts',
        find: 'derivedRunId(id.run, id.strand, activation, now, options.home ?? 0)',
        replace: 'derivedRunId(id.run, id.strand, activation, now, (options.home ?? 0) + 1)',
      },
    ],
    scenario: CHILDREN,
    profile: 'calm',
    oracles: ['r1-homes'],
    runs: 200,
  },
  {
    name: 'mark-without-a-number',
    rule: 'R2, R4',
    says: 'A MARK is only a hint, so its writer gives it neither tenure nor number.',
    edits: [
      {
        file: 'runtime/unit.ts',
        find: '= place;',
        replace: "= kind === 'MARK' ? { ...place, tenure: 0, nonce: 0, n: 0 } : place;",
      },
    ],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['r2-inbox'],
    runs: 200,
  },
  {
    name: 'one-nonce-for-all',
    rule: 'R3',
    says: 'Every claim has the same nonce: an owner takes the claim of another for its own.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: 'this.nonce = entropy.uint32();',
        replace: 'this.nonce = 7;',
      },
    ],
    scenario: MERCHANT,
    profile: 'crashy',
    oracles: ['r3-tenures'],
    runs: 200,
  },
  {
    name: 'goes-on-after-its-close',
    rule: 'R9, F2-12',
    says: 'Who has said CLOSE goes on until somebody else claims.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: "} else if (header.kind === 'CLOSE') this.over(() => this.events.closed());",
        replace: '}',
      },
    ],
    scenario: MERCHANT,
    profile: 'zombie',
    oracles: ['r9-closed-is-closed'],
    runs: 2_000,
  },
  {
    name: 'lost-commits-not-noticed',
    rule: 'R14',
    says: 'A Store that has lost commits is taken for one that is slow.',
    edits: [
      {
        file: 'runtime/fold.ts',
        find: '} else if (answer.stale < this.from) {',
        replace: '} else if (answer.stale < 0) {',
      },
    ],
    scenario: STUBBORN,
    profile: 'lossy-store',
    oracles: ['r14-store-not-behind', 'p9-everything-ends', 'p4-timers', 'o19-declared-loss'],
    runs: 2_000,
  },
  {
    name: 'published-once-answered-or-not',
    rule: 'R19',
    says: 'Events whose append had no answer are taken for published.',
    edits: [
      {
        file: 'runtime/publisher.ts',
        find: '        this.trouble(error, since);\n',
        replace: '        this.trouble(error, since);\n        return this.events.guard(done);\n',
      },
    ],
    scenario: EMITS,
    profile: 'flaky',
    oracles: ['p1-event-never-lost', 'r16-heard-once'],
    runs: 2_000,
  },
  {
    name: 'newest-output-first',
    rule: 'R19',
    says: 'What waits longest to be published waits longer.',
    edits: [
      {
        file: 'runtime/publisher.ts',
        find: 'for (const entry of this.unsent.all()) {',
        replace: 'for (const entry of [...this.unsent.all()].reverse()) {',
      },
    ],
    scenario: CHATTY,
    profile: 'everything',
    oracles: ['r19-outputs'],
    runs: 2_000,
  },
  {
    name: 'stopped-is-an-answer',
    rule: 'R9, P3',
    says: 'What an activity says that was stopped with the tenure is kept as its answer for the next one.',
    edits: [
      {
        file: 'runtime/attempt.ts',
        find: 'if (!this.aborted) this.failed(error);',
        replace: 'this.failed(error);',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/obedient.yaml',
    profile: 'zombie',
    oracles: ['differential'],
    runs: 2_000,
  },
  {
    name: 'told-by-every-record',
    rule: 'R6, R19',
    says: 'Every record of a unit carries what its hop has emitted, and each is published.',
    edits: [
      {
        file: 'runtime/hop-outcome.ts',
        find: 'return records.with(at, { ...carrier, body });',
        replace:
          "return records.map((one) => (['STEP', 'PARK', 'END'].includes(one.body.kind) ? { ...one, body: { ...one.body, emitted } as Draft['body'] } : one));",
      },
    ],
    scenario: 'chaos/sabotage/scenarios/chorus.yaml',
    profile: 'calm',
    oracles: ['r19-outputs'],
    runs: 500,
  },
  {
    name: 'mark-past-unsent-events',
    rule: 'R10, R19',
    says: 'A mark does not wait for events that nobody has acknowledged.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: 'if (unsent !== undefined && this.markWaits) at = unsent;',
        replace: '',
      },
    ],
    scenario: CHATTY,
    profile: 'everything',
    oracles: ['p1-event-never-lost'],
    runs: 2_000,
  },
  {
    name: 'kept-result-forgotten',
    rule: 'R22',
    says: 'Who asked for a result has been answered when the run ends, so nobody keeps it.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: 'if (body.caller?.keep !== true) return;',
        replace: 'if (body.caller?.keep !== null) return;',
      },
    ],
    scenario: STUBBORN,
    profile: 'everything',
    oracles: ['r22-results'],
    runs: 200,
  },
  {
    name: 'caller-lost-on-the-way',
    rule: 'R22',
    says: 'A State that waits forgets who asked for the result.',
    edits: [
      {
        file: 'core/stopped.ts',
        find: 'if (machine.caller !== undefined) state',
        replace: "if (machine.caller !== undefined && next.kind === 'end') state",
      },
    ],
    scenario: STUBBORN,
    profile: 'calm',
    oracles: ['r22-results'],
    runs: 200,
  },
  {
    name: 'takeovers-not-counted',
    rule: 'R20, F2-17',
    says: 'The count of takeovers begins anew with every owner: poison is never parked.',
    edits: [
      { file: 'runtime/takeovers.ts', find: 'entry.takeovers++;', replace: 'entry.takeovers = 0;' },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 4_000,
  },
  {
    name: 'inherited-begins-unannounced',
    rule: 'R20',
    says: 'A new owner begins what it has inherited at once, and no MARK says that it runs.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if ((suspect || foreign || overlooked) && !announced) {',
        replace: 'if ((suspect || overlooked) && !announced) {',
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 500,
  },
  {
    name: 'given-up-too-early',
    rule: 'R20',
    says: 'What is to run alone is given up instead.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (takeovers >= TAKEOVERS_DEAD) {',
        replace: 'if (takeovers >= TAKEOVERS_ALONE) {',
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 2_000,
  },
  {
    name: 'suspects-side-by-side',
    rule: 'R20',
    says: 'What was there when two owners died begins beside others of its kind.',
    edits: [
      {
        file: 'runtime/attempts.ts',
        find: 'if (this.suspect !== undefined && this.suspect !== identity) {',
        replace: 'if (this.suspect !== undefined && this.suspect < 0) {',
      },
    ],
    scenario: ONE,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 4_000,
  },
  {
    name: 'mark-hides-a-list',
    rule: 'R20, R10',
    says: 'A mark stands above the MARK that lists what was carried since: who begins there counts less.',
    edits: [{ file: 'runtime/outgoing.ts', find: 'at = this.view.markPlace(at);', replace: '' }],
    scenario: ENRICHMENT,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 2_000,
    limits: CARRYING,
  },
  {
    name: 'carry-forgets-takeovers',
    rule: 'R20, R11',
    says: 'What is carried begins anew: nobody has died of it.',
    edits: [
      {
        file: 'runtime/carry.ts',
        find: 'body: carried, takeovers },',
        replace: 'body: carried, takeovers: 0 * takeovers },',
      },
    ],
    scenario: ENRICHMENT,
    profile: 'crashy',
    oracles: ['r20-takeovers'],
    runs: 2_000,
    limits: CARRYING,
  },
];
