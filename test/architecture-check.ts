/* Reads sources and holds them to the table of architecture.ts. Pure: paths and texts in, findings out. */
import { posix } from 'node:path';
import {
  BANNED_IN_PURE,
  BANNED_IN_RUNTIME,
  BANNED_OUTSIDE,
  ENTRY_POINTS,
  FOLDERS,
  type Folder,
  GENERATED,
  MEETS_THE_WORLD,
  SCRIPTS,
} from './architecture.ts';

/** Path from the root of the repository, with slashes -> text. */
export type Sources = ReadonlyMap<string, string>;

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export function check(sources: Sources): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [file, text] of sources) {
    const find = (at: number, message: string): void => {
      findings.push({ file, line: text.slice(0, at).split('\n').length, message });
    };
    if (file.startsWith('test/')) checkTest(text, find);
    if (!file.startsWith('src/') || !file.endsWith('.ts') || SCRIPTS.test(file)) continue;
    const name = folderOf(file);
    const folder = name === undefined ? undefined : FOLDERS[name];
    if (name === undefined || folder === undefined) {
      find(0, `no folder of the table holds this file: give it its place in test/architecture.ts`);
      continue;
    }
    for (const { specifier, at } of importsOf(text)) {
      const fault = importFault(file, name, folder, specifier);
      if (fault !== undefined) find(at, fault);
    }
    if (!GENERATED.test(file)) checkWords(name, folder, text, find);
  }
  return [...findings, ...deadFiles(sources)];
}

type Find = (at: number, message: string) => void;

function checkTest(text: string, find: Find): void {
  for (const { index } of codeOf(text).matchAll(/\b(?:test|it|describe|suite)\.only\b/g)) {
    find(index, 'takes all other tests away: remove .only');
  }
}

function checkWords(name: string, folder: Folder, text: string, find: Find): void {
  const code = codeOf(text);
  const bans = [
    ...(folder.role === 'pure' ? BANNED_IN_PURE : []),
    ...(MEETS_THE_WORLD.includes(name.split('/')[0] ?? '') ? [] : BANNED_OUTSIDE),
  ];
  const found = new Set<number>();
  for (const { pattern, instead } of bans) {
    for (const { 0: word, index } of code.matchAll(new RegExp(pattern, 'g'))) {
      if (!found.has(index)) find(index, `${word.trim()} is not for src/${name}: ${instead}`);
      found.add(index);
    }
  }
  if (name === 'runtime') {
    for (const { pattern, instead } of BANNED_IN_RUNTIME) {
      for (const { 0: word, index } of withoutComments(text).matchAll(global(pattern))) {
        find(index, `src/runtime names an adapter (${word}): ${instead}`);
      }
    }
  }
  for (const { 0: word, index } of text.matchAll(/\b(?:FIXME|TODO)\b/g)) {
    find(index, `${word}: do it, or open an issue and say here what holds today`);
  }
}

function global(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, `${pattern.flags}g`);
}

/** The key of FOLDERS that a file belongs to: the longest one that is a folder above it. */
export function folderOf(file: string): string | undefined {
  const folder = posix.dirname(file).slice('src/'.length);
  if (posix.dirname(file) === 'src') return '';
  return Object.keys(FOLDERS)
    .filter((name) => name !== '' && (folder === name || folder.startsWith(`${name}/`)))
    .sort((a, b) => b.length - a.length)[0];
}

function importFault(file: string, name: string, folder: Folder, to: string): string | undefined {
  if (to.startsWith('node:')) {
    if (folder.node === 'any' || folder.node?.includes(to)) return undefined;
    return `src/${name} may not import ${to}: ask for it through a port, or take it as an argument`;
  }
  if (!to.startsWith('.')) {
    const allowed = folder.packages ?? [];
    const fits = (entry: string): boolean =>
      entry.endsWith('/') ? to === entry.slice(0, -1) || to.startsWith(entry) : to === entry;
    if (allowed.some(fits)) return undefined;
    return (
      `src/${name} may not import the package ${to} (allowed: ${allowed.join(', ') || 'none'}): ` +
      'keep a library in the one folder that owns it'
    );
  }
  const target = posix.join(posix.dirname(file), to);
  if (!target.startsWith('src/')) return `src imports from src only, not ${target}`;
  const other = folderOf(target);
  if (other === name || folder.imports.includes(other ?? '?')) return undefined;
  return (
    `src/${name} may not import src/${other ?? '?'} (allowed: ${folder.imports.join(', ') || 'none'}): ` +
    'move what both need to a folder below them, or pass it in'
  );
}

