/*
 * Where a text stops being JSON, and what would have been right there.
 *
 * YAML reads every JSON document, and gives the places; but a .json file that only YAML would accept
 * is a mistake, and JSON.parse does not always say where it is.
 */

export interface JsonFault {
  readonly offset: number;
  /** What stands there, quoted, or `the end of the file`. */
  readonly found: string;
  readonly expected: string;
  readonly hint?: string;
}

const SPACE = /[ \t\r\n]*/y;
// One character, or one escape, at a time: linear whatever the text.
// oxlint-disable-next-line no-control-regex -- JSON strings have no control characters
const STRING = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w.])/y;

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

const WORDS: Record<Wanted, string> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  ':': 'a colon after the key',
  ', or ]': 'a comma or ]',
  ', or }': 'a comma or }',
  end: 'nothing after the document',
};

/** The first place at which `text` is not JSON; undefined when it is JSON. */
export function jsonSyntaxFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = [];
  let wanted: Wanted = 'value';
  let offset = 0;
  for (;;) {
    offset = skip(SPACE, text, offset) ?? offset;
    const char = text[offset];
    if (char === undefined && wanted === 'end') return undefined;
    let next: Wanted | undefined;
    let end = offset + 1;
    const closes = wanted.endsWith('or ]') ? ']' : wanted.endsWith('or }') ? '}' : undefined;
    if (closes !== undefined && char === closes) {
      open.pop();
      next = afterValue(open);
    } else if (wanted === ':') {
      if (char === ':') next = 'value';
    } else if (wanted === ', or ]' || wanted === ', or }') {
      if (char === ',') next = wanted === ', or ]' ? 'value' : 'key';
    } else if (wanted === 'key' || wanted === 'key or }') {
      end = skip(STRING, text, offset) ?? -1;
      if (end >= 0) next = ':';
    } else if (wanted === 'end') {
      next = undefined;
    } else if (char === '[' || char === '{') {
      open.push(char);
      next = char === '[' ? 'value or ]' : 'key or }';
    } else {
      end = skip(STRING, text, offset) ?? skip(ATOM, text, offset) ?? -1;
      if (end >= 0) next = afterValue(open);
    }
    if (next === undefined) return fault(text, offset, wanted);
    wanted = next;
    offset = end;
  }
}

function afterValue(open: readonly ('[' | '{')[]): Wanted {
  const inside = open.at(-1);
  return inside === undefined ? 'end' : inside === '[' ? ', or ]' : ', or }';
}

function skip(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function fault(text: string, offset: number, wanted: Wanted): JsonFault {
  const char = text[offset];
  const found = char === undefined ? 'the end of the file' : JSON.stringify(wordAt(text, offset));
  let hint: string | undefined;
  if (char === '}' || char === ']') hint = 'remove the comma before it';
  else if (char === "'") hint = 'JSON strings stand in double quotes';
  else if (char === '/' || char === '#') hint = 'JSON has no comments; write YAML to have them';
  else if (char === '"') hint = wanted.startsWith(', or') ? 'add a comma' : undefined;
  return { offset, found, expected: WORDS[wanted], ...(hint === undefined ? {} : { hint }) };
}

function wordAt(text: string, offset: number): string {
  return /^[\w.$-]{1,20}|^[^]/u.exec(text.slice(offset, offset + 24))?.[0] ?? '';
}
