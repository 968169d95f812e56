/*
 * Moves of the Store: loading, folding (R13), taking over (R14), marks (R10), trimming (R12), losing
 * commits, and the correlator that brings events and rows together (R16).
 */
import { parkedRows } from './hops.ts';
import { type Node, rec } from './log.ts';
import { type Emit, RANK, startText, viewOf, withRunner } from './move.ts';
import { BEGINNING, type Start, startOf, type View } from './reader.ts';
import {
  IDLE,
  type Parts,
  type Runner,
  type Store,
  type Txn,
  txnKey,
  type World,
} from './world.ts';

/** What a failover goes back to when nobody has copied the Store. */
const EMPTY = { applied: BEGINNING, rows: [] };

export function storeMoves(parts: Parts, world: World, emit: Emit): void {
  const { store } = world;
  store.late.forEach((txn, index) => {
    const left = { ...store, late: store.late.toSpliced(index, 1) };
    const to = commit(parts, left, txn);
    emit({ ...world, store: to ?? left }, RANK.commit, () => ({
      did: 'commits-late',
      says: `the transaction from ${txn.from} to ${txn.to.offset} ${to === undefined ? 'is refused' : 'commits'}, long after it was sent`,
    }));
  });
  world.runners.forEach((runner, who) => {
    if (runner.phase !== 'owner') return;
    if (runner.loaded < 0) loads(parts, world, who, runner, emit);
    else keeps(parts, world, who, runner, emit);
  });
  disasters(world, emit);
  if (store.event !== 'none') correlates(parts, world, emit);
}

/** Only now, having read up to its CLAIM, does an owner ask for rows (R14). */
function loads(parts: Parts, world: World, who: number, runner: Runner, emit: Emit): void {
  const { store } = world;
  const { applied, rows, trimmed } = store;
  // A runner that is behind the Store reads on.
  if (applied.offset > parts.logs.node(runner.node).end) return;
  let { start } = runner;
  if (applied.offset < start.offset && !parts.broken['lost-commits-ignored']) {
    // The Store has lost commits: they are folded again, from there, if the Log still has them.
    if (trimmed !== undefined && applied.offset < trimmed.offset) return;
    start = startOf({ ...applied, computedAt: start.computedAt, floor: start.floor });
  }
  const loaded = { ...runner, start, loaded: applied.offset, applied: applied.offset, rows };
  emit(withRunner(world, who, loaded), RANK.load, () => ({
    did: 'loads',
    who,
    says: `asks the Store: applied up to ${applied.offset}, rows ${rows.join(' ') || 'none'}`,
  }));
}

function keeps(parts: Parts, world: World, who: number, runner: Runner, emit: Emit): void {
  const { luck, store } = world;
  const node = parts.logs.node(runner.node);
  const view = viewOf(parts, runner);
  const txn = foldOf(parts, world, runner, node, view);
  const says = `folds ${runner.applied} to ${node.end}: rows ${txn.inserts.join(' ') || 'none'} in, ${txn.deletes.join(' ') || 'none'} out`;
  // Every mark moves `applied`: that is when an owner with nothing to fold finds the Store behind (R14).
  const behind = world.store.applied.offset < runner.applied;
  if (behind && txn.inserts.length + txn.deletes.length === 0)
    folds(parts, world, who, runner, txn, says, emit);
  if (txn.inserts.length + txn.deletes.length > 0) {
    // The mutant looks for events when it sends the transaction, and not again.
    const early =
      parts.broken['row-looks-before-it-is-stored'] && store.applied.offset === runner.applied;
    if (!early) folds(parts, world, who, runner, txn, says, emit);
    const sent = store.late.some((late) => txnKey(late) === txnKey(txn));
    if ((luck.lateCommits > 0 || early) && !sent) {
      const to: World = {
        ...world,
        store: { ...store, late: [...store.late, txn] },
        luck: early ? luck : { ...luck, lateCommits: luck.lateCommits - 1 },
      };
      emit(to, early ? RANK.store : 0, () => ({
        did: 'folds-late',
        who,
        says: `${says}; no answer`,
      }));
    }
    if (parts.broken['applied-before-the-rows'] && luck.crashes > 0) {
      const to: World = {
        ...withRunner(world, who, IDLE),
        store: { ...store, applied: txn.to },
        luck: { ...luck, crashes: luck.crashes - 1 },
      };
      emit(to, 0, () => ({
        did: 'crashes-in-fold',
        who,
        says: `${says}; it dies between the two`,
      }));
    }
  }
  if (store.marks.length <= (parts.configuration.marks ?? 0))
    marks(parts, world, who, runner, node, view, emit);
  looks(parts, world, who, runner, view, emit);
}

