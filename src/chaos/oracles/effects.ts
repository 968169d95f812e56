/*
 * Effects as outsiders see them: what the Log scheduled, what it recorded, what the services saw.
 *
 * Owns: the index by effect key that the oracles of activities and retries share. Copies (CARRY) are
 * left out: a running activity belongs to its key, not to an offset (R11).
 */
import type { Json } from '../../wire/json.ts';
import type { ParkReason } from '../../wire/record.ts';
import type { Activity, Cause, WorkflowError } from '../../wire/state.ts';
import type { History, LedgerEntry } from '../history.ts';
import { sameJson } from '../same-json.ts';
import type { Entry, Openable, Reading } from './log-reading.ts';

/** A valid STEP that carries an activity. */
export interface Scheduled {
  readonly entry: Entry;
  readonly activity: Activity;
  readonly notBefore: number | undefined;
  readonly openable: Openable | undefined;
}

/** A valid record that an activity's outcome led to. */
export interface Recorded {
  readonly entry: Entry;
  readonly attempt: number;
  readonly result?: Json;
  readonly error?: WorkflowError;
}

export interface Effect {
  readonly key: string;
  readonly scheduled: Scheduled[];
  readonly recorded: Recorded[];
  /** answers that stand with strands which were put aside as they came, to be heard when they go on */
  readonly kept: Recorded[];
  readonly calls: LedgerEntry[];
}

export type Effects = ReadonlyMap<string, Effect>;

export function readEffects(reading: Reading, ledger: History['ledger']): Effects {
  const effects = new Map<string, Effect>();
  const of = (key: string): Effect => {
    let effect = effects.get(key);
    if (effect === undefined) effects.set(key, (effect = newEffect(key)));
    return effect;
  };
  for (const { units, openables } of reading.partitions) {
    for (const { records } of units) {
      for (const entry of records) {
        if (!hasCause(entry.header.kind)) continue;
        const { body } = entry;
        const cause = causeOf(body);
        // A strand that is parked as dead or suspended goes nowhere: its record repeats the last cause.
        const moves = body.kind !== 'PARK' || MOVES.has(body.why);
        // Of a strand whose end rides in the record (R6), what it was told rides there, too.
        let told = cause;
        while (told?.kind === 'joined') told = told.last?.cause;
        if (told?.kind === 'activity' && moves && !saysAgain(told, records[0]!, of(told.key))) {
          of(told.key).recorded.push(recorded(entry, told));
        }
        if (told?.kind === 'activity' && body.kind === 'PARK' && body.pending === true) {
          of(told.key).kept.push(recorded(entry, told));
        }
        if (body.kind !== 'STEP' || body.activity === undefined) continue;
        of(body.activity.key).scheduled.push({
          entry,
          activity: body.activity,
          notBefore: body.notBefore,
          openable: openables.get(entry.identity),
        });
      }
    }
  }
  for (const call of ledger) of(call.key).calls.push(call);
  return effects;
}

/** A strand that is let go on says once more what it had heard before it was put aside. */
function saysAgain(told: ActivityCause, first: Entry, { recorded: before }: Effect): boolean {
  if (first.body.kind !== 'RESUME' || first.body.why !== 'resumed') return false;
  const last = before.at(-1);
  if (last === undefined || last.attempt !== told.attempt) return false;
  return sameJson(outcomeOf(last), outcomeOf(told));
}

function outcomeOf({ error, result = null }: Pick<Recorded, 'error' | 'result'>): Json {
  return error === undefined ? { result } : { error: { ...error } };
}

function newEffect(key: string): Effect {
  return { key, scheduled: [], recorded: [], kept: [], calls: [] };
}

/** Reasons to be parked for strands that have moved on to where they are parked. */
const MOVES: ReadonlySet<ParkReason> = new Set(['wait', 'retry', 'listen'] as const);

type ActivityCause = Extract<Cause, { kind: 'activity' }>;

function recorded(entry: Entry, { attempt, result, error }: ActivityCause): Recorded {
  return {
    entry,
    attempt,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  };
}

function hasCause(kind: Entry['header']['kind']): boolean {
  return kind === 'STEP' || kind === 'PARK' || kind === 'END' || kind === 'CANCELLING';
}

/** What led to a record; undefined for kinds that have no cause. */
export function causeOf(body: Entry['body']): Cause | undefined {
  return 'cause' in body ? body.cause : undefined;
}

/** The first characters of a key: enough to find it, short enough to read. */
export function shortKey(key: string): string {
  return key.length > 12 ? `${key.slice(0, 12)}...` : key;
}
