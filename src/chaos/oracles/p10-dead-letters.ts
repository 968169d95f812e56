/*
 * P10: what cannot be processed is parked with its reason, and with all that it was - its State and the
 * activity that was due - so that somebody can let it go on; and whoever has parked it has said so.
 */
import type { RecordBody } from '../../wire/record.ts';
import type { State } from '../../wire/state.ts';
import { sameJson } from '../same-json.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

export const deadLetters: Oracle = {
  name: 'p10-dead-letters',
  promise: 'P10',
  says: 'what is given up is parked with its reason and as it was, and is told of',
  check(view, verdict) {
    for (const partition of view.reading.partitions) {
      for (const { park } of partition.parkings.values()) {
        const { body } = park;
        if (body.kind !== 'PARK' || body.why !== 'dead') continue;
        verdict.expect(
          body.reason !== undefined && body.reason !== '',
          () => `${park.named} gives run ${park.header.run} up and does not say why`,
          at(park),
        );
        const unit = partition.units.find(({ records }) => records.includes(park));
        const before = unit && replaced(unit, park, partition);
        if (before !== undefined) checkWhole(park, before, verdict);
        checkTold(park, partition, view, verdict);
      }
    }
  },
};

type Held = Extract<RecordBody, { kind: 'STEP' | 'PARK' }>;

/** What the strand was before: its open record, as the newest copy has it, or its row. */
function replaced({ records, targets }: Unit, park: Entry, found: Partition): Held | undefined {
  const own = ({ header }: Entry): boolean =>
    header.run === park.header.run && header.strand === park.header.strand;
  for (const target of targets) {
    const openable = found.openables.get(target);
    const newest = openable?.copies.findLast(({ valid }) => valid);
    if (openable === undefined || newest === undefined || !own(openable.first)) continue;
    const body = newest.body.kind === 'CARRY' ? newest.body.body : newest.body;
    if (body.kind === 'STEP') return body;
  }
  for (const { body } of records) {
    if (body.kind !== 'RESUME') continue;
    const rows = body.rows.map((row) => found.parkings.get(row)?.park);
    const row = rows.find((one) => one !== undefined && own(one))?.body;
    if (row?.kind === 'PARK') return row;
  }
  return undefined;
}

function checkWhole(park: Entry, before: Held, verdict: Verdict): void {
  const { body, header } = park;
  if (body.kind !== 'PARK') return;
  const { attempt, key } = body.activity ?? {};
  verdict.expect(
    before.activity?.key === key && before.activity?.attempt === attempt,
    () => `${park.named} has given up another activity of run ${header.run} than was due`,
    at(park),
  );
  verdict.expect(
    sameState(before.state, body.state),
    () => `${park.named} has not the State in which run ${header.run} was given up`,
    at(park),
  );
}

function sameState(before: State, now: State): boolean {
  return sameJson({ ...before } as never, { ...now } as never);
}

/** Whoever went on writing knew that it was parked; who died before that cannot have told. */
function checkTold(park: Entry, partition: Partition, { history }: View, verdict: Verdict): void {
  const { run, tenure } = park.header;
  // what came with it in one append was written before anybody could know
  const wentOn = partition.entries.some(
    ({ header, landed, valid }) => valid && header.tenure === tenure && landed > park.landed,
  );
  verdict.expect(
    !wentOn || history.complaints.some(({ said }) => said.includes(run)),
    () => `${park.named} gives run ${run} up, and nobody was told`,
    at(park),
  );
}
