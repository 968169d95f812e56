/* What plain data takes in memory, roughly: good enough to bound it, and cheap. Pure. */

/** Bytes per member of an object or an array, and for what holds them. */
const MEMBER_BYTES = 16;
const HOLDER_BYTES = 48;
/** Data nests less (JSON_DEPTH_MAX), and what holds it adds little. */
const DEPTH_MAX = 2_000;

/** Weight of `value` with all that is in it, bytes. What is shared counts each time. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return HOLDER_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return MEMBER_BYTES;
  return weightOfHolder(value, 0);
}

function weightOfHolder(holder: object, depth: number): number {
  // what nests deeper than data may (JSON_DEPTH_MAX) is not looked into
  if (depth > DEPTH_MAX) return HOLDER_BYTES;
  let bytes = HOLDER_BYTES;
  if (Array.isArray(holder)) {
    bytes += MEMBER_BYTES * holder.length;
    for (const item of holder as readonly unknown[]) {
      if (typeof item === 'string') bytes += HOLDER_BYTES + item.length;
      else if (typeof item === 'object' && item !== null) bytes += weightOfHolder(item, depth + 1);
    }
    return bytes;
  }
  for (const name in holder) {
    bytes += MEMBER_BYTES;
    const member = (holder as Record<string, unknown>)[name];
    if (typeof member === 'string') bytes += HOLDER_BYTES + member.length;
    else if (typeof member === 'object' && member !== null)
      bytes += weightOfHolder(member, depth + 1);
  }
  return bytes;
}
