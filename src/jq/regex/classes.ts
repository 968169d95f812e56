/*
 * Character classes of Oniguruma under UTF-8, each as the inside of a JavaScript bracket, and what is
 * outside of each.
 */
export const POSIX: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{M}\\p{N}',
  alpha: '\\p{L}\\p{M}',
  ascii: '\\x00-\\x7f',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  graph: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}',
  lower: '\\p{Ll}',
  print: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}',
  punct: '\\p{P}\\p{S}',
  space: '\\p{White_Space}',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{M}\\p{N}\\p{Pc}',
};
/** Classes by letter, as the inside of a bracket. */
export const CLASSES: Readonly<Record<string, string>> = {
  d: POSIX['digit']!,
  s: POSIX['space']!,
  w: POSIX['word']!,
  h: POSIX['xdigit']!,
};

/** All that is outside a class, as the inside of a bracket. */
export function complementOf(name: string): string {
  return COMPLEMENTS[name] ?? '';
}

const ALL_CATEGORIES = ['L', 'M', 'N', 'P', 'S', 'Z', 'C'];

function outside(...categories: string[]): string {
  return ALL_CATEGORIES.filter((category) => !categories.includes(category))
    .map((category) => `\\p{${category}}`)
    .join('');
}

const NOT_PC = '\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}';
export const COMPLEMENTS: Readonly<Record<string, string>> = {
  d: '\\P{Nd}',
  digit: '\\P{Nd}',
  s: '\\P{White_Space}',
  space: '\\P{White_Space}',
  w: outside('L', 'M', 'N', 'P') + NOT_PC,
  word: outside('L', 'M', 'N', 'P') + NOT_PC,
  h: '\\x00-/:-@G-`g-\\u{10ffff}',
  xdigit: '\\x00-/:-@G-`g-\\u{10ffff}',
  alnum: outside('L', 'M', 'N'),
  alpha: outside('L', 'M'),
  ascii: '\\x80-\\u{10ffff}',
  blank:
    '\\x00-\\x08\\n-\\x1f!-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}',
  cntrl: '\\P{Cc}',
  graph: outside('L', 'M', 'N', 'P', 'S'),
  lower: '\\P{Ll}',
  print: `${outside('L', 'M', 'N', 'P', 'S', 'Z')}\\p{Zl}\\p{Zp}`,
  punct: outside('P', 'S'),
  upper: '\\P{Lu}',
};
