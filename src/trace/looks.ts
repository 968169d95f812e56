/*
 * Which expressions look at what was taken out of a trace, by the names under which it goes: the last
 * part of its pointer, the members at which its markers stand, and all that the texts of a step rename
 * these to. Only text is looked at, so it errs on the side of looking.
 *
 * K1. An expression looks at a value if it does more than hand it on, and names it, or names nothing: what
 *     goes through all members, or takes the whole, meets it.
 * K2. A schema that says something of a member looks at it.
 */
import type { Json } from '../wire/index.ts';

/** What jq has to look into a value with; everything else hands it on. */
export const LOOKS =
  /[=!<>]=|[<>]|[-*/%]\s|@\w|\\\(|\b(?:if|select|and|or|not|any|all|IN|in|inside|has|contains|index|rindex|indices|test|match|capture|scan|split|splits|sub|gsub|startswith|endswith|ltrimstr|rtrimstr|trim|ltrim|rtrim|tostring|tonumber|tojson|fromjson|length|utf8bytelength|type|ascii_\w+|explode|implode|unique\w*|group_by|sort\w*|min\w*|max\w*|add|floor|ceil|round|sqrt|pow|abs|now|date\w*|\w*time|keys\w*|to_entries|from_entries|with_entries|map_values|range|limit|first|last|nth|until|while|repeat|recurse|walk|env|error|halt|join|flatten|reverse|ascii|tojson|numbers|strings|booleans|nulls|arrays|objects|iterables|scalars|values|isnan|isinfinite|infinite|test)\b/;
/** What meets members without naming them. What is merged with others is handed on. */
const WHOLE =
  /\.\.|(?<![\w\])"'?])\.\[|\b(?:to_entries|with_entries|map_values|paths|leaf_paths|getpath|tostream|walk|recurse|tojson|tostring|env)\b|@(?:json|text|base64|sh|uri|csv|tsv|html)\b|(?:\$(?:context|input|output|workflow|task)\b(?!\s*[.[])|(?<![\w\])"'?])\.(?![\w."[]))\s*(?:\||[=!<>]=|[<>])|[=!<>]=\s*\$(?:context|input|output)\b(?!\s*[.[])/;
const WORD = /[\w$]+/g;

/** Whether a text of a step, in `sources`, looks at what `pointer` has taken out of `values`. */
export function looksAt(
  sources: readonly unknown[],
  values: readonly unknown[],
  pointer: string,
): boolean {
  const names = new Set([pointer.slice(pointer.lastIndexOf('/') + 1)]);
  const sign = `⟦${pointer}#`;
  for (const value of values) marked(value, '', sign, names);
  for (let before = 0; before < names.size;) {
    before = names.size;
    for (const source of sources) rename(source, '', names);
  }
  return sources.some((source) => look(source, names));
}

/** Names of the members at which markers stand. */
function marked(value: unknown, name: string, sign: string, names: Set<string>): void {
  if (typeof value === 'string') {
    if (name !== '' && value.includes(sign)) names.add(name);
  } else if (Array.isArray(value)) {
    for (const part of value) marked(part, name, sign, names);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) marked(part, key, sign, names);
  }
}

/** What the texts of `source` call by another name; `key`: the member at which it stands. */
function rename(source: unknown, key: string, names: Set<string>): boolean {
  if (typeof source === 'string') {
    if (!mentions(source, names)) return false;
    for (const [name, text] of members(source)) if (mentions(text, names)) names.add(name);
    for (const [, name] of source.matchAll(/\bas\s+(\$\w+)/g)) names.add(name!);
    if (key !== '') names.add(key);
    return true;
  }
  if (typeof source !== 'object' || source === null) return false;
  let found = false;
  for (const [name, part] of Object.entries(source)) {
    if (rename(part, Array.isArray(source) ? key : name, names)) found = true;
  }
  if (!found) return false;
  // Variables that hold a part of it: of a loop, of an error that tells it.
  for (const variable of ['each', 'as']) {
    const name = (source as { readonly [key: string]: Json })[variable];
    if (typeof name === 'string' && /^\w+$/.test(name)) names.add(`$${name}`).add(name);
  }
  return true;
}

function look(source: unknown, names: ReadonlySet<string>): boolean {
  if (typeof source === 'string') {
    return LOOKS.test(source) && (WHOLE.test(source) || mentions(source, names));
  }
  if (typeof source !== 'object' || source === null) return false;
  const { properties } = source as { readonly properties?: unknown };
  if (typeof properties === 'object' && properties !== null) {
    if (Object.keys(properties).some((name) => names.has(name))) return true;
  }
  return Object.values(source).some((part) => look(part, names));
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  for (const [word] of text.matchAll(WORD)) if (names.has(word)) return true;
  return false;
}

/** The members that object constructions in a text make, each with the text of its value. */
function* members(text: string): Generator<readonly [name: string, value: string]> {
  for (const found of text.matchAll(/(?:([\w$]+)|"([^"]*)"|\))\s*:/g)) {
    const from = found.index + found[0].length;
    let depth = 0;
    let at = from;
    for (; at < text.length; at++) {
      const char = text[at]!;
      if ('([{'.includes(char)) depth += 1;
      else if (')]}'.includes(char) && --depth < 0) break;
      else if (char === ',' && depth === 0) break;
    }
    yield [found[1] ?? found[2] ?? '', text.slice(from, at)];
  }
}
