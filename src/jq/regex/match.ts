/*
 * Patterns at work: compiled once per (pattern, flags) and remembered, matches as UTF-16 spans.
 */
import { fail, spend, typeError } from '../state.ts';
import type { Json } from '../values/json.ts';
import { PatternError, translate } from './translate.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Match extends Span {
  readonly groups: readonly { readonly name: string | null; readonly span: Span | undefined }[];
}

export interface Pattern {
  readonly regexp: RegExp;
  readonly groups: readonly { readonly index: number; readonly name: string | null }[];
  readonly global: boolean;
  /** `n`: empty matches do not count */
  readonly skipEmpty: boolean;
}

/** How many patterns are remembered; the oldest goes. */
const REMEMBERED = 200;
const known = new Map<string, Pattern>();

const MODIFIERS = /^[gixspnl]*$/;

export function pattern(regex: Json, modifiers: Json): Pattern {
  if (typeof regex !== 'string') return typeError(regex, 'is not a string');
  if (modifiers !== null && typeof modifiers !== 'string') {
    return typeError(modifiers, 'is not a string');
  }
  const flags = modifiers ?? '';
  const name = `${flags}/${regex}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  if (!MODIFIERS.test(flags)) return fail(`${flags} is not a valid modifier string`);
  const made = make(regex, flags);
  if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
  known.set(name, made);
  return made;
}

function make(regex: string, flags: string): Pattern {
  const ignoreCase = flags.includes('i');
  try {
    const { source, groups } = translate(regex, {
      extended: flags.includes('x'),
      ignoreCase,
      dotAll: flags.includes('p'),
    });
    return {
      regexp: new RegExp(source, ignoreCase ? 'dgiu' : 'dgu'),
      groups,
      global: flags.includes('g'),
      skipEmpty: flags.includes('n'),
    };
  } catch (error) {
    const reason =
      error instanceof PatternError || error instanceof SyntaxError ? error.message : 'unknown';
    return fail(`Regex failure: ${reason}`);
  }
}

/** Calls the sink per match, the first only unless the pattern is global, until it returns true. */
export function eachMatch(text: string, by: Pattern, sink: (match: Match) => boolean): boolean {
  const { regexp, groups } = by;
  let from = 0;
  while (from <= text.length) {
    spend(1);
    regexp.lastIndex = from;
    const found = regexp.exec(text);
    if (found === null) return false;
    const start = found.index;
    const end = start + found[0].length;
    from = end > start ? end : end + (isPair(text, end) ? 2 : 1);
    if (end === start && by.skipEmpty) {
      if (!by.global) return false;
      continue;
    }
    const spans = found.indices!;
    const match: Match = {
      start,
      end,
      groups: groups.map(({ index, name }) => {
        const pair = spans[index];
        return { name, span: pair && { start: pair[0], end: pair[1] } };
      }),
    };
    if (sink(match)) return true;
    if (!by.global) return false;
  }
  return false;
}

function isPair(text: string, unit: number): boolean {
  return (text.codePointAt(unit) ?? 0) > 0xffff;
}
