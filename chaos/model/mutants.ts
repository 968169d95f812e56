/*
 * Mutants: the rules of PROTOCOL.md, one at a time left out or got wrong, and the smallest world that
 * shows why the rule is there. The search must find a counterexample for each.
 */
import type { MutantName } from './rules.ts';
import type { Configuration, Program } from './world.ts';

export interface Mutant {
  readonly name: MutantName;
  readonly rule: string;
  readonly says: string;
  readonly world: Configuration;
  /** the sabotage of the real engine that is the same mistake (chaos/sabotage) */
  readonly sabotage?: string;
}

/** Mutants whose counterexample, as a fault plan, breaks the engine that makes the same mistake. */
export const REPLAYED: readonly MutantName[] = [
  'second-claim-ignored',
  'tenure-ignored',
  'numbers-ignored',
  'number-used-twice',
  'activity-before-its-record',
  'mark-past-open-record',
  'mark-of-another-number',
  'carry-forgets-ends',
  'carry-changes-identity',
  'starts-not-compared',
  'starts-known-from-the-mark',
];

type Odds = Partial<Omit<Configuration, 'name' | 'says' | 'runs'>>;

function mutant(
  name: MutantName,
  rule: string,
  says: string,
  program: Program,
  odds: Odds,
  sabotage?: string,
): Mutant {
  const world = { runners: 2, usurpers: 0, crashes: 0, ...odds, name, says, runs: [program] };
  return { name, rule, says, world, ...(sabotage === undefined ? {} : { sabotage }) };
}

