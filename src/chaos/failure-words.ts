/*
 * A failure in words: the promise, what broke it, one sentence per fault, and the command that shows it
 * again. What tests, terminals and build servers print.
 */
import type { Violation } from './history.ts';
import { clockText } from './narrate.ts';
import type { FaultPlan } from './plan.ts';
import { runIdOf } from './world.ts';

/** Promises of DESIGN.md section 2, each in one short line of a user's words. */
const PROMISES: Readonly<Record<string, string>> = {
  P1: 'What was accepted is never lost',
  P2: 'Every step happens exactly once',
  P3: 'A repeated attempt has the same key and request',
  P4: 'No timer is lost, none fires early',
  P5: 'A fork joins once, results in order',
  P6: 'Retries never exceed the policy',
  P7: 'Compensations run in reverse, once each',
  P8: 'A run keeps the definition it started with',
  P9: 'Every run ends, or says what it waits for',
  P10: 'Nothing crashes a runner for good',
  P11: 'The write budget holds',
  P12: 'The same seed gives the same run',
  O19: 'A declared loss is noticed, and said',
};

export const RULES = 'rules';
export const YOURS = 'yours';

export const ROWS: readonly string[] = [...Object.keys(PROMISES), YOURS, RULES];

/** The row that a promise of an oracle is counted in. */
export function rowOf(promise: string): string {
  if (promise === 'scenario') return YOURS;
  return promise.startsWith('R') ? RULES : promise;
}

export function promiseWords(row: string): string {
  if (row === RULES) return 'The rules of the Log (R4, R5, R6, ...) hold';
  if (row === YOURS) return 'What the scenario itself demands holds';
  return PROMISES[row] ?? row;
}

/** Oracles name runs by their ids and times by the clock; people who read a story want neither. */
export function inWords(violations: readonly Violation[], plan: FaultPlan): Violation[] {
  const names = plan.instances.map((one) => [runIdOf(one), String(one.id)] as const);
  return violations.map((violation) => {
    let { said } = violation;
    for (const [run, name] of names) said = said.replaceAll(run, name);
    said = said.replaceAll(/\b\d{13}(?:\.\d+)?\b/g, (time) => clockText(Number(time)));
    return { ...violation, said };
  });
}

export interface ToldFailure {
  readonly violations: readonly Pick<Violation, 'promise' | 'oracle' | 'said'>[];
  readonly story: readonly string[];
  readonly where: string;
  readonly command: string;
}

const VIOLATIONS_MAX = 3;

/** What a test says when it fails: what broke, how, and how to see it again. */
export function failureText({ command, story, violations, where }: ToldFailure): string {
  const row = rowOf(violations[0]?.promise ?? '');
  // What the scenario itself demands has a name of its own, before the first colon.
  const own = violations[0]?.said.split(': ')[0] ?? row;
  const what = row === YOURS ? `"${own}" does not hold` : `${idOf(row, violations)} is broken`;
  const promise = row === YOURS ? '' : `: ${promiseWords(row)}`;
  const shown = violations
    .slice(0, VIOLATIONS_MAX)
    .map(({ oracle, said }) => `  ${said} (${oracle})`);
  const more = violations.length - VIOLATIONS_MAX;
  return [
    `${what} in ${where}${promise}.`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    '',
    ...(story.length === 0 ? ['No fault at all: it breaks by itself.'] : story),
    '',
    'Replay it:',
    `  ${command}`,
  ].join('\n');
}

/** A rule is named by its oracle, a promise by its number. */
function idOf(row: string, [first]: ToldFailure['violations']): string {
  return row === RULES ? (first?.oracle ?? row) : row;
}

/** Quoted for a shell where it has to be. */
export function shellWord(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that replays a token; scenarios in scenarios/ are found by their name alone. */
export function replayCommand(call: string, token: string, file: string): string {
  const found = /^(?:\.\/)?scenarios\//.test(file);
  return `${call} --replay ${token}${found ? '' : ` ${shellWord(file)}`}`;
}
