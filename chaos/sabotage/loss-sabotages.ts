/*
 * Sabotages of what an engine does about losses, newer builds and newer definitions (PROTOCOL.md R12, R14,
 * R21, P8).
 */
import type { Sabotage } from './sabotage.ts';

const APPROVAL = 'scenarios/document-approval.yaml';
/** Its runs are put aside, and go on, at any moment. */
const RENTAL = 'scenarios/machine-rental.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';

export const LOSS_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'lost-commits-trusted',
    rule: 'R14',
    says: 'The rows of a Store are believed, although it says that it has lost commits.',
    edits: [
      {
        file: 'runtime/parked-rows.ts',
        find: 'if (applied < known) return this.events.lost(applied);',
        replace: '',
      },
    ],
    scenario: APPROVAL,
    profile: 'lossy-store',
    oracles: [
      'p2-every-transition-once',
      'p4-timers',
      'p9-everything-ends',
      'o19-declared-loss',
      'p10-no-complaint',
    ],
    runs: 2_000,
  },
  {
    name: 'tail-not-looked-at',
    rule: 'R12',
    says: 'An append that failed is sent again, whatever has become of what was read before.',
    edits: [
      {
        file: 'runtime/owner.ts',
        find: 'mayAppend: (again) => this.tailCheck.look(again),',
        replace: 'mayAppend: (again) => again(),',
      },
      {
        file: 'runtime/outgoing.ts',
        find: 'if (this.isLate(batch, base)) {',
        replace: 'if (base < 0) {',
      },
    ],
    scenario: MERCHANT,
    profile: 'lossy-broker',
    oracles: ['o19-declared-loss'],
    runs: 2_000,
  },
  {
    name: 'row-resumed-while-asked',
    rule: 'R15',
    says: 'A row that is resumed while it is on its way to a batch is brought back once more.',
    edits: [
      {
        file: 'runtime/rows-in-hand.ts',
        find: 'if (this.rows.size === 0 && this.questions.size === 0) return;',
        replace: 'if (this.rows.size >= 0) return;',
      },
    ],
    scenario: RENTAL,
    profile: 'everything',
    oracles: ['p2-every-transition-once', 'p10-no-complaint'],
    runs: 20_000,
  },
  {
    name: 'newer-records-acted-on',
    rule: 'R21',
    says: 'A build acts on records that are for newer ones.',
    edits: [
      {
        file: 'runtime/view.ts',
        find: '    if (header.minReader > READER) throw tooNew(header.minReader);\n',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'upgrade',
    oracles: ['r21-left-to-newer'],
    runs: 2_000,
  },
];
