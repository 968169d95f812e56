/* What plain data takes in memory, roughly: good enough to bound it, and cheap. Pure. */

/** Bytes per member of an object or an array, and for what holds them. */
const MEMBER_BYTES = 16;
const HOLDER_BYTES = 48;

/** Weight of `value` with all that is in it, bytes. What is shared counts each time. */
export function weightOf(value: unknown): number {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'string') bytes += HOLDER_BYTES + one.length;
    else if (typeof one !== 'object' || one === null) bytes += MEMBER_BYTES;
    else if (Array.isArray(one)) {
      bytes += HOLDER_BYTES + MEMBER_BYTES * one.length;
      for (const item of one) if (isHeavy(item)) open.push(item);
    } else {
      bytes += HOLDER_BYTES;
      for (const name in one) {
        bytes += MEMBER_BYTES;
        const member = (one as Record<string, unknown>)[name];
        if (isHeavy(member)) open.push(member);
      }
    }
  }
  return bytes;
}

function isHeavy(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
