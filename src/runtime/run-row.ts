/*
 * The row of a run in the index: what a person may ask for in columns, and what the next record of the
 * run is added to. Pure: the same records give the same row, whoever writes it and when.
 */
import type { RunRow, RunRowStatus } from '../ports/index.ts';
import { type Json, timeOfRunId } from '../wire/index.ts';
import { RunPlaces, type SavedRun, type StrandPlace } from './run-places.ts';

/** An output or error that is larger than this stays in the Log, bytes of JSON. */
export const VALUE_BYTES_MAX = 4_096;

/** Undefined: the Log has nothing of such a run that counts. */
export function rowOf(places: RunPlaces, partition: number): RunRow | undefined {
  const { run, firstAt = 0, end, last, changedAt, hash } = places;
  if (last < 0) return undefined;
  const name = places.name;
  const common = {
    run,
    partition,
    definition: hash ?? '',
    ...(name === undefined ? {} : { namespace: name.namespace, name: name.name }),
    ...(name?.version === undefined ? {} : { version: name.version }),
    startedAt: timeOfRunId(run) ?? firstAt,
    changedAt,
    last,
  };
  if (end === undefined) {
    return { ...common, ...standing(places), detail: places.saved() as unknown as Json };
  }
  const { ended, value, at } = end;
  // What was undone stands in the END alone: a row without a value sends whoever asks there.
  const whole = end.compensations === undefined;
  if (ended === 'cancelled') {
    return { ...common, status: ended, endedAt: at, ...(whole ? { value: null } : {}) };
  }
  const valueBytes = new TextEncoder().encode(JSON.stringify(value)).length;
  return {
    ...common,
    status: ended,
    endedAt: at,
    valueBytes,
    ...(valueBytes > VALUE_BYTES_MAX || !whole ? {} : { value }),
    ...(ended === 'faulted' ? { errorType: typeOf(value) } : {}),
  };
}

/** The run as it was when the row was made; of one that has ended, without a result that is too large. */
export function placesOf(row: RunRow): RunPlaces {
  const { run, definition, namespace, name, version, startedAt, changedAt, endedAt, detail } = row;
  const places = new RunPlaces(run);
  places.start = { at: startedAt, counts: true };
  places.firstAt = startedAt;
  places.last = row.last;
  places.changedAt = changedAt;
  if (definition !== '') places.hash = definition;
  if (namespace !== undefined && name !== undefined) {
    places.name = { namespace, name, ...(version === undefined ? {} : { version }) };
  }
  if (detail !== undefined) places.restore(detail as unknown as SavedRun);
  if (endedAt !== undefined && row.value !== undefined) {
    const ended = row.status as 'completed' | 'faulted' | 'cancelled';
    places.end = { ended, value: row.value ?? null, at: endedAt };
  }
  return places;
}

function typeOf(error: Json): string {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : '';
  return typeof type === 'string' ? type : '';
}

interface Standing {
  readonly status: RunRowStatus;
  readonly position?: string;
  readonly waitsFor?: string;
  readonly until?: number;
}

/** Who runs decides; else who needs somebody; else who waits the shortest. Times are for the reader to judge. */
function standing(places: RunPlaces): Standing {
  if (places.waiting) return { status: 'pending' };
  const strands = places.strands();
  const root = strands[0];
  if (root === undefined) return { status: 'running' };
  // Joins wait for what is listed beside them.
  const leaves = strands.filter(({ waitsFor }) => waitsFor.kind !== 'join').map(leafOf);
  const decides =
    leaves.find(({ status }) => status === 'running') ??
    leaves.find(({ status }) => status === 'suspended') ??
    leaves.toSorted((a, b) => (a.until ?? Infinity) - (b.until ?? Infinity))[0];
  return { status: 'running', position: root.position, ...decides };
}

function leafOf({ waitsFor }: StrandPlace): Omit<Standing, 'position'> {
  switch (waitsFor.kind) {
    case 'activity': {
      const { notBefore, until } = waitsFor;
      return notBefore === undefined
        ? { status: 'running', waitsFor: 'activity', until }
        : { status: 'running', waitsFor: 'retry', until: notBefore };
    }
    case 'timer':
      return { status: 'waiting', waitsFor: 'timer', until: waitsFor.until };
    case 'parked': {
      const { why, due } = waitsFor;
      const status = why === 'suspend' || why === 'dead' ? 'suspended' : 'waiting';
      return { status, waitsFor: why, ...(due === undefined ? {} : { until: due }) };
    }
    default:
      return { status: 'running', waitsFor: waitsFor.kind };
  }
}
