/*
 * Carry-forward (PROTOCOL.md R11): an open record far behind the head is written again at the head, so
 * that windows, retention and takeover stay bounded. Its identity stays that of the first copy.
 */
import type { RecordBody, StrandEnd } from '../wire/index.ts';
import { lineageOf } from './open-records.ts';
import { draft, type Unit } from './unit.ts';
import type { Entry, LogView } from './view.ts';

/** Carrying a joining STEP takes the ends so far into it, and so resolves their records. */
export function carryUnit(view: LogView, entry: Entry, folding = true): Unit | undefined {
  const { header, body, identity, takeovers } = entry;
  if (body === undefined) return undefined;
  const targets: number[] = [];
  const carried = header.joins > 0 && folding ? withEnds(view, entry, body, targets) : body;
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

function withEnds(
  view: LogView,
  entry: Entry,
  body: RecordBody,
  targets: number[],
): RecordBody | undefined {
  if (body.kind !== 'STEP') return undefined;
  const frame = body.state.frames.at(-1);
  if (frame?.node.kind !== 'fork') return undefined;
  const ends: Record<number, StrandEnd> = { ...frame.node.ends };
  for (const { identity, header, body: ended } of view.open.endsOf(entry)) {
    if (ended?.kind !== 'END') return undefined;
    ends[lineageOf(header.strand).branch] = ended.end;
    targets.push(identity);
  }
  const { node } = frame;
  // every end has begun one more branch of a wide fork
  const started = Math.min(node.total, node.started + targets.length);
  const frames = [
    ...body.state.frames.slice(0, -1),
    { ...frame, node: { ...node, ends, started } },
  ];
  return { ...body, state: { ...body.state, frames } };
}
