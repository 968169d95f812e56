/*
 * Strings by code points and by UTF-8 bytes, which is how jq counts, over JavaScript's UTF-16.
 * A lone surrogate has no UTF-8 form; it counts as one code point and three bytes (U+FFFD).
 */

/** Whether the string needs code-point arithmetic at all. */
export function hasSurrogates(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xf800) === 0xd800) return true;
  }
  return false;
}

function isPairAt(text: string, unit: number): boolean {
  return (
    (text.charCodeAt(unit) & 0xfc00) === 0xd800 && (text.charCodeAt(unit + 1) & 0xfc00) === 0xdc00
  );
}

export function codePointLength(text: string): number {
  let length = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if (isPairAt(text, i)) {
      length--;
      i++;
    }
  }
  return length;
}

/** The UTF-16 offset of a code-point offset; the length of the text when there are fewer. */
export function unitOffset(text: string, codePoints: number): number {
  let unit = 0;
  for (let n = 0; n < codePoints && unit < text.length; n++) unit += isPairAt(text, unit) ? 2 : 1;
  return unit;
}

export function sliceCodePoints(text: string, start: number, end: number): string {
  if (!hasSurrogates(text)) return text.slice(start, end);
  const from = unitOffset(text, start);
  return text.slice(from, from + unitOffset(text.slice(from), end - start));
}

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPairAt(text, i)) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** The longest prefix of at most `bytes` UTF-8 bytes that does not cut a character. */
export function clipUtf8(text: string, bytes: number): string {
  let used = 0;
  let unit = 0;
  while (unit < text.length) {
    const step = isPairAt(text, unit) ? 2 : 1;
    used += utf8Length(text.slice(unit, unit + step));
    if (used > bytes) break;
    unit += step;
  }
  return text.slice(0, unit);
}

export function encodeUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    let code = char.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return bytes;
}

/** Malformed sequences become U+FFFD one by one, or, when `strict`, the answer is undefined. */
export function decodeUtf8(bytes: readonly number[], strict: boolean): string | undefined {
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i]!;
    const length =
      first < 0x80
        ? 1
        : first < 0xc2
          ? 0
          : first < 0xe0
            ? 2
            : first < 0xf0
              ? 3
              : first < 0xf5
                ? 4
                : 0;
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    let taken = 1;
    while (taken < length && (bytes[i + taken]! & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[i + taken]! & 63);
      taken++;
    }
    const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0;
    const sound =
      length > 0 &&
      taken === length &&
      code >= least &&
      code <= 0x10ffff &&
      !(code >= 0xd800 && code <= 0xdfff);
    if (!sound && strict) return undefined;
    text += sound ? String.fromCodePoint(code) : '\ufffd';
    i += taken;
  }
  return text;
}
