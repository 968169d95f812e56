/*
 * Hashes and what is derived from them. Pure: randomness and time come in as arguments.
 *
 * K1 these functions are frozen: partitions, effect keys and jitter of every running instance depend
 *    on them. Their golden values are in test/wire/hash.test.ts.
 */
import { hash } from 'node:crypto';

const MASK = 0xffff_ffff;
const TWO_32 = 2 ** 32;
const GOLDEN_RATIO = 0x9e37_79b9;
const HOME = /~(0|[1-9]\d{0,8})$/;
const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?=$|~)/;

/** Lower-case hex SHA-256, of the UTF-8 encoding of a text. */
export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/**
 * The idempotency key of one activity (P3): equal exactly when all of these are. The request counts
 * by its digest, the activation stands for where and how often flow has come here.
 */
export function effectKey(
  run: string,
  strand: string,
  activation: number,
  role: 'do' | 'compensate',
  requestDigest: string,
): string {
  return sha256Hex(JSON.stringify([run, strand, activation, role, requestDigest])).slice(0, 32);
}

/**
 * The partition in which a run and all it awaits live (PROTOCOL.md R1). An id that the engine derived
 * may carry its home as a suffix, `<id>~<home>`: then that is the answer.
 */
export function homeOf(run: string, partitions: number): number {
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new RangeError(`there cannot be ${partitions} partitions`);
  }
  const carried = Number(HOME.exec(run)?.[1] ?? Number.NaN);
  return carried < partitions ? carried : hash32(run) % partitions;
}

/** MurmurHash3 (x86, 32 bit) of the UTF-8 encoding of `text`. */
export function hash32(text: string, seed = 0): number {
  const bytes = utf8Of(text);
  const whole = bytes.length & ~3;
  let hash = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= whole; at--) rest = (rest << 8) | (bytes[at] as number);
  hash ^= scramble(rest) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Where short texts become bytes: most of what is hashed is an id. */
const SHORT = new Uint8Array(64);
const SHORTS = Array.from({ length: SHORT.length + 1 }, (_, length) => SHORT.subarray(0, length));

/** Good until the next call. */
function utf8Of(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT.length) return Buffer.from(text, 'utf8');
  for (let at = 0; at < length; at++) {
    const char = text.charCodeAt(at);
    if (char > 127) return Buffer.from(text, 'utf8');
    SHORT[at] = char;
  }
  return SHORTS[length]!;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e_2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b87_3593);
}

/** A number in [0, 1), uniform over texts and counters, always the same for the same two. */
export function unit(seedText: string, counter: number): number {
  const high = hash32(seedText, counter & MASK);
  const low = hash32(seedText, (counter ^ GOLDEN_RATIO) & MASK);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** A UUID of version 7 (RFC 9562): `ms` since the epoch and 74 bits from `random`, uniform in [0, 1). */
export function uuidv7(ms: number, random: () => number): string {
  if (!Number.isInteger(ms) || ms < 0 || ms >= 2 ** 48) {
    throw new RangeError(`${ms} is not a time that a UUID can hold`);
  }
  const time = hex(ms, 12);
  const [a, b, c] = [bits(random), bits(random), bits(random)];
  const version = hex(0x7000 | (a >>> 20), 4);
  const variant = hex(0x8000 | (a & 0x3fff), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${hex(b, 8)}${hex(c >>> 16, 4)}`;
}

/**
 * The id of a run that the engine begins itself (PROTOCOL.md R1): equal for equal causes, and at home
 * where the one is that began it. `ms` is the time of the step.
 */
export function derivedRunId(
  run: string,
  strand: string,
  activation: number,
  ms: number,
  home: number,
): string {
  const digest = sha256Hex(JSON.stringify([run, strand, activation]));
  let at = 0;
  const random = (): number => Number.parseInt(digest.slice(at, (at += 8)), 16) / TWO_32;
  return `${uuidv7(ms, random)}~${home}`;
}

/** The id under which a schedule is known in the Log, with its home (PROTOCOL.md R1). */
export function scheduleId(namespace: string, name: string, partitions: number): string {
  const text = `schedule:${namespace}/${name}`;
  return `${text}~${homeOf(text, partitions)}`;
}

/** The home that a derived id carries. */
export function carriedHome(id: string): number | undefined {
  const home = HOME.exec(id)?.[1];
  return home === undefined ? undefined : Number(home);
}

function bits(random: () => number): number {
  return Math.floor(random() * TWO_32) >>> 0;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** When a run id was made, ms since the epoch; undefined when it does not say. */
export function timeOfRunId(run: string): number | undefined {
  const match = UUID_7.exec(run);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}
