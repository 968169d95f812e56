/*
 * Records that somebody puts into a partition who is no careful client: bytes that are no record, halves
 * of records, requests for runs that are not there, starts that nobody can carry out, owners' records
 * that no owner wrote (M1-M3, K15 of the catalogue).
 *
 * Invariant: none of them asks for anything that a runner may do on behalf of the workload.
 */
import type { Random } from '../adapters/sim/index.ts';
import type { StoredRecord } from '../ports/index.ts';
import { controlRecord, startRecord } from '../runtime/index.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  homeOf,
  type Json,
  uuidv7,
} from '../wire/index.ts';

export interface Ground {
  readonly random: Random;
  readonly partition: number;
  readonly partitions: number;
  /** virtual ms */
  readonly time: number;
  /** what stands in the partition */
  readonly log: readonly StoredRecord[];
}

export interface Hostile {
  readonly bytes: Uint8Array;
  /** the run that it begins or asks something of */
  readonly run?: string;
}

type Make = (ground: Ground) => Hostile;

/** A run id whose home is the partition, made at that time. */
function runAt({ partition, partitions, random }: Ground, time: number): string {
  for (;;) {
    const run = uuidv7(time, random);
    if (homeOf(run, partitions) === partition) return run;
  }
}

function bytesOf(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** JSON that has hurt programs: keys of prototypes, halves of characters, numbers at the edge, depth. */
function odd(random: Random): Json {
  let deep: Json = 'the bottom';
  for (let level = 0; level < 200 + Math.floor(random() * 200); level += 1) deep = [deep];
  return JSON.parse(
    `{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "": "\\ud800", "a/b~c": "\\u0000",
      "large": 1.7976931348623157e308, "whole": 9007199254740991, "small": -5e-324, "deep": ${JSON.stringify(deep)}}`,
  ) as Json;
}

/** Somebody else's workflow, which is not deployed here. */
const NOWHERE = { namespace: 'elsewhere', name: 'not-deployed', version: '9.9.9' };

function start(ground: Ground, input: Json, time = ground.time): Hostile {
  const run = runAt(ground, time);
  const record = startRecord({ run, definition: NOWHERE, input, time });
  return { bytes: encodeRecord(record), run };
}

function control(ground: Ground, verb: 'cancel' | 'compensate' | 'resume', args?: Json): Hostile {
  const { random, time } = ground;
  const run = runAt(ground, time);
  const id = `stranger-${Math.floor(random() * 1e9)}`;
  const about = args === undefined ? {} : { arguments: args };
  return { bytes: encodeRecord(controlRecord({ run, id, verb, time, ...about })), run };
}

/** In the order in which they are numbered in plans: new ones go to the end. */
const MAKES: readonly Make[] = [
  ({ random }) => ({ bytes: bytesOf(1 + Math.floor(random() * 60), random) }),
  () => ({ bytes: new Uint8Array(0) }),
  ({ log }) => ({ bytes: part(log.at(-1)?.bytes ?? new Uint8Array(8)) }),
  (ground) => control(ground, 'cancel'),
  (ground) => control(ground, 'compensate', odd(ground.random)),
  (ground) => control(ground, 'resume', odd(ground.random)),
  (ground) => start(ground, odd(ground.random)),
  (ground) => start(ground, 'x'.repeat(300_000)),
  // Void: made ten minutes ago.
  (ground) => start(ground, null, ground.time - 600_000),
  (ground) => forged(ground),
  (ground) => ({ bytes: part(start(ground, null).bytes) }),
  // Void: to be made in a minute.
  (ground) => start(ground, null, ground.time + 60_000),
];

export const HOSTILE_KINDS = MAKES.length;

/** The beginning of a record, so short that nobody can say of what kind it is. */
function part(bytes: Uint8Array): Uint8Array {
  for (let length = bytes.length >> 1; length > 0; length >>= 1) {
    const cut = bytes.slice(0, length);
    try {
      decodeHeader(cut);
    } catch {
      return cut;
    }
  }
  return new Uint8Array(0);
}

/** The next record of an owner, as if by somebody who knows its tenure but not its nonce. */
function forged({ log, random, time }: Ground): Hostile {
  for (const { bytes } of log.toReversed()) {
    try {
      const { body, header } = decodeRecord(bytes);
      if (header.n === 0) continue;
      const n = header.n + 1;
      const nonce = (header.nonce ^ (1 + Math.floor(random() * 1e9))) >>> 0;
      const about = { ...header, n, nonce, unit: n, unitSize: 1, time };
      return { bytes: encodeRecord({ header: about, body }) };
    } catch {
      // It was a stranger's.
    }
  }
  return { bytes: new Uint8Array([0]) };
}

export function hostileRecord(which: number, ground: Ground): Hostile {
  return MAKES[which % MAKES.length]!(ground);
}
