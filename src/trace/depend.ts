/*
 * Whether a step depends on what was taken out of the trace. Asked in two ways:
 *
 * D1. An expression on its way that looks at what was taken out, under whatever name (looks.ts), reads
 *     it.
 * D2. The step is made again and again with other values in its place, of every kind and of those that
 *     its definition and its data mention. If the result is always the same but for the value itself, it
 *     is only carried along; else something read it under another name.
 *
 * Where one of them says so, nobody can tell what the step would have come to: it is never called equal.
 */
import type { Outcome, Transition } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { Json } from '../wire/index.ts';
import { isSame } from './diff.ts';
import { LOOKS, looksAt } from './looks.ts';
import { pointersIn, substituted } from './marker.ts';

/** Puts values in the places of markers. */
export type Vary = <T>(value: T) => T;

/** How many of the values that a definition and its data mention are tried. */
const MENTIONED_MAX = 60;
const NUMBERS = /-?\d+(?:\.\d+)?/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'([^']*)'/g;
/**
 * The first of the pointers on which the step depends. `run` makes the step with the values that it is
 * given; undefined = there is no step to be made. `from`: what it is made of.
 */
export function dependence(
  run: (vary: Vary) => Outcome | undefined,
  from: unknown,
  plan: Plan | undefined,
): string | undefined {
  const pointers = [...pointersIn(from)];
  if (pointers.length === 0) return undefined;
  const base = attempt(run, (value) => value);
  if (base === undefined) return undefined;
  const on = sourcesOn(base, plan);
  const named = pointers.find((pointer) => looksAt(on, [from, base], pointer));
  if (named !== undefined) return named;
  const texts: string[] = [];
  gather(on, texts);
  const tried = [...KINDS, ...mentions(texts, from).map((value) => () => value)];
  const shows = (vary: Vary): boolean =>
    !isSame(comparable(attempt(run, vary)), comparable(vary(base)));
  for (const pointer of pointers) {
    if (tried.some((by) => shows((value) => substituted(value, pointer, by)))) return pointer;
  }
  if (pointers.length < 2) return undefined;
  // One alone may make no difference as long as the other is none of its kind.
  const all =
    (by: (digest: string) => Json): Vary =>
    (value) =>
      pointers.reduce((made, pointer) => substituted(made, pointer, by), value);
  return KINDS.some((by) => shows(all(by))) ? pointers[0] : undefined;
}

type Attempted = Outcome | { readonly failed: string } | undefined;

function attempt(run: (vary: Vary) => Outcome | undefined, vary: Vary): Attempted {
  try {
    const made = run(vary);
    return made === undefined ? undefined : withoutPlans(made);
  } catch (error) {
    return { failed: error instanceof Error ? error.name : 'error' };
  }
}

/** Plans are what a strand follows, not what it comes to. */
function withoutPlans(made: Outcome): Outcome {
  const bare = <T extends { readonly outcome: Outcome }>(one: T): T =>
    ({ ...one, plan: null, outcome: withoutPlans(one.outcome) }) as unknown as T;
  const { next, runs } = made;
  const strands = next.kind === 'fork' ? { ...next, strands: next.strands.map(bare) } : next;
  const outcome: Outcome = { ...made, next: strands, runs: runs.map(bare) };
  const { merged } = made as Outcome & {
    readonly merged?: { readonly outcomes: readonly Outcome[] };
  };
  if (merged === undefined) return outcome;
  const outcomes = merged.outcomes.map(withoutPlans);
  return { ...outcome, merged: { ...merged, outcomes } } as Outcome;
}

const seed = (digest: string): number => Number.parseInt(digest.slice(0, 8), 16);

/** Values of each kind, such as patterns may tell apart; different ones for different digests where the kind has them. */
const KINDS: readonly ((digest: string) => Json)[] = [
  (digest) => `v${digest}`,
  (digest) => `${seed(digest)}`,
  (digest) => `4${seed(digest)} Some.One@example.com`,
  (digest) => `https://example.com/${digest}?a=b`,
  (digest) => `2026-01-02T03:04:05Z ${digest.toUpperCase()} `.repeat(9),
  () => '',
  (digest) => seed(digest),
  (digest) => -1 - seed(digest) / 7,
  (digest) => 1e12 + seed(digest),
  () => null,
  () => true,
  () => false,
  (digest) => [digest],
  (digest) => ({ [digest]: digest }),
];

/** The tasks that a step goes through, and the workflow around them. */
function sourcesOn(base: Attempted, plan: Plan | undefined): readonly unknown[] {
  const document = plan?.definition.document;
  if (base === undefined || document === undefined) return [];
  return sources(document, 'transitions' in base ? base.transitions : []);
}

function gather(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) gather(part, found);
  }
}

/** Values that an expression on the way may hold one that was taken out against. */
function mentions(said: readonly string[], from: unknown): Json[] {
  const found = new Set<Json>();
  for (const text of said) {
    for (const [, double, single] of text.matchAll(QUOTED)) {
      const quoted = double ?? single ?? '';
      found.add(quoted);
      // What a pattern would match, as far as it is plain text.
      for (const part of quoted.split('|')) found.add(part.replaceAll(/[\^$.*+?()[\]{}]/g, ''));
    }
    for (const [number] of text.matchAll(NUMBERS)) {
      const value = Number(number);
      for (const near of [value - 1, value, value + 1]) found.add(near);
    }
  }
  if (said.some((text) => LOOKS.test(text))) leaves(from, found);
  return [...found].slice(0, MENTIONED_MAX);
}

/** The tasks of a document that a step went through; all of it where that is not known. */
function sources(document: unknown, visited: readonly Transition[]): readonly unknown[] {
  if (visited.length === 0) return [document];
  return [...new Set(visited.map(({ pointer }) => pointer))].map((pointer) =>
    own(at(document, pointer)),
  );
}

/** A task without the tasks in it: those that a step goes through are looked at by themselves. */
export function own(task: unknown): unknown {
  if (typeof task !== 'object' || task === null) return task;
  const { do: _, fork: _fork, try: _try, ...rest } = task as Record<string, unknown>;
  for (const part of ['catch', 'foreach']) {
    const inner = rest[part];
    if (typeof inner !== 'object' || inner === null) continue;
    const { do: _do, ...kept } = inner as Record<string, unknown>;
    rest[part] = kept;
  }
  return rest;
}

/** The value that a JSON pointer names; undefined = none. */
export function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const step of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return here;
}

function leaves(value: unknown, found: Set<Json>): void {
  if (found.size >= MENTIONED_MAX) return;
  if (typeof value === 'string' || typeof value === 'number') {
    if (!String(value).includes('⟦')) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) leaves(part, found);
  }
}

/** What may not depend on the value; keys and digests are made of it by right. */
function comparable(made: Attempted): unknown {
  return JSON.parse(
    JSON.stringify(made ?? null, (key, value: unknown) =>
      key === 'key' || key === 'digest' || key === 'plan' || key === 'transitions'
        ? undefined
        : value,
    ),
  );
}
