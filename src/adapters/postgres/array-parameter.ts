/*
 * Arrays as binary parameters. A fold sends thousands of JSON texts in one statement: as an array
 * literal each quote in them would be escaped here and unescaped there; in binary form they are copied.
 *
 * Format (array_recv of PostgreSQL): dimensions, has-nulls, type of the elements; length and lower bound
 * of the one dimension; then each element behind its length, -1 for NULL.
 */

const OIDS = { int8: 20, text: 25, json: 114 } as const;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const INT8_BYTES = 8;

export function int8Array(values: readonly (number | null)[]): Buffer {
  const nulls = values.filter((value) => value === null).length;
  const size = values.length * (LENGTH_BYTES + INT8_BYTES) - nulls * INT8_BYTES;
  const { buffer, start } = begin(OIDS.int8, values.length, nulls > 0, size);
  let at = start;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : INT8_BYTES, at);
    if (value !== null) at = buffer.writeBigInt64BE(BigInt(value), at);
  }
  return buffer;
}

export function textArray(
  values: readonly (string | null)[],
  type: 'text' | 'json' = 'text',
): Buffer {
  let size = 0;
  for (const value of values) {
    size += LENGTH_BYTES + (value === null ? 0 : Buffer.byteLength(value));
  }
  const { buffer, start } = begin(OIDS[type], values.length, values.includes(null), size);
  let at = start;
  for (const value of values) {
    const bytes = value === null ? 0 : buffer.write(value, at + LENGTH_BYTES);
    at = buffer.writeInt32BE(value === null ? -1 : bytes, at) + bytes;
  }
  return buffer;
}

function begin(
  oid: number,
  length: number,
  nulls: boolean,
  size: number,
): { buffer: Buffer; start: number } {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + size);
  let at = buffer.writeInt32BE(1, 0);
  at = buffer.writeInt32BE(nulls ? 1 : 0, at);
  at = buffer.writeInt32BE(oid, at);
  at = buffer.writeInt32BE(length, at);
  at = buffer.writeInt32BE(1, at);
  return { buffer, start: at };
}
