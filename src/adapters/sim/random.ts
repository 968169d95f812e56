/*
 * Seeded randomness: every draw of a simulated world comes from a stream that is named, so that a
 * fault which adds or removes draws in one place does not shift the draws of another.
 *
 * Invariant: a stream depends on its name alone, never on what was drawn from other streams.
 */

/** A uniform number in [0, 1). */
export type Random = () => number;

/** FNV-1a over the UTF-16 code units of the parts, with a separator between them. */
function fold(parts: readonly (string | number)[], start: number): number {
  let hash = start;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
    }
    hash = Math.imul(hash ^ 0xff_ff, 0x01_00_01_93);
  }
  return hash >>> 0;
}

/** A stream of 32-bit integers named by `parts` (sfc32, warmed up). */
export function integers(...parts: readonly (string | number)[]): () => number {
  let a = fold(parts, 0x81_1c_9d_c5);
  let b = fold(parts, 0x2f_6e_2b_1d);
  let c = Math.imul(a ^ 0x9e_37_79_b9, 0x85_eb_ca_6b) ^ b;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  // Similar names differ in few bits of the initial state: let them spread before the first draw.
  for (let turn = 0; turn < 12; turn += 1) next();
  return next;
}

/** A stream of uniform numbers named by `parts`. */
export function stream(...parts: readonly (string | number)[]): Random {
  const next = integers(...parts);
  return () => next() / 4_294_967_296;
}

/** A shuffled copy (Fisher-Yates): for results whose order nobody promised. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = result[last] as T;
    result[last] = result[other] as T;
    result[other] = kept;
  }
  return result;
}
