/*
 * Where this implementation differs from jq 1.8.2, and why. Names with an arity are builtins that do
 * not compile here; the others are properties of the language.
 */
export interface Deviation {
  readonly name: string;
  readonly reason: string;
}

const NO_INPUTS = 'an expression has one input, its dot';
const NO_PROCESS = 'an expression cannot end its host; use error';
const NO_MODULES = 'there are no modules; define functions in the expression';
const NO_FILES = 'an expression knows of no files';

export const DEVIATIONS: readonly Deviation[] = [
  { name: 'input/0', reason: NO_INPUTS },
  { name: 'inputs/0', reason: NO_INPUTS },
  { name: 'input_line_number/0', reason: NO_INPUTS },
  { name: 'input_filename/0', reason: NO_FILES },
  { name: 'halt/0', reason: NO_PROCESS },
  { name: 'halt_error/0', reason: NO_PROCESS },
  { name: 'halt_error/1', reason: NO_PROCESS },
  { name: 'modulemeta/0', reason: NO_MODULES },
  { name: 'get_search_list/0', reason: NO_MODULES },
  { name: 'get_prog_origin/0', reason: NO_MODULES },
  { name: 'get_jq_origin/0', reason: NO_MODULES },
  { name: 'import, include, module', reason: NO_MODULES },
  { name: '$__prog_args', reason: 'the host names its variables itself' },
  {
    name: 'literal precision',
    reason:
      'numbers are doubles from the start, as in a jq built without decNumber (have_decnum is false)',
  },
  {
    name: 'integer-like keys',
    reason:
      'JavaScript objects iterate keys such as "10" first and in numeric order, jq in insertion order',
  },
  {
    name: 'regular expressions',
    reason:
      "Oniguruma's absent operator, conditionals, \\K, \\G, recursion (\\g) and grapheme classes have no counterpart in JavaScript, a pattern that uses them is an error; backtracking is not metered",
  },
  {
    name: '@base32d, @base32',
    reason: 'both are formats here; jq 1.8.2 documents them and knows neither at run time',
  },
  {
    name: 'local time',
    reason:
      'localtime and strflocaltime, where the host allows them, are UTC: a result must not depend on the machine',
  },
  {
    name: 'paths',
    reason: 'path(last(f)), path(reduce ..) and path(foreach ..) give the paths that jq loses',
  },
  { name: 'limits', reason: 'fuel, stack, string length and output size are bounded (limits.ts)' },
];
