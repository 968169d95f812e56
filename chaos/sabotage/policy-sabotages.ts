/*
 * Sabotages of what a document asks for and the engine decides in one step: who may try again and when,
 * whose word counts, what has been heard.
 */
import type { Sabotage } from './sabotage.ts';

const CLAIMS = 'scenarios/claims-desk.yaml';
const MERCHANT = 'scenarios/merchant-onboarding.yaml';
const REFUSAL = 'chaos/sabotage/scenarios/first-refusal.yaml';

export const POLICY_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'jitter-left-out',
    rule: 'P6',
    says: 'A retry is due when its delay is over, whatever jitter the policy asks for.',
    edits: [
      {
        file: 'core/backoff.ts',
        find: 'if (policy.jitter === undefined) return',
        replace: 'if (policy.jitter !== null) return',
      },
    ],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['p6-jitter-drawn', 'differential'],
    runs: 2_000,
  },
  {
    name: 'jitter-alike-for-all',
    rule: 'P6',
    says: 'All runs draw the same jitter: whoever failed together comes back together.',
    edits: [{ file: 'core/backoff.ts', find: 'unit(seed, n)', replace: "unit('', n)" }],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['p6-jitter-drawn'],
    runs: 2_000,
  },
  {
    name: 'jitter-beyond-its-bounds',
    rule: 'P6',
    says: 'Jitter is drawn from twice of what the policy allows.',
    edits: [{ file: 'core/backoff.ts', find: 'unit(seed, n)', replace: '2 * unit(seed, n)' }],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'retry-whatever-the-error',
    rule: 'P6',
    says: 'A policy with `when` tries again after every error.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'if (policy.when !== undefined && !policy.when(input, scope)) return undefined;',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'retry-without-exception',
    rule: 'P6',
    says: 'A policy with `exceptWhen` knows no exception.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'if (policy.exceptWhen?.(input, scope)) return undefined;',
        replace: '',
      },
    ],
    scenario: CLAIMS,
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'caught-whatever-the-error',
    rule: 'P2',
    says: 'A catch with `when` takes every error.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'if (node.when !== undefined && !node.when(input, scope)) return undefined;',
        replace: '',
      },
    ],
    scenario: MERCHANT,
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'caught-without-exception',
    rule: 'P2',
    says: 'A catch with `exceptWhen` knows no exception.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'if (node.exceptWhen?.(input, scope)) return undefined;',
        replace: '',
      },
    ],
    scenario: CLAIMS,
    profile: 'everything',
    oracles: ['differential'],
    runs: 1_000,
  },
  {
    name: 'first-declared-decides',
    rule: 'P5',
    says: 'Of branches that could each decide a fork it is the one that was declared first, whoever ended first.',
    edits: [
      {
        file: 'core/tasks/joining.ts',
        find: 'for (const index of order) {',
        replace: 'for (const index of [] as number[]) {',
      },
    ],
    scenario: REFUSAL,
    profile: 'everything',
    oracles: ['differential'],
    runs: 200,
  },
  {
    name: 'one-filter-met-twice',
    rule: 'R16',
    says: 'Who waits for one event of each kind is content with two of the same.',
    edits: [
      {
        file: 'core/tasks/listen.ts',
        find: "if (mode === 'all' && met.includes(index)) continue;",
        replace: '',
      },
    ],
    scenario: 'chaos/sabotage/scenarios/two-papers.yaml',
    profile: 'everything',
    oracles: ['differential'],
    runs: 200,
  },
];
