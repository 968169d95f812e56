/*
 * Cutting a small trace from a large one: some runs, whole, with the definitions they follow.
 *
 * U1. A unit that concerns a chosen run is taken as it is: replay of the small one says of these runs
 *     what that of the large one says.
 */
import {
  decodeHeader,
  decodeRecord,
  hash32,
  type RecordHeader,
  type TraceUnit,
} from '../wire/index.ts';
import type { Trace } from './read-trace.ts';
import { workflowsIn } from './record-log.ts';
import { namedRun } from './story.ts';
import type { TraceWriter } from './write-trace.ts';

/** Which runs: those that are named, or one of each kind. */
export interface Cut {
  readonly instances: readonly string[];
  /** at most so many */
  readonly most: number;
}

/** A run, and the world that it is in. */
function keyOf({ world }: TraceUnit, run: string): string {
  return `${world} ${run}`;
}

/**
 * One run of each kind: two are of one kind when their strands went through the same tasks, records and
 * causes in the same order. Memory: what is alive, and one entry for each kind.
 */
export function kindsOf(units: Iterable<TraceUnit>, most: number): ReadonlySet<string> {
  const going = new Map<string, number>();
  const first = new Map<number, string>();
  for (const unit of units) {
    for (const bytes of unit.records) {
      const header = decodeHeader(bytes);
      if (header.run === '' || header.run.startsWith('schedule:')) continue;
      const key = keyOf(unit, header.run);
      const before = going.get(key) ?? 0;
      const now = hash32(`${before} ${signOf(header, bytes)}`);
      if (header.kind !== 'END' || header.strand !== '') going.set(key, now);
      else {
        going.delete(key);
        if (!first.has(now)) first.set(now, key);
      }
    }
  }
  // What is in flight at the end is of a kind of its own.
  for (const [key, sign] of going) if (!first.has(sign)) first.set(sign, key);
  return new Set([...first.values()].slice(0, most));
}

function signOf({ kind, strand }: RecordHeader, bytes: Uint8Array): string {
  if (kind !== 'STEP' && kind !== 'PARK' && kind !== 'END' && kind !== 'CANCELLING') return kind;
  const { body } = decodeRecord(bytes);
  const position = 'state' in body ? body.state.position : '';
  const failed =
    'cause' in body && body.cause.kind === 'activity' && body.cause.error !== undefined ? '!' : '';
  const ended = body.kind === 'END' && body.end.error !== undefined ? '!' : '';
  const cause = 'cause' in body ? body.cause.kind : '';
  return `${kind} ${strand} ${position} ${cause}${failed}${ended}`;
}

/** Writes the chosen runs; how many there are. */
export function cutTrace(trace: Trace, again: Trace, cut: Cut, writer: TraceWriter): number {
  const named = cut.instances.map(namedRun);
  const chosen = named.length > 0 ? undefined : kindsOf(trace.units(), cut.most);
  const found = new Set<string>();
  for (const unit of again.units()) {
    const headers = unit.records.map((bytes) => decodeHeader(bytes));
    const runs = headers.map(({ run }) => run);
    const wanted = runs.filter((run) =>
      chosen === undefined
        ? named.some((one) => one.run === run && (one.world ?? unit.world) === unit.world)
        : chosen.has(keyOf(unit, run)),
    );
    if (wanted.length === 0) continue;
    for (const run of wanted) found.add(keyOf(unit, run));
    for (const { definition } of headers) define(again, writer, definition);
    writer.unit(unit, runs);
  }
  return found.size;
}

/** A definition, and those that its tasks may run. */
function define(
  { definitions }: Pick<Trace, 'definitions'>,
  writer: TraceWriter,
  hash: string,
): void {
  const known = definitions.get(hash);
  if (known === undefined || writer.has(hash)) return;
  writer.define(known);
  for (const { name, namespace } of workflowsIn(known)) {
    for (const other of definitions.values()) {
      if (other.namespace === namespace && other.name === name) {
        define({ definitions }, writer, other.hash);
      }
    }
  }
}
