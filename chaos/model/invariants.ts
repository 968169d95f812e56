/*
 * What must hold in every state: P1-P5 (and P7 of a saga) as far as a state can show them, and the rules
 * that they rest on - all readers agree, marks are true, the Store is a fold.
 *
 * What depends on the Log alone is asked once for each Log, what depends on a reader once for each view.
 */
import { viewOf } from './move.ts';
import type { View } from './reader.ts';
import type { Parts, Runner, Store, World } from './world.ts';

export class Invariants {
  readonly #parts: Parts;
  readonly #views = new Map<string, Map<number, string | undefined>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is wrong with a state. */
  broken(world: World): string | undefined {
    const { log, runners, store } = world;
    const whole = this.#parts.readers.whole(log);
    if (whole.bad !== undefined) return whole.bad;
    for (const runner of runners) {
      if (runner.phase !== 'owner') continue;
      const wrong = this.#agrees(runner) ?? this.#startsOnlyWhatIsValid(world, runner, whole);
      if (wrong !== undefined) return wrong;
    }
    return this.#marks(world, whole) ?? this.#fold(store, whole) ?? this.#saga(world, whole);
  }

  /** P2: whoever reads from a mark finds the same truth as whoever reads everything. */
  #agrees({ node, start }: Runner): string | undefined {
    let known = this.#views.get(start.key);
    if (known === undefined) {
      known = new Map();
      this.#views.set(start.key, known);
    }
    if (known.has(node)) return known.get(node);
    const log = this.#parts.logs.node(node);
    const wrong = disagreement(
      this.#parts.readers.view(start, log),
      this.#parts.readers.whole(log),
      log.end,
    );
    known.set(node, wrong);
    return wrong;
  }

  /** P3: no activity starts before the record that schedules it is durable and valid. */
  #startsOnlyWhatIsValid(world: World, runner: Runner, whole: View): string | undefined {
    const { broken, logs } = this.#parts;
    const view = viewOf(this.#parts, runner);
    for (const [identity, { at, kind }] of view.open) {
      if (kind === 'STEP' && at !== 'join' && !whole.isValid(identity))
        return `P3 an activity begins for ${identity}, which is void`;
    }
    const believed = [runner.belief];
    if (broken['answer-taken-for-validity'] || broken['activity-before-its-record'])
      believed.push(...runner.sent);
    for (const id of believed) {
      if (id < 0 || !logs.batches.get(id).some(({ at, kind }) => kind === 'STEP' && at !== 'join'))
        continue;
      const landed = this.#landed(world, id);
      if (landed.length === 0 && broken['answer-taken-for-validity'] && id !== runner.belief)
        continue;
      if (!landed.some((offset) => whole.isValid(offset)))
        return `P3 an activity begins for a record that ${landed.length === 0 ? 'is not in the Log' : `is void, at ${landed[0]}`}`;
    }
    return undefined;
  }

  /** Where copies of a batch stand. */
  #landed({ log }: World, batchId: number): number[] {
    const found: number[] = [];
    for (let node = log; node.parent !== undefined; node = node.parent)
      if (node.batchId === batchId) found.push(node.base);
    return found;
  }

  /** R10: below a mark nothing is open or unapplied. */
  #marks({ log, luck, store }: World, whole: View): string | undefined {
    for (const { offset } of store.marks) {
      if (whole.oldestOpen < offset)
        return `R10 the mark ${offset} has passed ${whole.oldestOpen}, which is open`;
      if (luck.failedOver) continue;
      for (let at = store.applied.offset; at < offset; at += 1) {
        const { kind } = this.#parts.logs.at(log, at);
        if (whole.isValid(at) && (kind === 'PARK' || kind === 'RESUME'))
          return `R10 the mark ${offset} has passed the ${kind} at ${at}, which is not applied`;
      }
    }
    return undefined;
  }

  /** R13, P4: the Store has exactly the rows that the Log says, up to where it is applied. */
  #fold({ applied, rows, trimmed }: Store, whole: View): string | undefined {
    const at = applied.offset;
    if (trimmed !== undefined && at < trimmed.offset)
      return `R12 the Log begins at ${trimmed.offset}, and the Store is applied up to ${at} only`;
    for (const row of whole.parked.keys()) {
      if (row < at && !rows.includes(row))
        return `P4 the row of the PARK at ${row} is lost: applied up to ${at}, no row`;
    }
    for (const [row, resumed] of whole.resumed) {
      const there = row < at && resumed >= at;
      if (rows.includes(row) !== there)
        return `R13 row ${row} ${there ? 'is missing' : 'stands in the Store'}; applied up to ${at}, resumed at ${resumed}`;
    }
    const unknown = rows.find(
      (row) => row >= at || !(whole.parked.has(row) || whole.resumed.has(row)),
    );
    return unknown === undefined
      ? undefined
      : `R13 row ${unknown} stands in the Store, applied up to ${at}, without a valid PARK`;
  }

  /** P7: what may have been done is undone, and nothing is undone that may still be done. */
  #saga({ service }: World, whole: View): string | undefined {
    if (service.late) return 'P7 the activity was carried out after it had been undone';
    const run = this.#parts.configuration.runs.indexOf('saga');
    if (run < 0 || whole.outcomes[run] !== 'cancelled') return undefined;
    if (service.done || service.calls.length > 0)
      return 'P7 the run is cancelled as if its activity had never begun';
    return undefined;
  }

  /** P1, P9: nothing that was accepted is left over when nothing can happen any more. */
  unfinished(world: World): string | undefined {
    const { log, net, store } = world;
    const whole = this.#parts.readers.whole(log);
    if (net.length > 0) return 'P9 something never lands';
    for (let run = 0; run < this.#parts.configuration.runs.length; run += 1) {
      if ((whole.started & (1 << run)) !== 0 && (whole.ended & (1 << run)) === 0)
        return `P1 run ${run} never ends`;
    }
    for (const [identity, { kind, run }] of whole.open)
      return `P1 ${kind} at ${identity} of run ${run} is open for ever`;
    const [row] = [...whole.parked.keys(), ...store.rows];
    return row === undefined ? undefined : `P4 row ${row} stays for ever`;
  }
}

function disagreement(view: View, whole: View, end: number): string | undefined {
  for (let at = view.start.floor; at < end; at += 1) {
    if (view.isValid(at) !== whole.isValid(at))
      return `P2 whoever reads from ${view.start.offset} takes ${at} for ${view.isValid(at) ? 'valid' : 'void'}, whoever reads everything does not`;
  }
  if (end < view.start.computedAt) return undefined;
  const known = keys(view);
  const all = keys(whole);
  return known === all
    ? undefined
    : `P2 whoever reads from ${view.start.offset} finds ${known || 'nothing'} open at ${end}, whoever reads everything ${all || 'nothing'}`;
}

function keys({ open }: View): string {
  return [...open.keys()].sort((a, b) => a - b).join(' ');
}
