/*
 * The names of all mutants: each is one rule of PROTOCOL.md left out or got wrong. The code of the model
 * asks `broken(name)` where the rule would act; mutants.ts says what each of them means.
 */
export const MUTANTS = [
  'tenure-ignored',
  'numbers-ignored',
  'claim-known-by-its-answer',
  'second-claim-ignored',
  'number-used-twice',
  'two-appends-in-flight',
  'unit-over-two-batches',
  'unit-forgets-a-target',
  'answer-taken-for-validity',
  'activity-before-its-record',
  'mark-past-open-record',
  'mark-past-unapplied-park',
  'mark-without-tenure',
  'mark-of-another-number',
  'carry-forgets-ends',
  'carry-changes-identity',
  'carry-with-its-successor',
  'trimmed-to-the-mark',
  'trimmed-past-the-backup',
  'trimmed-within-the-window',
  'window-counted-from-now',
  'fold-without-compare',
  'applied-before-the-rows',
  'rows-loaded-before-reading',
  'resumed-rows-forgotten',
  'lost-commits-ignored',
  'anyone-resumes',
  'row-looks-before-it-is-stored',
  'events-not-kept',
  'offset-without-its-event',
  'starts-not-compared',
  'starts-known-from-the-mark',
  'starts-have-no-window',
  'undone-while-it-runs',
  'earlier-step-never-started',
] as const;

export type MutantName = (typeof MUTANTS)[number];

export type Broken = { readonly [name in MutantName]?: true };