function deadFiles(sources: Sources): readonly Finding[] {
  const used = new Set<string>(ENTRY_POINTS);
  for (const [file, text] of sources) {
    for (const { specifier } of importsOf(text)) {
      if (specifier.startsWith('.')) used.add(posix.join(posix.dirname(file), specifier));
    }
  }
  return [...sources.keys()]
    .filter((file) => file.startsWith('src/') && file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .filter((file) => !used.has(file) && !SCRIPTS.test(file))
    .map((file) => ({ file, line: 1, message: 'nothing imports it: use it or remove it' }));
}

interface Import {
  readonly specifier: string;
  readonly at: number;
}

const IMPORT =
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"]+)\1|\bimport\s*\(?\s*(['"])([^'"]+)\3|\bnew URL\(\s*(['"])(\.[^'"]+\.ts)\5/g;

export function importsOf(text: string): readonly Import[] {
  const code = codeOf(text);
  return [...text.matchAll(IMPORT)]
    .filter(({ index }) => code[index] !== ' ')
    .map((match) => ({ specifier: match[2] ?? match[4] ?? match[6] ?? '', at: match.index }));
}

/** The text with comments blanked out; places stay where they are. */
export function withoutComments(text: string): string {
  return blank(text, ({ kind }) => kind === 'comment');
}

/** The code alone: comments, strings, texts of templates and regular expressions blanked out. */
export function codeOf(text: string): string {
  return blank(text, () => true);
}

interface Piece {
  readonly kind: 'comment' | 'text';
  readonly from: number;
  readonly to: number;
}

function blank(text: string, chosen: (piece: Piece) => boolean): string {
  let result = '';
  let done = 0;
  for (const piece of pieces(text)) {
    if (!chosen(piece)) continue;
    result += text.slice(done, piece.from);
    result += text.slice(piece.from, piece.to).replaceAll(/[^\n]/g, ' ');
    done = piece.to;
  }
  return result + text.slice(done);
}

/** A slash begins a regular expression where a value may begin. */
const BEFORE_VALUE =
  /(?:[([{,;=:!&|?+\-*%^~<>]|\b(?:return|typeof|case|in|of|throw|new|await))\s*$|^\s*$/;

function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  const templates: number[] = []; // depth of braces of each template that we are inside of
  let braces = 0;
  let at = 0;
  const add = (kind: Piece['kind'], to: number): void => {
    found.push({ kind, from: at, to });
    at = to;
  };
  while (at < text.length) {
    const char = text[at];
    const rest = text.startsWith('//', at) ? '//' : text.startsWith('/*', at) ? '/*' : '';
    if (rest === '//') add('comment', indexOr(text, '\n', at));
    else if (rest === '/*') add('comment', indexOr(text, '*/', at) + 2);
    else if (char === "'" || char === '"') add('text', afterQuote(text, at + 1, char));
    else if (char === '`') at = template(at + 1);
    else if (char === '}' && templates.at(-1) === braces) {
      templates.pop();
      at = template(at + 1);
    } else if (char === '/' && BEFORE_VALUE.test(text.slice(Math.max(0, at - 20), at))) {
      add('text', afterRegExp(text, at + 1));
    } else {
      if (char === '{') braces += 1;
      if (char === '}') braces -= 1;
      at += 1;
    }
  }
  return found;

  function template(from: number): number {
    let to = from;
    while (to < text.length && text[to] !== '`' && !text.startsWith('${', to)) {
      to += text[to] === '\\' ? 2 : 1;
    }
    found.push({ kind: 'text', from, to });
    if (!text.startsWith('${', to)) return to + 1;
    templates.push(braces);
    return to + 2;
  }
}

function indexOr(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found;
}

function afterQuote(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '\n')
    at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function afterRegExp(text: string, from: number): number {
  let inClass = false;
  let at = from;
  for (; at < text.length && text[at] !== '\n'; at++) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) break;
  }
  return at + 1;
}
