/*
 * Moves: everything that can happen next - what lands in the Log, what runners do, and what goes wrong.
 * The Store and the services have theirs in store-moves.ts and service-moves.ts.
 */
import { hops, type Unit } from './hops.ts';
import { type Batch, type Rec, rec } from './log.ts';
import { batchText, type Emit, RANK, startText, viewOf, withRunner } from './move.ts';
import type { Open, View } from './reader.ts';
import { serviceMoves } from './service-moves.ts';
import { storeMoves, trims } from './store-moves.ts';
import { IDLE, type Parts, type Runner, type World } from './world.ts';

export function moves(parts: Parts, world: World, emit: Emit): void {
  landings(parts, world, emit);
  const { runners } = world;
  let idle = false;
  runners.forEach((runner, who) => {
    if (runner.phase === 'idle') {
      // Idle runners are alike.
      if (!idle) claims(parts, world, who, emit);
      if (parts.broken['rows-loaded-before-reading'] && runner.loaded < 0)
        loadsEarly(world, who, emit);
      else idle = true;
      return;
    }
    if (world.luck.crashes > 0) {
      const luck = { ...world.luck, crashes: world.luck.crashes - 1 };
      const to = { ...withRunner(world, who, IDLE), luck };
      emit(to, 0, () => ({ did: 'crashes', who, says: 'dies, and forgets' }));
    }
    if (runner.phase === 'owner') owns(parts, world, who, runner, emit);
  });
  storeMoves(parts, world, emit);
  trims(parts, world, emit);
  serviceMoves(parts, world, emit);
}

/** A mutant: rows first, then the mark. */
function loadsEarly(world: World, who: number, emit: Emit): void {
  const { applied, rows } = world.store;
  const loaded = { ...IDLE, loaded: applied.offset, applied: applied.offset, rows };
  emit(withRunner(world, who, loaded), 0, () => ({
    did: 'loads',
    who,
    says: `asks the Store before it owns anything: rows ${rows.join(' ') || 'none'}`,
  }));
}

/** Appends come in any order and at any time, some of them twice. */
function landings(parts: Parts, world: World, emit: Emit): void {
  const { log, luck, net } = world;
  net.forEach((batchId, index) => {
    if (index > 0 && net[index - 1] === batchId) return;
    const to = landed(parts, world, batchId);
    const batch = parts.logs.batches.get(batchId);
    emit({ ...to, net: net.toSpliced(index, 1) }, RANK.land, () => ({
      did: 'lands',
      batch,
      says: `${batchText(batch)} stands at ${log.end}`,
    }));
    const owners = batch[0]?.kind !== 'CONTROL' && batch[0]?.kind !== 'START';
    if (luck.copies === 0 || !owners) return;
    emit({ ...to, luck: { ...luck, copies: luck.copies - 1 } }, 0, () => ({
      did: 'lands-and-stays',
      batch,
      says: `${batchText(batch)} stands at ${log.end}, and a second copy is on its way`,
    }));
  });
  if (luck.windows > 0) {
    const next = parts.logs.append(log, parts.batch([rec('TIME', {})]));
    const to = { ...world, log: next, luck: { ...luck, windows: luck.windows - 1 } };
    emit(to, 0, () => ({ did: 'passes-time', says: 'the window of a START passes' }));
  }
}

/** Whoever waits for its CLAIM reads up to it; what it does before that nobody can see. */
function landed(parts: Parts, world: World, batchId: number): World {
  const log = parts.logs.append(world.log, batchId);
  const first = log.batch[0];
  if (first?.kind !== 'CLAIM') return { ...world, log };
  const who = world.runners.findIndex(
    ({ nonce, phase }) => phase === 'claiming' && nonce === first.nonce,
  );
  if (who < 0) return { ...world, log };
  const runner = world.runners[who] as Runner;
  const blind = parts.broken['claim-known-by-its-answer'];
  const node = blind ? runner.node : log.id;
  return withRunner({ ...world, log }, who, { ...runner, phase: 'owner', tenure: log.base, node });
}

/** A runner claims: because nobody owns the partition, or because it is told so too early. */
function claims(parts: Parts, world: World, who: number, emit: Emit): void {
  const { log, luck, net, runners, store } = world;
  const { nonce } = parts.readers.whole(log);
  const owned = runners.some(
    (runner) => runner.phase === 'claiming' || (runner.phase === 'owner' && runner.nonce === nonce),
  );
  if (owned && luck.usurpers === 0) return;
  const usurpers = owned ? luck.usurpers - 1 : luck.usurpers;
  const from = store.trimmed?.offset ?? 0;
  const starts = store.marks.filter(({ offset }) => offset >= from);
  if (store.trimmed !== undefined) starts.unshift(store.trimmed);
  for (const start of starts) {
    const claiming: Runner = {
      ...(runners[who] as Runner),
      phase: 'claiming',
      nonce: luck.nonce,
      start,
      node: parts.broken['claim-known-by-its-answer'] ? log.id : 0,
    };
    const batch = [rec('CLAIM', { nonce: luck.nonce })];
    const to: World = {
      ...withRunner(world, who, claiming),
      net: [...net, parts.batch(batch)].sort((a, b) => a - b),
      luck: { ...luck, usurpers, nonce: luck.nonce + 1 },
    };
    emit(to, owned ? 0 : RANK.claim, () => ({
      did: owned ? 'usurps' : 'claims',
      who,
      batch,
      says: `sends CLAIM #${luck.nonce} (${owned ? 'though another owns the partition; ' : ''}it starts from ${startText(start)})`,
    }));
  }
}