export const MUTANT_TABLE: readonly Mutant[] = [
  mutant(
    'claim-known-by-its-answer',
    'R3',
    'an owner begins when its CLAIM has landed, before it has read what stands before it',
    'step',
    { usurpers: 1 },
    'own-claim-not-read',
  ),
  mutant(
    'second-claim-ignored',
    'R3',
    'an owner whose CLAIM arrived twice goes on under the first copy',
    'step',
    { crashes: 1, copies: 1 },
    'second-claim-ignored',
  ),
  mutant(
    'tenure-ignored',
    'R4',
    'readers compare numbers only',
    'wait',
    { usurpers: 1 },
    'tenure-ignored',
  ),
  mutant(
    'numbers-ignored',
    'R4',
    'readers compare tenures only',
    'step',
    { copies: 1 },
    'numbers-ignored',
  ),
  mutant(
    'number-used-twice',
    'R5',
    'while an append has no answer, another one is sent under the same number',
    'wait',
    { cancel: true },
    'used-number-reused',
  ),
  mutant(
    'two-appends-in-flight',
    'R5, R6',
    'the next append is made before the last one is known to be valid',
    'step',
    {},
  ),
  mutant(
    'unit-over-two-batches',
    'R6',
    'the records of a unit are appended one by one',
    'wait',
    { usurpers: 1 },
    'unit-over-two-batches',
  ),
  mutant(
    'unit-forgets-a-target',
    'R6',
    'a join does not name the end of the other branch',
    'fork',
    {},
  ),
  mutant(
    'answer-taken-for-validity',
    'R7',
    'an append counts once it has landed, whatever stands before it',
    'step',
    { usurpers: 1 },
    'answer-taken-for-validity',
  ),
  mutant(
    'activity-before-its-record',
    'R7',
    'an activity begins when its record is sent',
    'step',
    {},
    'activity-before-its-record',
  ),
  mutant(
    'mark-past-open-record',
    'R10',
    'a mark is the place up to which its writer has read',
    'step',
    { marks: 1 },
    'mark-past-open-record',
  ),
  mutant(
    'mark-past-unapplied-park',
    'R10, R13',
    'a mark does not look at what the Store has applied',
    'wait',
    { marks: 1 },
    'mark-past-unapplied-park',
  ),
  mutant('mark-without-tenure', 'R10', 'a mark is an offset and nothing else', 'wait', {
    marks: 1,
    crashes: 1,
  }),
  mutant(
    'mark-of-another-number',
    'R10',
    'a mark takes its number from the head of the Log',
    'fork',
    { marks: 1, crashes: 1 },
    'mark-of-another-number',
  ),
  mutant(
    'carry-forgets-ends',
    'R11',
    'a joining STEP is carried without the ends so far',
    'fork',
    { carries: 1 },
    'carry-forgets-ends',
  ),
  mutant(
    'carry-changes-identity',
    'R11',
    'a CARRY names the copy before it',
    'step',
    { carries: 2 },
    'carry-changes-identity',
  ),
  mutant(
    'carry-with-its-successor',
    'R11',
    'a record is resolved and carried in one append',
    'step',
    { carries: 1 },
    'carry-with-its-successor',
  ),
  mutant('trimmed-to-the-mark', 'R12', 'the Log is trimmed to the mark, not to a CLAIM', 'wait', {
    marks: 1,
    trims: 1,
    crashes: 1,
  }),
  mutant(
    'trimmed-past-the-backup',
    'R12',
    'trimming looks at what the Store has, not at what it would have after a failover',
    'wait',
    { marks: 1, trims: 1, crashes: 1, failovers: 1 },
  ),
  mutant(
    'trimmed-within-the-window',
    'R12, R17',
    'STARTs that a reader must still compare with are trimmed',
    'step',
    { startAgain: true, windows: 2, marks: 1, trims: 1, crashes: 1 },
  ),
  mutant(
    'window-counted-from-now',
    'R12, R17',
    'what is trimmed is older than a window by the clock, not by the mark',
    'step',
    { startAgain: true, windows: 2, marks: 1, trims: 1, crashes: 1 },
  ),
  mutant(
    'fold-without-compare',
    'R13',
    'a transaction does not look at what was applied before it',
    'wait',
    { usurpers: 1, lateCommits: 1 },
  ),
  mutant(
    'applied-before-the-rows',
    'R13',
    'what is applied and the rows are written in two transactions',
    'wait',
    { crashes: 1 },
  ),
  mutant(
    'rows-loaded-before-reading',
    'R14',
    'whoever takes over asks for rows first and for the mark later',
    'wait',
    { marks: 1, crashes: 1 },
    'rows-loaded-before-the-claim',
  ),
  mutant(
    'resumed-rows-forgotten',
    'R14',
    'a row whose RESUME the Store has not applied yet is brought back again',
    'wait',
    { usurpers: 1 },
    'resumed-rows-forgotten',
  ),
  mutant(
    'lost-commits-ignored',
    'R14',
    'an owner does not notice that the Store is behind its mark',
    'wait',
    { marks: 1, crashes: 1, failovers: 1 },
  ),
  mutant(
    'anyone-resumes',
    'R15',
    'the correlator brings a parked strand back by itself',
    'listen',
    { cancel: true },
  ),
  mutant(
    'row-looks-before-it-is-stored',
    'R16',
    'a new subscription is compared with the kept events before it is committed',
    'listen',
    {},
  ),
  mutant('events-not-kept', 'R16', 'an event that nobody listens for yet is dropped', 'listen', {}),
  mutant(
    'offset-without-its-event',
    'R16',
    'the correlator moves its offset before it keeps the event',
    'listen',
    { crashes: 1 },
  ),
  mutant(
    'starts-not-compared',
    'R17',
    'a second copy of a START begins the run once more',
    'step',
    { startAgain: true },
    'starts-not-compared',
  ),
  mutant(
    'starts-known-from-the-mark',
    'R17',
    'a reader knows the STARTs after its mark only',
    'step',
    { startAgain: true, marks: 1, crashes: 1 },
    'starts-forgotten-at-takeover',
  ),
  mutant('starts-have-no-window', 'R17', 'a START may come as late as it likes', 'step', {
    startAgain: true,
    windows: 2,
    marks: 1,
    crashes: 1,
  }),
  mutant('undone-while-it-runs', 'R18', 'an activity that runs is undone at once', 'saga', {
    cancel: true,
  }),
  mutant(
    'earlier-step-never-started',
    'R18',
    'a STEP of an earlier tenure is taken for one that nobody has started',
    'saga',
    { cancel: true, crashes: 1 },
  ),
];
