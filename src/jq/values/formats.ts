/*
 * `@text`, `@json`, `@csv` and the others: a value as a string in some notation.
 */
import { checkLength, fail, spend, typeError } from '../state.ts';
import type { Json } from './json.ts';
import { textOf } from './text.ts';
import { decodeUtf8, encodeUtf8 } from './unicode.ts';

/** `tojson`, at the program's expense. */
export function toJson(value: Json): string {
  return checkLength(textOf(value, chargeOne));
}

function chargeOne(): void {
  spend(1);
}

export function toText(value: Json): string {
  return typeof value === 'string' ? value : toJson(value);
}

function escaped(text: string, table: Record<string, string>, pattern: RegExp): string {
  return text.replace(pattern, (char) => table[char]!);
}

const HTML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };
const TSV = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\' };

function row(value: Json, name: string, separator: string, cell: (text: string) => string): string {
  if (!Array.isArray(value)) return typeError(value, `cannot be ${name}-formatted, only array`);
  spend(value.length);
  const cells = value.map((item) => {
    if (item === null || Number.isNaN(item)) return '';
    if (typeof item === 'string') return cell(item);
    if (typeof item === 'object') return typeError(item, 'is not valid in a csv row');
    return textOf(item);
  });
  return cells.join(separator);
}

function shell(value: Json): string {
  const words = (Array.isArray(value) ? value : [value]).map((word) => {
    if (typeof word === 'string') return `'${word.replaceAll("'", "'\\''")}'`;
    if (word !== null && typeof word === 'object')
      return typeError(word, 'can not be escaped for shell');
    return textOf(word);
  });
  return words.join(' ');
}

const UNRESERVED = /^[A-Za-z0-9_.~-]$/;

function uri(text: string): string {
  return encodeUtf8(text)
    .map((byte) => {
      const char = String.fromCharCode(byte);
      if (UNRESERVED.test(char)) return char;
      return `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
    })
    .join('');
}

function fromUri(text: string): string {
  const invalid = (): never => typeError(text, 'is not a valid uri encoding');
  const bytes: number[] = [];
  const encoded = encodeUtf8(text);
  for (let i = 0; i < encoded.length; i++) {
    const byte = encoded[i]!;
    if (byte !== 0x25) bytes.push(byte);
    else {
      const hex = String.fromCharCode(encoded[i + 1] ?? 0, encoded[i + 2] ?? 0);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) invalid();
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    }
  }
  return decodeUtf8(bytes, true) ?? invalid();
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes in groups of `bits` bits, padded with `=` to a multiple of `block` characters. */
function encodeBits(
  bytes: readonly number[],
  alphabet: string,
  bits: number,
  block: number,
): string {
  let out = '';
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    count += 8;
    while (count >= bits) {
      count -= bits;
      out += alphabet[(held >> count) & ((1 << bits) - 1)]!;
    }
  }
  if (count > 0) out += alphabet[(held << (bits - count)) & ((1 << bits) - 1)]!;
  return out.padEnd(Math.ceil(out.length / block) * block, '=');
}

/** undefined at a character outside the alphabet; stops at the padding. */
function decodeBits(
  text: string,
  alphabet: string,
  bits: number,
): { bytes: number[]; chars: number } | undefined {
  const bytes: number[] = [];
  let held = 0;
  let count = 0;
  let chars = 0;
  for (const char of text) {
    if (char === '=') break;
    const digit = alphabet.indexOf(char);
    if (digit < 0) return undefined;
    chars++;
    held = ((held << bits) | digit) & 0xffff;
    count += bits;
    if (count >= 8) {
      count -= 8;
      bytes.push((held >> count) & 0xff);
    }
  }
  return { bytes, chars };
}

function fromBase64(text: string): string {
  const decoded = decodeBits(text, BASE64, 6);
  if (decoded === undefined) return typeError(text, 'is not valid base64 data');
  if (decoded.chars % 4 === 1) return typeError(text, 'trailing base64 byte found');
  return decodeUtf8(decoded.bytes, false) ?? '';
}

function fromBase32(text: string): string {
  const decoded = decodeBits(text, BASE32, 5);
  if (decoded === undefined) return typeError(text, 'is not valid base32 data');
  return decodeUtf8(decoded.bytes, false) ?? '';
}

const FORMATS: ReadonlyMap<string, (value: Json) => string> = new Map<
  string,
  (value: Json) => string
>([
  ['text', toText],
  ['json', toJson],
  ['csv', (value) => row(value, 'csv', ',', (text) => `"${text.replaceAll('"', '""')}"`)],
  ['tsv', (value) => row(value, 'tsv', '\t', (text) => escaped(text, TSV, /[\t\r\n\\]/g))],
  ['html', (value) => escaped(toText(value), HTML, /[&<>'"]/g)],
  ['uri', (value) => uri(toText(value))],
  ['urid', (value) => fromUri(toText(value))],
  ['sh', shell],
  ['base64', (value) => encodeBits(encodeUtf8(toText(value)), BASE64, 6, 4)],
  ['base64d', (value) => fromBase64(toText(value))],
  ['base32', (value) => encodeBits(encodeUtf8(toText(value)), BASE32, 5, 8)],
  ['base32d', (value) => fromBase32(toText(value))],
]);

export function format(name: Json, value: Json): string {
  if (typeof name !== 'string') return typeError(name, 'is not a valid format');
  const apply = FORMATS.get(name);
  if (apply === undefined) return fail(`${name} is not a valid format`);
  if (typeof value === 'string') spend(value.length >> 4);
  return checkLength(apply(value));
}