/** What is valid in the Log since the Store was last brought up to it. */
function foldOf(parts: Parts, world: World, runner: Runner, node: Node, view: View): Txn {
  const inserts: number[] = [];
  const deletes: number[] = [];
  for (let offset = Math.max(runner.applied, view.start.offset); offset < node.end; offset += 1) {
    if (!view.isValid(offset)) continue;
    const record = parts.logs.at(node, offset);
    if (record.kind === 'PARK') inserts.push(offset);
    deletes.push(...record.rows);
  }
  const to = parts.readers.startAt(node, view, node.end, node.end);
  return { from: runner.applied, to, inserts, deletes, saw: world.store.event === 'kept' };
}

/** The Store after a transaction; undefined when it was elsewhere (R13). */
function commit(parts: Parts, store: Store, txn: Txn): Store | undefined {
  const { deletes, from, inserts, saw, to } = txn;
  if (store.applied.offset !== from && !parts.broken['fold-without-compare']) return undefined;
  const rows = [...new Set([...store.rows, ...inserts])]
    .filter((row) => !deletes.includes(row))
    .sort((a, b) => a - b);
  const early = parts.broken['row-looks-before-it-is-stored'] && saw && store.matched < 0;
  return { ...store, applied: to, rows, matched: early ? (inserts[0] ?? -1) : store.matched };
}

function folds(
  parts: Parts,
  world: World,
  who: number,
  runner: Runner,
  txn: Txn,
  says: string,
  emit: Emit,
): void {
  const store = commit(parts, world.store, txn);
  if (store !== undefined) {
    const to = withRunner(world, who, { ...runner, applied: txn.to.offset });
    emit({ ...to, store }, RANK.store, () => ({ did: 'folds', who, says }));
    return;
  }
  const { offset } = world.store.applied;
  // Behind what it had: it has lost commits. Whoever cannot fold them again takes over anew (R14).
  const lost = offset < runner.applied && offset < runner.start.offset;
  const to = withRunner(world, who, lost ? IDLE : { ...runner, applied: offset });
  emit(to, RANK.store, () => ({
    did: 'folds',
    who,
    says: `${says}; but the Store is at ${offset}`,
  }));
}

/** Below a mark nothing is open or unapplied, and it says what is in force there (R10, R13). */
function marks(
  parts: Parts,
  world: World,
  who: number,
  runner: Runner,
  node: Node,
  view: View,
  emit: Emit,
): void {
  const { broken } = parts;
  const { store } = world;
  let offset = node.end;
  if (!broken['mark-past-open-record']) offset = Math.min(offset, view.oldestOpen);
  let unapplied = node.end;
  for (let at = Math.max(runner.applied, view.start.offset); at < node.end; at += 1) {
    const { kind } = parts.logs.at(node, at);
    if (view.isValid(at) && (kind === 'PARK' || kind === 'RESUME')) {
      unapplied = at;
      break;
    }
  }
  if (!broken['mark-past-unapplied-park']) offset = Math.min(offset, unapplied);
  if (offset <= (store.marks.at(-1)?.offset ?? 0) || offset < view.start.offset) return;
  let { applied } = store;
  if (applied.offset < offset && offset <= unapplied) {
    // What changes no row only moves the place up to which the Store is applied.
    if (applied.offset !== runner.applied) return;
    applied = parts.readers.startAt(node, view, offset, offset);
  }
  let mark = parts.readers.startAt(node, view, offset, node.end);
  if (broken['mark-without-tenure']) mark = startOf({ ...mark, tenure: -1, n: 0 });
  if (broken['mark-of-another-number']) mark = startOf({ ...mark, n: view.n });
  const to: World = {
    ...withRunner(world, who, { ...runner, applied: Math.max(runner.applied, applied.offset) }),
    store: { ...store, applied, marks: [...store.marks, mark] },
  };
  emit(to, 0, () => ({ did: 'marks', who, says: `writes ${startText(mark)}` }));
}

/** The owner's look at what is kept, after its row is stored: the second of the two sides (R16). */
function looks(
  parts: Parts,
  world: World,
  who: number,
  runner: Runner,
  view: View,
  emit: Emit,
): void {
  const { store } = world;
  if (store.event !== 'kept' || store.matched >= 0) return;
  if (parts.broken['row-looks-before-it-is-stored']) return;
  const known = parkedRows(parts, runner, view);
  const row = store.rows.find((one) => known.includes(one));
  if (row === undefined) return;
  emit({ ...world, store: { ...store, matched: row } }, RANK.store, () => ({
    did: 'correlates',
    who,
    says: `finds the event that was kept, for row ${row}`,
  }));
}

