/*
 * Sabotages of the Log's rules: who is valid, what is sent, when it counts (PROTOCOL.md R3-R7, R17).
 */
import type { Sabotage } from './sabotage.ts';

const APPROVAL = 'scenarios/document-approval.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';
const ROUNDS = 'chaos/sabotage/scenarios/rounds.yaml';
const WALK = 'scenarios/protocol-walk.yaml';

export const LOG_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'tenure-ignored',
    rule: 'R4, F2-10',
    says: 'Readers compare numbers only: the write of a zombie counts if its number fits.',
    edits: [
      {
        file: 'runtime/validity.ts',
        find: 'header.tenure === this.tenure && header.nonce === this.nonce && header.n === this.n + 1',
        replace: 'header.n === this.n + 1',
      },
    ],
    scenario: MERCHANT,
    profile: 'zombie',
    oracles: ['p2-every-transition-once', 'p10-no-complaint', 'p9-everything-ends'],
    runs: 4_000,
  },
  {
    name: 'numbers-ignored',
    rule: 'R4',
    says: 'Readers compare the tenure only: a batch that arrives twice counts twice.',
    edits: [
      {
        file: 'runtime/validity.ts',
        find: 'header.nonce === this.nonce && header.n === this.n + 1',
        replace: 'header.nonce === this.nonce',
      },
    ],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['p10-no-complaint'],
    runs: 2_000,
  },
  {
    name: 'second-claim-ignored',
    rule: 'R3',
    says: 'An owner whose CLAIM arrived twice goes on under the first copy.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: "      this.outgoing.claimed(offset, nonce);\n      if (this.phase !== 'claiming') return;",
        replace:
          "      if (this.phase !== 'claiming') return;\n      this.outgoing.claimed(offset, nonce);",
      },
    ],
    scenario: WALK,
    profile: 'flaky',
    // what it goes on to write is void, and its own view says so
    oracles: ['p9-everything-ends', 'p10-no-complaint'],
    runs: 2_000,
  },
  {
    name: 'own-claim-not-read',
    rule: 'R3, R14',
    says: 'A new owner begins when its CLAIM is answered, before it has read what stands before it.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: '    const { sent } = this;\n    if (sent !== batch || base !== this.view.offset) return;',
        replace: `    const { sent } = this;
    const claim = batch.records[0].header;
    if (claim.kind === 'CLAIM') {
      return this.events.admitted({ header: claim, valid: true, removed: [] }, base);
    }
    if (sent !== batch || base !== this.view.offset) return;`,
      },
      {
        file: 'runtime/owner.ts',
        find: '    if (nonce === this.nonce) {\n      this.outgoing.claimed(offset, nonce);\n',
        replace:
          "    if (nonce === this.nonce) {\n      if (this.phase !== 'claiming') return;\n      this.outgoing.claimed(offset, nonce);\n",
      },
      {
        file: 'runtime/owner.ts',
        find: "} else if (this.phase !== 'claiming') this.over(",
        replace:
          "} else if (this.phase !== 'claiming' && offset > this.outgoing.tenure) this.over(",
      },
    ],
    scenario: APPROVAL,
    profile: 'crashy',
    oracles: ['p2-every-transition-once'],
    runs: 2_000,
  },
  {
    name: 'used-number-reused',
    rule: 'R5, F2-13',
    says: 'After an unknown outcome the batch is made anew, under the same numbers.',
    edits: lostBatch('this.numbering.n -= sent.records.length;'),
    scenario: MERCHANT,
    profile: 'flaky',
    oracles: ['r5-one-number-one-record'],
    runs: 2_000,
  },
  {
    name: 'unknown-taken-for-lost',
    rule: 'R5, F2-13',
    says: 'After an unknown outcome the batch is given up and its work is sent under new numbers.',
    edits: lostBatch(''),
    scenario: MERCHANT,
    profile: 'flaky',
    oracles: ['r4-numbers-without-gap', 'p2-every-transition-once'],
    runs: 2_000,
  },
  {
    name: 'never-sent-again',
    rule: 'R5',
    says: 'After an unknown outcome the owner only waits to read its batch; one that was lost never comes.',
    edits: [
      {
        file: 'runtime/writer.ts',
        find: 'if (this.current === batch && !this.closed) {',
        replace:
          "if (this.current === batch && !this.closed && batch.records[0].header.kind === 'CLAIM') {",
      },
    ],
    scenario: WALK,
    profile: 'flaky',
    oracles: ['p9-everything-ends', 'p4-timers'],
    runs: 2_000,
  },
  {
    name: 'unit-over-two-batches',
    rule: 'R6',
    says: 'The last record of a batch is appended by itself.',
    edits: [
      {
        file: 'runtime/writer.ts',
        find: 'this.broker.append(this.partition, batch.bytes).then(',
        replace: `const { broker, partition } = this;
    const cut = Math.max(1, batch.bytes.length - 1);
    const head = broker.append(partition, batch.bytes.slice(0, cut));
    const whole = { then: (done, failed) => head.then((answer) => {
      if (cut === batch.bytes.length) done(answer);
      else broker.append(partition, batch.bytes.slice(cut)).then(() => done(answer), failed);
    }, failed) };
    whole.then(`,
      },
    ],
    scenario: ROUNDS,
    profile: 'crashy',
    oracles: ['r6-units-whole'],
    runs: 2_000,
  },
  {
    name: 'answer-taken-for-validity',
    rule: 'R7',
    says: 'A batch counts as soon as the broker has answered, whatever else has been appended before it.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: 'if (sent !== batch || base !== this.view.offset) return;',
        replace:
          'if (sent !== batch || base < this.view.offset) return;\n    while (this.view.offset < base) this.view.skip(this.view.offset);',
      },
    ],
    scenario: MERCHANT,
    profile: 'zombie',
    oracles: ['p3-one-effect'],
    runs: 4_000,
  },
  {
    name: 'activity-before-its-record',
    rule: 'R7, F2-21',
    says: 'An activity begins when its record is sent, not when it is known valid.',
    edits: [
      {
        file: 'runtime/outgoing.ts',
        find: '    this.writer.send(this.sent);\n  }\n\n  /** Reading has come',
        replace: `    this.writer.send(this.sent);
    for (const [i, record] of records.entries()) {
      if (record.body.activity === undefined || record.body.notBefore !== undefined) continue;
      const { header, body } = record;
      this.events.early({ header, body, identity: this.view.offset + i, takeovers: 0, work: {} }, body.activity);
    }
  }

  /** Reading has come`,
      },
      {
        file: 'runtime/owner.ts',
        find: '      running: () => attempts.listed(),',
        replace:
          '      running: () => attempts.listed(),\n      early: (entry, activity) => attempts.begin(entry, activity),',
      },
      {
        // what has begun is not begun again
        file: 'runtime/attempts.ts',
        find: '    const { identity, takeovers, wants, work } = entry;',
        replace:
          '    const { identity, takeovers, wants, work } = entry;\n    if (this.running.has(identity)) return this.clock.now() + 50;',
      },
    ],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['p3-one-effect'],
    runs: 1_000,
  },
  {
    name: 'starts-not-compared',
    rule: 'R17',
    says: 'A second copy of a START begins the run once more.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: "valid = start !== 'void';",
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['p2-every-transition-once'],
    runs: 500,
  },
  {
    name: 'late-start-counts',
    rule: 'R17, F2-19',
    says: 'A START begins its run however long after its id was made it arrives.',
    edits: [
      {
        file: 'runtime/started-runs.ts',
        find: 'return appendedAt - made <= START_LATE_MAX_MS &&',
        replace: 'return',
      },
    ],
    scenario: MERCHANT,
    profile: 'clock',
    oracles: ['r17-starts', 'p2-every-transition-once'],
    runs: 4_000,
  },
  {
    name: 'early-start-counts',
    rule: 'R17',
    says: 'A START begins its run however far in the future its id was made.',
    edits: [
      {
        file: 'runtime/started-runs.ts',
        find: ' && made - appendedAt <= CLOCK_SKEW_MAX_MS',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'hostile',
    oracles: ['r17-starts'],
    runs: 2_000,
  },
  {
    name: 'starts-forgotten-at-takeover',
    rule: 'R17',
    says: 'A new owner knows only the STARTs after the mark: a second copy of an older one begins the run again.',
    edits: [
      {
        file: 'runtime/start-memory.ts',
        find: 'if (run !== undefined) this.backlog.started.admit(run, time);',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'crashy',
    oracles: ['p2-every-transition-once'],
    runs: 4_000,
  },
  {
    name: 'starts-lost-at-takeover',
    rule: 'P1, R8',
    says: 'STARTs that nobody has taken up are left lying when the partition changes hands.',
    edits: [
      {
        file: 'runtime/start-backlog.ts',
        find: 'if (!one.gone && !this.started.admit(one.run, one.time)) this.remove(one);',
        replace: 'if (!one.gone) this.remove(one);',
      },
    ],
    scenario: MERCHANT,
    profile: 'calm',
    oracles: ['p1-start-never-lost'],
    runs: 500,
  },
];

/** An unknown outcome is taken for a refusal; `numbers` says what becomes of the numbers. */
function lostBatch(numbers: string): Sabotage['edits'] {
  return [
    {
      file: 'runtime/writer.ts',
      find: 'if (error instanceof AppendRefused && !error.retriable) {',
      replace: "if (batch.records[0].header.kind !== 'CLAIM') {",
    },
    {
      file: 'runtime/outgoing.ts',
      find: 'refused: (_batch, reason) => events.stop(`an append was refused: ${reason.message}`),',
      replace: `refused: () => events.guard(() => {
        const { sent } = this;
        this.sent = undefined;
        ${numbers}
        this.ready.push(...sent.offers);
        this.markDue = true;
        this.writer.settle();
        this.pump();
      }),`,
    },
  ];
}
