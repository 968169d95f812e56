/*
 * Markers: what stands in a trace where a value was taken out. A marker says by which pointer, and has a
 * keyed digest of the value: equal values have equal markers, and nobody without the key can guess them.
 */
import type { Json } from '../wire/index.ts';

const MARKER = /⟦(\/[^⟦⟧#]*)#([0-9a-f]{16})⟧/g;
const WHOLE = /^⟦(\/[^⟦⟧#]*)#([0-9a-f]{16})⟧$/;

export function marker(pointer: string, digest: string): string {
  return `⟦${pointer}#${digest.slice(0, 16)}⟧`;
}

/** The pointers of the markers in a value. */
export function pointersIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') {
    if (value.includes('⟦')) for (const [, pointer] of value.matchAll(MARKER)) found.add(pointer!);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      if (key.includes('⟦')) pointersIn(key, found);
      pointersIn(part, found);
    }
  }
  return found;
}

export function hasMarker(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('⟦');
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) {
    if (key.includes('⟦') || hasMarker((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

/** The value with each marker of `pointer` replaced by what `by` makes of its digest. */
export function substituted<T>(value: T, pointer: string, by: (digest: string) => Json): T {
  return walk(value, pointer, by) as T;
}

function walk(value: unknown, pointer: string, by: (digest: string) => Json): unknown {
  if (typeof value === 'string') {
    if (!value.includes('⟦')) return value;
    const whole = WHOLE.exec(value);
    if (whole !== null) return whole[1] === pointer ? by(whole[2]!) : value;
    return value.replaceAll(MARKER, (text, at: string, digest: string) => {
      if (at !== pointer) return text;
      const made = by(digest);
      return typeof made === 'string' ? made : JSON.stringify(made);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => walk(part, pointer, by));
  const made: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const name = key.includes('⟦') ? String(walk(key, pointer, by)) : key;
    made[name] = walk(part, pointer, by);
  }
  return made;
}
