/*
 * Any string in a column of type text. PostgreSQL takes neither U+0000 nor half a surrogate pair; a
 * reason or a key may hold either. Such a string is stored as JSON behind a sign, all others as they are.
 */

/** No text of a person begins so; if one does, it is stored as JSON, too. */
const SIGN = '\u0001json:';

export function toText(value: string): string {
  const plain = value.isWellFormed() && !value.includes('\0') && !value.startsWith(SIGN);
  return plain ? value : SIGN + JSON.stringify(value);
}

export function fromText(column: string): string {
  return column.startsWith(SIGN) ? (JSON.parse(column.slice(SIGN.length)) as string) : column;
}