/** The correlator: the event, its own offset and what it matches, in one transaction (R16). */
function correlates(parts: Parts, world: World, emit: Emit): void {
  const { broken } = parts;
  const { luck, store } = world;
  if (store.event === 'on its way') {
    const to: Store = { ...store, event: 'looking', seen: store.rows };
    emit({ ...world, store: to }, RANK.store, () => ({
      did: 'correlates',
      says: `the correlator takes the event, and sees rows ${store.rows.join(' ') || 'none'}`,
    }));
  }
  if (store.event !== 'looking') return;
  const row = store.seen[0] ?? -1;
  const event = broken['events-not-kept'] ? 'passed' : 'kept';
  let to: World = { ...world, store: { ...store, event, seen: [], matched: row } };
  if (broken['anyone-resumes'] && row >= 0) {
    const { run } = parts.logs.at(world.log, row);
    const batch = [
      rec('RESUME', { run, at: 'event', rows: [row] }),
      rec('END', { run, at: 'done' }),
    ];
    to = { ...to, net: [...world.net, parts.batch(batch)].sort((a, b) => a - b) };
  }
  emit(to, RANK.store, () => ({
    did: 'correlates',
    says: `the correlator commits: the event ${event === 'kept' ? 'is kept' : 'is gone'}${row < 0 ? '' : `, and meets row ${row}`}`,
  }));
  if (luck.crashes === 0) return;
  const lost: Store = {
    ...store,
    event: broken['offset-without-its-event'] ? 'lost' : 'on its way',
    seen: [],
  };
  emit({ ...world, store: lost, luck: { ...luck, crashes: luck.crashes - 1 } }, 0, () => ({
    did: 'correlator-crashes',
    says: 'the correlator dies before it commits',
  }));
}

/** What happens to a Store and a Log that nobody asked for: trimming, failover. */
function disasters(world: World, emit: Emit): void {
  const { luck, store } = world;
  if (luck.failovers === 0) return;
  const backup = store.backup ?? EMPTY;
  emit(
    {
      ...world,
      store: { ...store, ...backup },
      luck: { ...luck, failovers: luck.failovers - 1, failedOver: true },
    },
    0,
    () => ({
      did: 'fails-over',
      says: `the Store fails over to what it was when ${backup.applied.offset} was applied`,
    }),
  );
  if (store.backup !== undefined || store.applied.offset === 0) return;
  const { applied, rows } = store;
  emit({ ...world, store: { ...store, backup: { applied, rows } } }, 0, () => ({
    did: 'backs-up',
    says: `the Store is copied, applied up to ${applied.offset}`,
  }));
}

/** The front of the Log goes, up to a CLAIM that nothing needs what is before (R12). */
export function trims(parts: Parts, world: World, emit: Emit): void {
  const { broken } = parts;
  const { log, luck, store } = world;
  if (luck.trims === 0) return;
  const mark = store.marks.at(-1);
  if (mark === undefined || mark.offset === 0) return;
  const { time } = parts.readers.whole(log);
  const kept =
    parts.configuration.failovers === undefined ? store.applied : (store.backup ?? EMPTY).applied;
  for (let at = 1; at <= mark.offset; at += 1) {
    const claim = at < log.end && parts.logs.at(log, at).kind === 'CLAIM';
    if (broken['trimmed-to-the-mark'] ? at !== mark.offset : !claim) continue;
    if (at <= (store.trimmed?.offset ?? 0)) continue;
    if (at > kept.offset && !broken['trimmed-past-the-backup']) continue;
    const there = parts.readers.whole(parts.logs.upTo(log, at)).time;
    // The ids of a window before the mark are kept: a START after the mark is compared with them.
    const now = broken['window-counted-from-now'] ? time : mark.time;
    const windows = parts.configuration.windows !== undefined;
    if (windows && now - there < 2 && !broken['trimmed-within-the-window']) continue;
    const trimmed: Start = startOf({
      offset: at,
      tenure: -1,
      n: 0,
      computedAt: mark.computedAt,
      floor: mark.offset,
      time: there,
      started: 0,
    });
    // Whoever has not read so far finds a gap, stops, and begins again from a mark.
    const runners = world.runners.map((runner) =>
      (runner.phase === 'owner' && parts.logs.node(runner.node).end < at) ||
      (runner.phase === 'claiming' && runner.start.offset < at)
        ? IDLE
        : runner,
    );
    const to: World = {
      ...world,
      runners,
      store: { ...store, trimmed },
      luck: { ...luck, trims: luck.trims - 1 },
    };
    emit(to, 0, () => ({ did: 'trims', says: `the Log is trimmed up to ${at}` }));
  }
}
