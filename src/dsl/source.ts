/*
 * Text to JSON value with places: the first half of loading a document.
 *
 * Owns: which texts are YAML (1.2 core schema) or JSON, the limits of a text, and one error for a text
 * that cannot be read. Does not own: what YAML nodes mean (source-tree.ts), what a workflow is.
 *
 * Invariants:
 *  T1 never throws, whatever the text; the value is undefined exactly when nothing can be checked;
 *  T2 a syntax error is one finding, the first, because the ones after it are its consequences;
 *  T3 the value is a tree of plain JSON: aliases are copied (within a budget), numbers are exact;
 *  T4 every position lies inside the text.
 */
import { Composer, type Document, isScalar, Lexer, LineCounter, Parser } from 'yaml';
import type { Json } from '../wire/json.ts';
import { jsonSyntaxFault } from './json-syntax.ts';
import type { Locate, Position } from './problem.ts';
import { DEPTH_MAX, type Placed, tooDeep, TreeReader } from './source-tree.ts';

/** Characters of one document: what is larger would not fit one record of the definitions topic. */
export const TEXT_CHARS_MAX = 512 * 1024;

export interface Source {
  readonly value?: Json;
  readonly findings: readonly Placed[];
  readonly locate: Locate;
}

/** Reads YAML, or JSON when the file's name says so. */
export function readSource(text: string, file: string): Source {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const fault = textFault(bare, file);
  if (fault !== undefined) return { findings: [fault], locate: () => undefined };
  const lines = new LineCounter();
  const place = (offset: number): Position => placeIn(lines, bare, file, offset);
  const documents: Document.Parsed[] = [];
  try {
    for (const each of compose(bare, lines)) if (documents.push(each) > 1) break;
  } catch (error) {
    const finding = error instanceof FirstFault ? error.finding(bare, place) : unreadable(error);
    return { findings: [finding], locate: () => undefined };
  }
  const [document, another] = documents;
  if (another !== undefined) {
    const finding: Placed = {
      code: 'several-documents',
      message: 'a second YAML document starts here; a file holds one workflow',
      pointer: '',
      expected: 'one document',
      hint: 'split the file at the `---` line',
      place: place(another.range[0]),
    };
    return { findings: [finding], locate: () => undefined };
  }
  const reader = new TreeReader(place);
  const contents = document?.contents ?? undefined;
  if (contents === undefined || (isScalar(contents) && contents.source === '')) {
    return { findings: [empty()], locate: () => undefined };
  }
  const value = reader.read(contents, '', 0);
  return {
    ...(reader.broken ? {} : { value }),
    findings: reader.findings,
    locate: (pointer, at) => reader.locate(contents, pointer, at),
  };
}

/** What makes a text unreadable before any grammar is asked. */
function textFault(text: string, file: string): Placed | undefined {
  if (text.length > TEXT_CHARS_MAX) {
    return {
      code: 'too-large',
      message: `the text has ${text.length} characters`,
      pointer: '',
      expected: `at most ${TEXT_CHARS_MAX} characters`,
      hint: 'keep large data out of the definition: pass it as input or fetch it in a task',
    };
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const before = text.slice(0, control.index);
    const line = before.split('\n').length;
    return {
      code: 'not-text',
      message: `the character U+${code} cannot stand in a document`,
      pointer: '',
      expected: 'a text in UTF-8',
      hint: 'the file may be binary, or saved in another encoding',
      place: { file, line, column: control.index - before.lastIndexOf('\n') },
    };
  }
  if (text.trim() === '') return empty();
  if (!/\.json$/i.test(file)) return undefined;
  const fault = jsonSyntaxFault(text);
  if (fault === undefined) return undefined;
  const before = text.slice(0, fault.offset);
  return {
    code: 'json-syntax',
    message: `${fault.found} is not JSON here`,
    pointer: '',
    expected: fault.expected,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    place: {
      file,
      line: before.split('\n').length,
      column: fault.offset - before.lastIndexOf('\n'),
    },
  };
}

function empty(): Placed {
  return {
    code: 'empty-document',
    message: 'there is no document in this file',
    pointer: '',
    expected: 'a workflow: `document` and `do`',
  };
}

/** The first syntax error, thrown to end the reading there: garbage makes one per token. */
class FirstFault extends Error {
  readonly code: string;
  readonly offset: number;

  constructor(offset: number, code: string, message: string) {
    super(message);
    this.offset = offset;
    this.code = code;
  }

  finding(text: string, place: (offset: number) => Position): Placed {
    return { ...describe(this, text), place: place(this.offset) };
  }
}

/** The yaml package's own pipeline, watched: it ends at the first error and at too deep nesting. */
function compose(text: string, lines: LineCounter): Generator<Document.Parsed> {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, intAsBigInt: true });
  // The composer collects errors through this member; its type says private, its use is stable.
  const watched = composer as unknown as { onError: OnError };
  let first: FirstFault | undefined;
  const failed: OnError = (source, code, message, warning) => {
    if (warning === true) return;
    // The composer takes what is thrown inside it for exhaustion and reports that here as well.
    first ??= new FirstFault(startOf(source), code, message);
    throw first;
  };
  watched.onError = failed;
  return composer.compose(tokens(text, lines), true, text.length) as Generator<Document.Parsed>;
}

type OnError = (source: ErrorSource, code: string, message: string, warning?: boolean) => void;
type ErrorSource = number | readonly [number, number] | { readonly offset: number };

function startOf(source: ErrorSource): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}

function* tokens(text: string, lines: LineCounter): ReturnType<Parser['parse']> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let depth = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > DEPTH_MAX) throw new FirstFault(offset, 'RESOURCE_EXHAUSTION', '');
    offset += MARKERS.has(lexeme) ? 0 : lexeme.length;
    for (const token of parser.next(lexeme)) {
      yield token;
      if (token.type === 'error') throw new FirstFault(token.offset, 'STREAM', token.message);
    }
  }
  yield* parser.end();
}

/** Lexemes that stand for a state of the lexer and not for a part of the text. */
const MARKERS = new Set(['\u0002', '\u0018', '\u001f']);

/** What the parser itself could not take. It recurses, so deep block nesting ends here. */
function unreadable(error: unknown): Placed {
  if (error instanceof RangeError) return tooDeep('');
  return syntax(`the text cannot be read: ${error instanceof Error ? error.message : 'no reason'}`);
}

function syntax(message: string, hint?: string): Placed {
  return {
    code: 'yaml-syntax',
    message,
    pointer: '',
    expected: 'well-formed YAML',
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The parser's error in words that help. */
function describe(error: FirstFault, text: string): Placed {
  const message = error.message.split('\n')[0] ?? '';
  const { code } = error;
  if (code === 'TAB_AS_INDENT') {
    return { ...syntax('a tab indents this line', 'use spaces'), code: 'yaml-tab' };
  }
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep('');
  if (code === 'BAD_ALIAS') return syntax(message, 'quote a value that starts with * or &');
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') {
    return syntax(message, "quote a value that contains ': ', for example '${ { a: .b } }'");
  }
  const line = text.slice(text.lastIndexOf('\n', error.offset - 1) + 1, error.offset + 1);
  return syntax(
    message,
    /[{[@`%]/.test(line) ? 'quote values that contain { [ @ ` or %' : undefined,
  );
}

function placeIn(lines: LineCounter, text: string, file: string, offset: number): Position {
  const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}
