/*
 * Whether a step depends on what was taken out of the trace. Asked in two ways:
 *
 * D1. An expression on its way that names what was taken out, and does more with it than hand it on,
 *     reads it.
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
import { pointersIn, substituted } from './marker.ts';

/** Puts values in the places of markers. */
export type Vary = <T>(value: T) => T;

/** How many of the values that a definition and its data mention are tried. */
const MENTIONED_MAX = 60;
const NUMBERS = /-?\d+(?:\.\d+)?/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'([^']*)'/g;
/** What jq has to look into a value with; everything else hands it on. */
const LOOKS =
  /[=!<>]=|[<>]|[-*/%]\s|@\w|\\\(|\b(?:if|select|and|or|not|any|all|IN|in|inside|has|contains|index|rindex|indices|test|match|capture|scan|split|splits|sub|gsub|startswith|endswith|ltrimstr|rtrimstr|trim|ltrim|rtrim|tostring|tonumber|tojson|fromjson|length|utf8bytelength|type|ascii_\w+|explode|implode|unique\w*|group_by|sort\w*|min\w*|max\w*|add|floor|ceil|round|sqrt|pow|abs|now|date\w*|\w*time|keys\w*|to_entries|from_entries|with_entries|map_values|range|limit|first|last|nth|until|while|repeat|recurse|walk|env|error|halt|join|flatten|reverse|ascii|tojson|numbers|strings|booleans|nulls|arrays|objects|iterables|scalars|values|isnan|isinfinite|infinite|test)\b/;

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
  const texts = textsOn(base, plan);
  const named = pointers.find((pointer) => texts.some((text) => reads(text, pointer)));
  if (named !== undefined) return named;
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

/** D1 */
function reads(text: string, pointer: string): boolean {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  const at = text.search(new RegExp(`(?<![\\w])${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w])`));
  return at >= 0 && LOOKS.test(text);
}

type Attempted = Outcome | { readonly failed: string } | undefined;

function attempt(run: (vary: Vary) => Outcome | undefined, vary: Vary): Attempted {
  try {
    return run(vary);
  } catch (error) {
    return { failed: error instanceof Error ? error.name : 'error' };
  }
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

/** The texts of the tasks that a step goes through, and of the workflow around them. */
function textsOn(base: Attempted, plan: Plan | undefined): string[] {
  const document = plan?.definition.document;
  if (base === undefined || document === undefined) return [];
  const visited = 'transitions' in base ? base.transitions : [];
  const found: string[] = [];
  texts(sources(document, visited), found);
  return found;
}

function texts(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) texts(part, found);
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
function sources(document: unknown, visited: readonly Transition[]): unknown {
  if (visited.length === 0) return document;
  return [...new Set(visited.map(({ pointer }) => pointer))].map((pointer) =>
    pointer === '' ? { ...(document as object), do: null } : at(document, pointer),
  );
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
