/*
 * What the front says about a document: one Problem per mistake, with the place, what was expected
 * there and, where there is one, the remedy.
 *
 * Findings are problems that do not know their place in the text yet: checks work on the document
 * and name things by JSON pointer; `placeProblem` adds file, line and column.
 */

/** Where a part of a document stands. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Finding {
  /** Stable, kebab-case; tests and tools rely on it. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer (RFC 6901) of the value at fault. */
  readonly pointer: string;
  readonly expected: string;
  readonly hint?: string;
  /** Point at the key in front of the value rather than at the value. */
  readonly at?: 'key' | 'value';
}

export interface Problem extends Position {
  readonly code: string;
  readonly message: string;
  readonly pointer: string;
  readonly expected: string;
  readonly hint?: string;
}

/** Finds a part of a document in its text; undefined for what is not there. */
export type Locate = (pointer: string, at?: 'key' | 'value') => Position | undefined;

/** Gives a finding its place: the nearest enclosing part that `locate` knows. */
export function placeProblem(finding: Finding, locate: Locate, file: string): Problem {
  const { code, message, pointer, expected, hint, at } = finding;
  let position = locate(pointer, at);
  for (let up = pointer; position === undefined && up !== '';) {
    up = up.slice(0, up.lastIndexOf('/'));
    position = locate(up, at);
  }
  const place = position ?? { file, line: 1, column: 1 };
  return {
    code,
    message,
    pointer,
    line: place.line,
    column: place.column,
    file: place.file,
    expected,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `a, b or c`. */
export function listWords(words: readonly string[], joint = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}

/** The candidate that `word` was most likely meant to be, if one is near enough to be believed. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const limit = Math.max(1, Math.floor(Math.min(word.length, candidate.length, 12) / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A ready-made remedy: `did you mean "x"?`, or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? undefined : `did you mean ${quote(candidate)}?`;
}

/** A name in a message; long ones are cut. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

/** Damerau-Levenshtein (adjacent transpositions), giving up early above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, at(before, j - 2) + 1);
      }
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
