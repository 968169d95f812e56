/*
 * Taking values out before they reach a file. What a pointer names is found wherever user data stands -
 * the pointer may begin at any depth, for data moves - and from then on the same value is taken out of
 * everything else of its run: copies under other names, and texts that quote it.
 *
 * T1. In the place of a value stands a marker with a keyed digest: equal values have equal markers.
 * T2. A value is known from the record in which a pointer names it on, until its run has ended.
 * T3. What an expression has made of a value - a part, a hash, another spelling - is not recognised:
 *     its own pointer must be named as well.
 */
import {
  canonicalJson,
  decodeRecord,
  encodeRecord,
  type Json,
  type RecordHeader,
} from '../wire/index.ts';
import { marker } from './marker.ts';
import { withUserData } from './user-data.ts';

/** Texts shorter than this are taken out where they are the whole value, not where others quote them. */
const QUOTED_MIN = 4;

interface Taken {
  readonly marker: string;
  /** it is looked for within texts */
  readonly quoted: boolean;
}

/** A pointer that cannot be taken out. */
export class RedactError extends Error {
  override readonly name = 'RedactError';
}

export class Redactor {
  private readonly pointers: readonly {
    readonly pointer: string;
    readonly steps: readonly string[];
  }[];
  /** keyed digest of a text, lower-case hex, at least 16 digits */
  private readonly digest: (text: string) => string;
  /** values that are taken out of a run, as canonical JSON of scalars */
  private readonly taken = new Map<string, Map<string, Taken>>();

  constructor(pointers: readonly string[], digest: (text: string) => string) {
    for (const pointer of pointers) {
      if (!/^(?:\/[^/⟦⟧#]+)+$/.test(pointer)) {
        throw new RedactError(
          `${JSON.stringify(pointer)} is no JSON pointer of a value: expected /name or /name/name`,
        );
      }
    }
    this.pointers = pointers.map((pointer) => ({
      pointer,
      steps: pointer
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    }));
    this.digest = digest;
  }

  /** The records of a unit without what is to be taken out. */
  records(records: readonly Uint8Array[], headers: readonly RecordHeader[]): readonly Uint8Array[] {
    const decoded = records.map((bytes) => decodeRecord(bytes));
    // First all are looked at: a unit may show a value in one record and name it in the next.
    for (const { body, header } of decoded) {
      withUserData(body, (value) => {
        this.look(value, this.knownOf(header.run));
        return value;
      });
    }
    return decoded.map((record, index) => {
      const known = this.taken.get(record.header.run);
      if (known === undefined || known.size === 0) return records[index]!;
      const body = withUserData(record.body, (value) => this.clean(value, known));
      return encodeRecord({ header: headers[index]!, body });
    });
  }

  /** The run has ended. */
  forget(run: string): void {
    this.taken.delete(run);
  }

  private knownOf(run: string): Map<string, Taken> {
    let known = this.taken.get(run);
    if (known === undefined) this.taken.set(run, (known = new Map()));
    return known;
  }

  /** Learns the values that the pointers name in `value`, at any depth. */
  private look(value: unknown, known: Map<string, Taken>): void {
    if (typeof value !== 'object' || value === null) return;
    for (const { pointer, steps } of this.pointers) {
      const found = at(value, steps);
      if (found !== undefined) this.learn(found as Json, pointer, known);
    }
    for (const part of Object.values(value)) this.look(part, known);
  }

  private learn(value: Json, pointer: string, known: Map<string, Taken>): void {
    const text = canonicalJson(value);
    if (known.has(text) || (typeof value === 'string' && value.startsWith('⟦'))) return;
    const digest = this.digest(text);
    const quoted =
      (typeof value === 'string' && value.length >= QUOTED_MIN) ||
      (typeof value === 'number' && text.length >= QUOTED_MIN);
    known.set(text, { marker: marker(pointer, digest), quoted });
    if (typeof value !== 'object' || value === null) return;
    for (const part of Object.values(value) as Json[]) this.learn(part, pointer, known);
  }

  private clean<T>(value: T, known: ReadonlyMap<string, Taken>): T {
    return this.walk(value, known, false) as T;
  }

  private walk(value: unknown, known: ReadonlyMap<string, Taken>, named: boolean): unknown {
    if (typeof value === 'string') return this.text(value, known, named);
    if (typeof value === 'number') {
      const taken = known.get(canonicalJson(value));
      return taken !== undefined && (named || taken.quoted) ? taken.marker : value;
    }
    if (typeof value !== 'object' || value === null) {
      const taken = named ? known.get(canonicalJson(value as Json)) : undefined;
      return taken === undefined ? value : taken.marker;
    }
    if (named || this.isWhole(value)) {
      const taken = known.get(canonicalJson(value as Json));
      if (taken !== undefined) return taken.marker;
    }
    if (Array.isArray(value)) return value.map((part) => this.walk(part, known, false));
    const made: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(value)) {
      made[this.text(key, known, false, true)] = part;
    }
    for (const { steps } of this.pointers) this.take(made, steps, known);
    for (const [key, part] of Object.entries(made)) made[key] = this.walk(part, known, false);
    return made;
  }

  /** What a pointer names in this very object. */
  private take(
    object: Record<string, unknown>,
    steps: readonly string[],
    known: ReadonlyMap<string, Taken>,
  ): void {
    const [step, ...rest] = steps;
    if (step === undefined || !Object.hasOwn(object, step)) return;
    if (rest.length === 0) {
      object[step] = this.walk(object[step], known, true);
      return;
    }
    const inner = object[step];
    if (typeof inner !== 'object' || inner === null) return;
    const copy = (Array.isArray(inner) ? [...inner] : { ...inner }) as Record<string, unknown>;
    this.take(copy, rest, known);
    object[step] = copy;
  }

  /** Objects and arrays are held against what was taken out only where that had some. */
  private isWhole(value: object): boolean {
    return Object.keys(value).length > 0;
  }

  private text(
    value: string,
    known: ReadonlyMap<string, Taken>,
    named: boolean,
    key = false,
  ): string {
    const whole = known.get(JSON.stringify(value));
    if (whole !== undefined && (named || (!key && value.length > 0) || whole.quoted)) {
      return whole.marker;
    }
    let text = value;
    for (const [said, taken] of known) {
      if (!taken.quoted) continue;
      const plain = said.startsWith('"') ? (JSON.parse(said) as string) : said;
      if (text.includes(plain)) text = text.replaceAll(plain, taken.marker);
    }
    return text;
  }
}

function at(value: unknown, steps: readonly string[]): unknown {
  let here = value;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}
