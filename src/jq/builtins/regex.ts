/*
 * `test`, `match`, `capture`, `scan`, `splits`, `sub`: jq's view of the matches of regex/match.ts.
 */
import { type Code, type Each, type Frame, heightOf, many } from '../compile/code.ts';
import { eachMatch, type Match, pattern, type Span } from '../regex/match.ts';
import { spend, state, typeError } from '../state.ts';
import { add } from '../values/arithmetic.ts';
import { type Json, type JsonObject, setKey } from '../values/json.ts';
import { codePointLength, hasSurrogates } from '../values/unicode.ts';
import { type Builtins, native2, special } from './kinds.ts';

function subject(input: Json): string {
  return typeof input === 'string'
    ? input
    : typeError(input, 'cannot be matched, as it is not a string');
}

/** UTF-16 offsets to code points; they only grow while matches are read in order. */
function offsets(text: string): (unit: number) => number {
  if (!hasSurrogates(text)) return (unit) => unit;
  return (unit) => codePointLength(text.slice(0, unit));
}

function describe(text: string, match: Match, offset: (unit: number) => number): Json {
  const part = ({ start, end }: Span): { offset: number; length: number; string: string } => ({
    offset: offset(start),
    length: offset(end) - offset(start),
    string: text.slice(start, end),
  });
  const captures = match.groups.map(({ name, span }): Json => {
    if (span === undefined) return { offset: -1, length: 0, string: null, name };
    return { ...part(span), name };
  });
  return { ...part(match), captures };
}

function captured(text: string, match: Match): JsonObject {
  const made: JsonObject = {};
  for (const { name, span } of match.groups) {
    if (name !== null) setKey(made, name, span ? text.slice(span.start, span.end) : null);
  }
  return made;
}

/** A generator over the matches, for every pattern and every set of flags; flags loop outermost. */
function matching(
  args: readonly Code[],
  at: number,
  global: boolean,
  emit: (text: string, match: Match, offset: (unit: number) => number) => Json,
): Code {
  const [regex, flags] = args as [Code, Code];
  const each: Each = (input, frame, sink) =>
    flags.each(input, frame, (modifiers) =>
      regex.each(input, frame, (source) => {
        state.at = at;
        const text = subject(input);
        const compiled = pattern(source, global ? add(modifiers, 'g') : modifiers);
        const offset = offsets(text);
        return eachMatch(text, compiled, (match) => sink(emit(text, match, offset)));
      }),
    );
  return many(each, { height: heightOf(...args) + 4 });
}

function test(input: Json, regex: Json, flags: Json): Json {
  const text = subject(input);
  return eachMatch(text, pattern(regex, flags), () => true);
}

/** Without groups the text, with groups what they took. */
function scanned(text: string, match: Match): Json {
  if (match.groups.length === 0) return text.slice(match.start, match.end);
  return match.groups.map(({ span }) => (span ? text.slice(span.start, span.end) : null));
}

function splits(args: readonly Code[], at: number): Code {
  const [regex, flags] = args as [Code, Code];
  const each: Each = (input, frame, sink) =>
    regex.each(input, frame, (source) =>
      flags.each(input, frame, (modifiers) => {
        state.at = at;
        const text = subject(input);
        let from = 0;
        const compiled = pattern(source, add(modifiers, 'g'));
        const stopped = eachMatch(text, compiled, ({ start, end }) => {
          const piece = text.slice(from, start);
          from = end;
          return sink(piece);
        });
        return stopped || sink(text.slice(from));
      }),
    );
  return many(each, { height: heightOf(...args) + 4 });
}

/** One result per output of the replacement, each with that output at every match. */
function substitute(
  text: string,
  source: Json,
  modifiers: Json,
  replacement: Code,
  frame: Frame,
  sink: (output: Json) => boolean,
): boolean {
  const results: Json[] = [];
  let from = 0;
  let left = false;
  eachMatch(text, pattern(source, modifiers), (match) => {
    const gap = text.slice(from, match.start);
    let nth = 0;
    left = replacement.each(captured(text, match), frame, (insert) => {
      spend(1);
      results[nth] = add(results[nth] ?? null, add(gap, insert));
      nth++;
      return false;
    });
    from = match.end;
    return left;
  });
  if (left) return true;
  if (results.length === 0) return sink(text);
  const tail = text.slice(from);
  for (const result of results) if (sink(add(result, tail))) return true;
  return false;
}

function sub(args: readonly Code[], at: number): Code {
  const [regex, replacement, flags] = args as [Code, Code, Code];
  const each: Each = (input, frame, sink) =>
    regex.each(input, frame, (source) =>
      flags.each(input, frame, (modifiers) => {
        state.at = at;
        return substitute(subject(input), source, modifiers, replacement, frame, sink);
      }),
    );
  return many(each, { height: heightOf(...args) + 5 });
}

export const regex: Builtins = {
  'test/2': native2(test),
  'match/2': special(2, (args, at) => matching(args, at, false, describe)),
  'capture/2': special(2, (args, at) => matching(args, at, false, captured)),
  'scan/2': special(2, (args, at) => matching(args, at, true, scanned)),
  'splits/2': special(2, splits),
  'sub/3': special(3, sub),
};
