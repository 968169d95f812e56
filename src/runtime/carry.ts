/*
 * Carry-forward (PROTOCOL.md R11): an open record far behind the head is written again at the head, so
 * that windows, retention and takeover stay bounded. Its identity stays that of the first copy. What it
 * has emitted is carried apart, while the events log is away (R19); what happened then has been said once.
 */
import { endedInOrder } from '../core/index.ts';
import type { RecordBody, StrandEnd, UnsentEvents } from '../wire/index.ts';
import { type Bodies, bodyOf } from './held-bodies.ts';
import { lineageOf } from './open-records.ts';
import { draft, type Unit } from './unit.ts';
import type { Entry, LogView } from './view.ts';

/** Of what carrying `entry` needs to know, what is not in memory. */
export function carryNeeds(view: LogView, entry: Entry, fetched: Bodies | undefined): Entry[] {
  const all = entry.header.joins > 0 ? [entry, ...view.open.endsOf(entry)] : [entry];
  return all.filter((one) => bodyOf(one, fetched) === undefined);
}

/** Carrying a joining STEP takes the ends so far into it, and so resolves their records. */
export function carryUnit(
  view: LogView,
  entry: Entry,
  fetched: Bodies | undefined,
  folding: boolean,
): Unit | undefined {
  const { header, identity, takeovers } = entry;
  const whole = bodyOf(entry, fetched);
  if (whole === undefined) return undefined;
  const body = withoutEvents(whole);
  const targets: number[] = [];
  const carried =
    header.joins > 0 && folding ? withEnds(view, entry, body, fetched, targets) : body;
  if (carried === undefined) return undefined;
  const { run, strand, hop, definition } = header;
  return {
    targets,
    records: [
      draft(
        'CARRY',
        { kind: 'CARRY', header, body: carried, takeovers },
        { run, strand, hop, definition, carries: identity },
      ),
    ],
  };
}

function withoutEvents(body: RecordBody): RecordBody {
  if (body.kind !== 'STEP' && body.kind !== 'END') return body;
  if (body.emitted === undefined && body.happened === undefined) return body;
  const { emitted: _, happened: _h, ...rest } = body;
  return rest;
}

/** One record with the events that wait longest, as many as fit; undefined when none is far behind. */
export function outputUnit(view: LogView, bytesMax: number): Unit | undefined {
  const unsent: UnsentEvents[] = [];
  let bytes = 0;
  for (const { run, origin, events, acknowledged } of view.unsent.due(view.offset)) {
    const left = events.slice(acknowledged);
    bytes += Buffer.byteLength(JSON.stringify(left));
    if (unsent.length > 0 && bytes > bytesMax) break;
    unsent.push({ run, origin, events: left });
  }
  if (unsent.length === 0) return undefined;
  return { targets: [], records: [draft('OUTPUT', { kind: 'OUTPUT', unsent })] };
}

function withEnds(
  view: LogView,
  entry: Entry,
  body: RecordBody,
  fetched: Bodies | undefined,
  targets: number[],
): RecordBody | undefined {
  if (body.kind !== 'STEP') return undefined;
  const frame = body.state.frames.at(-1);
  if (frame?.node.kind !== 'fork') return undefined;
  const { node } = frame;
  const ends: Record<number, StrandEnd> = { ...node.ends };
  const order = [...endedInOrder(node)];
  for (const one of view.open.endsInOrder(entry)) {
    const ended = bodyOf(one, fetched);
    if (ended?.kind !== 'END') return undefined;
    const { branch } = lineageOf(one.header.strand);
    ends[branch] = ended.end;
    order.push(branch);
    targets.push(one.identity);
  }
  const ordered = order.some((branch, at) => branch < (order[at - 1] ?? 0)) ? { order } : {};
  // every end has begun one more branch of a wide fork
  const started = Math.min(node.total, node.started + targets.length);
  const items = node.items === undefined ? {} : { items: node.items.slice(started - node.started) };
  const frames = [
    ...body.state.frames.slice(0, -1),
    { ...frame, node: { ...node, ends, ...ordered, started, ...items } },
  ];
  return { ...body, state: { ...body.state, frames } };
}
