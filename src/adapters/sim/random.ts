/*
 * Seeded randomness: every draw of a simulated world comes from a stream that is named, so that a
 * fault which adds or removes draws in one place does not shift the draws of another.
 *
 * Invariant: a stream depends on its name alone, never on what was drawn from other streams.
 */

/** A uniform number in [0, 1). */
export type Random = () => number;

/** FNV-1a over the UTF-16 code units of the parts, with a separator between them: from two starts at once. */
function fold(parts: readonly (string | number)[]): readonly [number, number] {
  let one = 0x81_1c_9d_c5;
  let other = 0x2f_6e_2b_1d;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      one = Math.imul(one ^ unit, 0x01_00_01_93);
      other = Math.imul(other ^ unit, 0x01_00_01_93);
    }
    one = Math.imul(one ^ 0xff_ff, 0x01_00_01_93);
    other = Math.imul(other ^ 0xff_ff, 0x01_00_01_93);
  }
  return [one >>> 0, other >>> 0];
}

/** A stream of 32-bit integers named by `parts` (sfc32, warmed up). */
export function integers(...parts: readonly (string | number)[]): () => number {
  let [a, b] = fold(parts);
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
