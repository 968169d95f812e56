/*
 * What a sabotage is: a classic bug of workflow engines, as small edits of this engine's source, and who
 * must notice it. The edits are applied to a copy; the source has no switch for any of them.
 *
 * Invariants: `find` occurs exactly once in its file, or the sabotage is stale, which is a failure; only
 * the oracles that are named count. They are named for what the bug breaks. Where one survived, its
 * workload was changed, never its budget; `state-written-in-place` got another oracle as well, and
 * `late-answer-of-older-attempt` another edit.
 */

export interface Edit {
  /** below src/ */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Workflows with all that the release runs (src/chaos/workload), each run of a hunt one of them. */
export const GENERATED_WORKFLOWS = 'generated workflows';

export interface Sabotage {
  readonly name: string;
  /** the rule or promise that it breaks, and its number in notes/chaos.md F2 if it has one */
  readonly rule: string;
  /** the bug, as whoever wrote it would tell it afterwards */
  readonly says: string;
  readonly edits: readonly Edit[];
  /** a file in scenarios/, or of the sabotages' own; or generated workflows, one after the other */
  readonly scenario: string;
  readonly profile: string;
  /** any of these must catch it */
  readonly oracles: readonly OracleName[];
  /** it must be caught within so many runs, in every campaign */
  readonly runs: number;
  /** limits for the patched and the sound engine, where a rule would not show in short runs */
  readonly limits?: { readonly carryDistance?: number; readonly markEveryMs?: number };
  /** how the definition changes while older runs are under way (P8) */
  readonly newer?: readonly Edit[];
  /** not caught so far, and what would have to be there to catch it: shown, not counted */
  readonly needs?: string;
}

export type OracleName =
  | 'p1-begun-once'
  | 'p1-event-never-lost'
  | 'p1-start-never-lost'
  | 'p2-every-transition-once'
  | 'p3-one-effect'
  | 'p4-timers'
  | 'p4-idle'
  | 'p4-schedules'
  | 'p5-fork-joins-once'
  | 'p6-retries-within-policy'
  | 'p6-jitter-drawn'
  | 'p7-compensations'
  | 'p8-definition-pinned'
  | 'p9-everything-ends'
  | 'p10-no-complaint'
  | 'p10-dead-letters'
  | 'p11-write-budget'
  | 'o19-declared-loss'
  | 'p12-same-seed-same-run'
  | 'r1-homes'
  | 'r2-inbox'
  | 'r3-tenures'
  | 'r4-numbers-without-gap'
  | 'r5-one-number-one-record'
  | 'r6-units-whole'
  | 'r7-acts-on-valid'
  | 'r9-closed-is-closed'
  | 'r10-marks-are-true'
  | 'r11-carries'
  | 'r12-index'
  | 'r12-log-whole'
  | 'r13-store-is-fold'
  | 'r14-store-not-behind'
  | 'r15-one-resolver'
  | 'r16-heard-once'
  | 'r17-starts'
  | 'r18-cancels'
  | 'r18-requests-done'
  | 'r19-outputs'
  | 'r20-takeovers'
  | 'r21-left-to-newer'
  | 'r22-results'
  | 'differential'
  | 'limits-kept'
  | 'r16-begun-by-events'
  | 'scenario-invariants';