function owns(parts: Parts, world: World, who: number, runner: Runner, emit: Emit): void {
  if (runner.node !== world.log.id) reads(parts, world, who, runner, emit);
  const view = viewOf(parts, runner);
  const units = hops(parts, world, runner, view);
  for (const unit of units) sends(parts, world, who, runner, view, [unit], emit);
  if (parts.configuration.pairs) {
    for (const one of units) {
      for (const other of units) {
        if (one.run < other.run) sends(parts, world, who, runner, view, [one, other], emit);
      }
    }
  }
  if (world.luck.carries > 0) carries(parts, world, who, runner, view, units, emit);
}

/** Reading goes on, batch by batch; a foreign CLAIM ends the tenure (R9). */
function reads(parts: Parts, world: World, who: number, runner: Runner, emit: Emit): void {
  const node = parts.logs.next(parts.logs.node(runner.node), world.log);
  const first = node.batch[0] as Rec;
  const at = `${node.base}: ${batchText(node.batch)}`;
  if (first.kind === 'CLAIM' && first.nonce !== runner.nonce) {
    emit(withRunner(world, who, IDLE), RANK.read, () => ({
      did: 'loses',
      who,
      says: `reads ${at}, and gives the partition up`,
    }));
    return;
  }
  let { belief, sent, tenure } = runner;
  if (first.kind === 'CLAIM' && !parts.broken['second-claim-ignored']) {
    if (tenure !== node.base) sent = [];
    tenure = node.base;
  }
  const view = parts.readers.view(runner.start, node);
  if (first.tenure === runner.tenure && view.isValid(node.base)) {
    // A number names one batch for ever, so it tells what has landed.
    const settled = sent.find((id) => parts.logs.batches.get(id)[0]?.n === first.n);
    sent = sent.filter((id) => id !== settled);
    if (settled !== undefined && settled !== node.batchId) belief = settled;
  }
  const to = withRunner(world, who, { ...runner, node: node.id, tenure, sent, belief });
  emit(to, RANK.read, () => ({ did: 'reads', who, says: `reads ${at}` }));
}

/** One append at a time (R5): numbered as if all that was sent before were valid. */
function sends(
  parts: Parts,
  world: World,
  who: number,
  runner: Runner,
  view: View,
  units: readonly Unit[],
  emit: Emit,
): void {
  const { broken } = parts;
  const reuses = broken['number-used-twice'] && runner.sent.length === 1;
  const most = broken['two-appends-in-flight'] ? 2 : 1;
  if (runner.sent.length >= most && !reuses) return;
  const mine = view.tenure === runner.tenure ? view.n : 0;
  const waiting = reuses ? [] : runner.sent;
  const n = waiting.reduce((last, id) => last + parts.logs.batches.get(id).length, mine);
  const batch = numbered(units, runner.tenure, n);
  const batches = broken['unit-over-two-batches'] ? batch.map((one) => [one]) : [batch];
  const ids = batches.map((one) => parts.batch(one));
  // What is on its way already needs no second sending: copies are the network's.
  if (ids.some((id) => runner.sent.includes(id))) return;
  const to: World = {
    ...withRunner(world, who, { ...runner, sent: [...waiting, ...ids] }),
    net: [...world.net, ...ids].sort((a, b) => a - b),
  };
  emit(to, RANK.work, () => ({
    did: 'sends',
    who,
    batch,
    says: `sends ${batchText(batch)}${batches.length > 1 ? ', in one append each' : ''}`,
  }));
}

function numbered(units: readonly Unit[], tenure: number, last: number): Batch {
  const batch: Rec[] = [];
  for (const { records, targets } of units) {
    records.forEach((record, index) => {
      const n = last + batch.length + 1;
      batch.push({ ...record, tenure, n, targets: index === 0 ? targets : [] });
    });
  }
  return batch;
}

/** The oldest open STEP is written again, near the head of the Log (R11). */
function carries(
  parts: Parts,
  world: World,
  who: number,
  runner: Runner,
  view: View,
  units: readonly Unit[],
  emit: Emit,
): void {
  const { broken } = parts;
  let oldest: [number, Open] | undefined;
  for (const [identity, open] of view.open) {
    if (open.kind === 'STEP' && (oldest === undefined || open.offset < oldest[1].offset))
      oldest = [identity, open];
  }
  if (oldest === undefined) return;
  const [identity, open] = oldest;
  const targets: number[] = [];
  let { ends } = open;
  if (open.at === 'join') {
    // A joining STEP takes the ends so far along.
    for (const [one, { at, kind, run }] of view.open) {
      if (kind !== 'END' || run !== open.run) continue;
      targets.push(one);
      if (!broken['carry-forgets-ends']) ends |= at === 'b0' ? 1 : 2;
    }
  }
  const carry = rec('CARRY', {
    run: open.run,
    at: open.at,
    ends,
    carries: broken['carry-changes-identity'] ? open.offset : identity,
  });
  const unit: Unit = { run: open.run, targets, rows: [], records: [carry], last: false };
  const luck = { ...world.luck, carries: world.luck.carries - 1 };
  const spend: Emit = (to, _, tell) => emit({ ...to, luck }, 0, tell);
  sends(parts, world, who, runner, view, [unit], spend);
  if (!broken['carry-with-its-successor']) return;
  for (const successor of units) {
    if (successor.targets.includes(identity))
      sends(parts, world, who, runner, view, [successor, unit], spend);
  }
}
