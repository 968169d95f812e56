/*
 * Builtins that are clearest in the language itself. Each is parsed when a program first calls it and
 * compiled into that program like a definition of its own, so it costs what the program's own code costs.
 *
 * I1. Definitions see only builtins, never the program's functions.
 * I2. None of them calls itself, directly or through another.
 */
import type { Builtin, Builtins } from './kinds.ts';

function written(source: string): Builtin {
  const parameters = /^def [a-zA-Z_]+\(([^)]*)\)/.exec(source)?.[1];
  return {
    kind: 'written',
    arity: parameters === undefined ? 0 : parameters.split(';').length,
    source,
  };
}

/** `f(regex)` takes a string or `[regex, flags]`. */
function overloaded(name: string): string {
  return `def ${name}($val): ($val | type) as $kind
    | if $kind == "string" then ${name}($val; null)
      elif $kind == "array" and ($val | length) > 0 then ${name}($val[0]; $val[1])
      else error($kind + " not a string or array") end;`;
}

const ofType = (name: string, type: string): string => `def ${name}: select(type == "${type}");`;

export const prelude: Builtins = {
  'error/1': written('def error(message): message | error;'),
  'abs/0': written('def abs: if . < 0 then -. else . end;'),
  'first/0': written('def first: .[0];'),
  'last/0': written('def last: .[-1];'),
  'nth/1': written('def nth($n): .[$n];'),
  'in/1': written('def in(xs): . as $x | xs | has($x);'),
  'inside/1': written('def inside(xs): . as $x | xs | contains($x);'),
  'combinations/1': written('def combinations(n): . as $dot | [range(n) | $dot] | combinations;'),
  'debug/1': written('def debug(messages): (messages | debug | empty), .;'),
  'arrays/0': written(ofType('arrays', 'array')),
  'objects/0': written(ofType('objects', 'object')),
  'booleans/0': written(ofType('booleans', 'boolean')),
  'numbers/0': written(ofType('numbers', 'number')),
  'strings/0': written(ofType('strings', 'string')),
  'nulls/0': written('def nulls: select(. == null);'),
  'values/0': written('def values: select(. != null);'),
  'iterables/0': written('def iterables: select(type | . == "array" or . == "object");'),
  'scalars/0': written('def scalars: select(type | . != "array" and . != "object");'),
  'normals/0': written('def normals: select(isnormal);'),
  'finites/0': written('def finites: select(isfinite);'),
  'isfinite/0': written('def isfinite: type == "number" and (isinfinite | not);'),
  'todateiso8601/0': written('def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");'),
  'fromdateiso8601/0': written('def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;'),
  'todate/0': written('def todate: todateiso8601;'),
  'fromdate/0': written('def fromdate: fromdateiso8601;'),
  'test/1': written(overloaded('test')),
  'match/1': written(overloaded('match')),
  'capture/1': written(overloaded('capture')),
  'scan/1': written('def scan($re): scan($re; null);'),
  'splits/1': written('def splits($re): splits($re; null);'),
  'split/2': written('def split($re; $flags): [splits($re; $flags)];'),
  'sub/2': written('def sub($re; s): sub($re; s; "");'),
  'gsub/2': written('def gsub($re; s): sub($re; s; "g");'),
  'gsub/3': written('def gsub($re; s; flags): sub($re; s; flags + "g");'),
  'IN/1': written('def IN(s): any(s == .; .);'),
  'IN/2': written('def IN(src; s): any(src == s; .);'),
  'JOIN/2': written('def JOIN($idx; key): [.[] | [., $idx[key]]];'),
  'JOIN/3': written('def JOIN($idx; stream; key): stream | [., $idx[key]];'),
  'JOIN/4': written('def JOIN($idx; stream; key; join): stream | [., $idx[key]] | join;'),
  '_nwise/1': written(
    'def _nwise($n): if length <= $n then . else .[range(0; length; $n) as $i | {start: $i, end: ($i + $n)}] end;',
  ),
};
