/*
 * Hops: what an owner would write next, given what it has read and what it knows to be parked. Each is a
 * unit: what it resolves, and the records that take its place (R6). The programs of the runs are here.
 */
import { type Kind, type Node, type Rec, rec } from './log.ts';
import type { Open, View } from './reader.ts';
import type { Program, Runner, Store, World } from './world.ts';
import type { Parts } from './world.ts';

export interface Unit {
  readonly run: number;
  readonly targets: readonly number[];
  readonly rows: readonly number[];
  readonly records: readonly Rec[];
  /** the activity that has been carried out for it: identity of its STEP */
  readonly after?: number;
  /** it ends its run, and names all that is open of it */
  readonly last: boolean;
}

/** Rows that the owner may bring back: those it loaded, less those resumed, and those parked since (R14). */
export function parkedRows(parts: Parts, { loaded, rows }: Runner, view: View): number[] {
  const left = rows.filter(
    (row) => !view.resumed.has(row) || parts.broken['resumed-rows-forgotten'],
  );
  for (const row of view.parked.keys()) if (row >= loaded && !left.includes(row)) left.push(row);
  return left;
}

/** Everything that the owner could write now. */
export function hops(parts: Parts, world: World, runner: Runner, view: View): Unit[] {
  const { log, store } = world;
  const units: Unit[] = [];
  const programOf = (run: number): Program => parts.configuration.runs[run] as Program;
  const rows = runner.loaded < 0 ? undefined : parkedRows(parts, runner, view);
  for (const [identity, open] of view.open) {
    if (open.kind === 'CONTROL') {
      if (rows !== undefined) units.push(...cancels(parts, runner, view, log, identity, rows));
    } else units.push(...next(parts, world, runner, view, programOf(open.run), identity, open));
  }
  for (const row of rows ?? []) {
    const { run } = parts.logs.at(log, row);
    const unit = back(programOf(run), run, row, store);
    if (unit !== undefined) units.push(unit);
  }
  return units;
}

function unit(
  run: number,
  targets: readonly number[],
  records: readonly Rec[],
  more: Partial<Unit> = {},
): Unit {
  return { run, targets, rows: [], records, last: false, ...more };
}

function at(kind: Kind, run: number, place: string, more: Partial<Rec> = {}): Rec {
  return rec(kind, { run, at: place, ...more });
}

/** What follows an open record of a run. */
function next(
  parts: Parts,
  { service }: World,
  runner: Runner,
  view: View,
  program: Program,
  identity: number,
  open: Open,
): Unit[] {
  const { run } = open;
  if (open.kind === 'START') return [unit(run, [identity], first(program, run))];
  if (open.kind === 'CANCELLING') {
    // Undone when its activity has answered in this tenure, or cannot answer any more (R18).
    if (!runner.heard && !service.expired) return [];
    return [unit(run, [identity], [at('STEP', run, 'undo')])];
  }
  if (open.kind !== 'STEP') return [];
  switch (open.at) {
    case 'a':
      return [ending(run, [identity], 'done', { after: identity })];
    case 'b0':
    case 'b1':
      return [branchEnds(parts, view, identity, open)];
    case 'do':
      if (runner.heard) return [ending(run, [identity], 'done')];
      return service.expired && !cancelAsked(view, run) ? [ending(run, [identity], 'timeout')] : [];
    case 'undo':
      return service.undone ? [ending(run, [identity], 'undone')] : [];
    default:
      return [];
  }
}

function first(program: Program, run: number): Rec[] {
  switch (program) {
    case 'wait':
    case 'listen':
      return [at('PARK', run, program)];
    case 'fork':
      return [at('STEP', run, 'join'), at('STEP', run, 'b0'), at('STEP', run, 'b1')];
    case 'saga':
      return [at('STEP', run, 'do')];
    case 'step':
      return [at('STEP', run, 'a')];
  }
}

function ending(
  run: number,
  targets: readonly number[],
  how: string,
  more: Partial<Unit> = {},
): Unit {
  return unit(run, targets, [at('END', run, how)], { last: true, ...more });
}

/** A branch ends; the last one's end is merged into the join (R6). */
function branchEnds(parts: Parts, view: View, identity: number, { at: branch, run }: Open): Unit {
  const bit = branch === 'b0' ? 1 : 2;
  let join: [number, Open] | undefined;
  let other: number | undefined;
  for (const [one, open] of view.open) {
    if (open.run !== run) continue;
    if (open.at === 'join') join = [one, open];
    else if (open.kind === 'END') other = one;
  }
  const joined = other !== undefined || (join !== undefined && join[1].ends === (3 ^ bit));
  if (!joined || join === undefined) {
    const end = at('END', run, branch, { ends: bit });
    return unit(run, [identity], [end], { after: identity });
  }
  const named = other === undefined || parts.broken['unit-forgets-a-target'] ? [] : [other];
  const ends = bit | join[1].ends | (other === undefined ? 0 : 3 ^ bit);
  return unit(run, [join[0], identity, ...named], [at('END', run, 'joined', { ends })], {
    after: identity,
    last: true,
  });
}

/** A parked strand comes back: its time has come, or its event. */
function back(program: Program, run: number, row: number, { matched }: Store): Unit | undefined {
  if (program === 'wait') {
    return unit(run, [], [at('RESUME', run, 'due', { rows: [row] }), at('STEP', run, 'a')], {
      rows: [row],
    });
  }
  if (matched !== row) return undefined;
  return unit(run, [], [at('RESUME', run, 'event', { rows: [row] }), at('END', run, 'done')], {
    rows: [row],
    last: true,
  });
}

export function cancelAsked(view: View, run: number): boolean {
  for (const open of view.open.values())
    if (open.kind === 'CONTROL' && open.run === run) return true;
  return false;
}

/** What becomes of a request to cancel (R18): every one gets an outcome. */
function cancels(
  parts: Parts,
  runner: Runner,
  view: View,
  log: Node,
  control: number,
  rows: readonly number[],
): Unit[] {
  const { run } = view.open.get(control) as Open;
  const strands: number[] = [];
  let running: Open | undefined;
  for (const [identity, open] of view.open) {
    if (open.run !== run || identity === control) continue;
    strands.push(identity);
    if (open.at === 'do' || open.kind === 'CANCELLING' || open.at === 'undo') running = open;
  }
  const parked = rows.filter((row) => parts.logs.at(log, row).run === run);
  if (parked.length > 0) {
    const records = [at('RESUME', run, 'stop', { rows: parked }), at('END', run, 'cancelled')];
    return [unit(run, [control, ...strands], records, { rows: parked, last: true })];
  }
  if (strands.length === 0) return [unit(run, [control], [at('ANSWER', run, 'too late')])];
  if (running?.at === 'do' && running.kind === 'STEP') {
    const mine = running.tenure === runner.tenure || parts.broken['earlier-step-never-started'];
    const started = runner.called || !mine;
    if (started && !parts.broken['undone-while-it-runs']) {
      return [unit(run, [control, ...strands], [at('CANCELLING', run, 'do')])];
    }
    if (started) return [unit(run, [control, ...strands], [at('STEP', run, 'undo')])];
  } else if (running !== undefined) return [unit(run, [control], [at('ANSWER', run, 'under way')])];
  return [ending(run, [control, ...strands], 'cancelled')];
}
