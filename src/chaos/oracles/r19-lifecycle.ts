/*
 * R19 for lifecycle events: what is told of runs is what the Log says of them, in its order, at least once.
 *
 * Copies of an event are told by its id; what counts is the order of first copies, and all copies say the
 * same. Of tasks the Log shows activities alone: each of them must have been told to begin.
 *
 * It is asked only of worlds whose runners publish lifecycle events.
 */
import type { StoredRecord } from '../../ports/index.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import { skimEnvelope } from '../../wire/envelope.ts';
import { homeOf } from '../../wire/hash.ts';
import { asBuffer } from '../../wire/protobuf.ts';
import { causeOf } from './effects.ts';
import type { Run } from './log-reading.ts';
import type { Oracle, Verdict, View } from './oracle.ts';

export const lifecycleTold: Oracle = {
  name: 'r19-lifecycle',
  promise: 'R19',
  says: 'lifecycle events tell what the Log says of each run, in its order, at least once',
  check(view, verdict) {
    const { history, reading } = view;
    const { lifecycle } = history;
    if (lifecycle === undefined) return;
    // A clock that has stepped back delays what goes by it, and nothing waits for a projection.
    const rested = history.quiescent && history.skewMax === 0;
    const told = new Map<string, CloudEvent[]>();
    for (const [partition, log] of lifecycle.logs.entries()) {
      readPartition(log, partition, lifecycle.logs.length, told, verdict);
    }
    for (const run of reading.runs.values()) {
      const events = told.get(run.run) ?? [];
      told.delete(run.run);
      const verbs: string[] = [];
      for (const { type } of events) {
        const verb = VERBS.get(type);
        if (verb !== undefined) verbs.push(verb);
      }
      const due = expected(run, view);
      verdict.expect(
        isPrefix(verbs, due) && (!rested || verbs.length === due.length),
        () => `of run ${run.run} is told ${verbs.join(', ')}; the Log says ${due.join(', ')}`,
        { run: run.run },
      );
      if (lifecycle.level === 'task' && rested) checkTasks(run, events, verdict);
    }
    const lost = new Set(
      (history.losses ?? []).flatMap(({ partition, what }) =>
        what === 'commits' ? [] : partition,
      ),
    );
    const known = new Set(
      reading.partitions.flatMap(({ entries }) => entries.map(({ header }) => header.run)),
    );
    for (const [run] of told) {
      // It was told before the records were lost (o19-declared-loss); it is a stranger's, and no run of ours.
      if (lost.has(homeOf(run, history.logs.length)) || known.has(run)) continue;
      verdict.violation(`something is told of run ${run}, of which the Log knows nothing`, { run });
    }
  },
};

/** First copies by run, in order. */
function readPartition(
  log: readonly StoredRecord[],
  partition: number,
  partitions: number,
  told: Map<string, CloudEvent[]>,
  verdict: Verdict,
): void {
  const copies = new Map<string, string>();
  const homes = new Map<string, number>();
  for (const { bytes } of log) {
    const buffer = asBuffer(bytes);
    const { end, start, type } = skimEnvelope(buffer);
    if (type !== 'LIFECYCLE') continue;
    const text = buffer.toString('utf8', start, end);
    const event = JSON.parse(text) as CloudEvent;
    const run = event['subject'] as string;
    const first = copies.get(event.id);
    verdict.expect(
      first === undefined || first === text,
      () => `two copies of lifecycle event ${event.id} differ`,
      { run },
    );
    if (first !== undefined) continue;
    copies.set(event.id, text);
    let home = homes.get(run);
    if (home === undefined) homes.set(run, (home = homeOf(run, partitions)));
    verdict.expect(
      home === partition,
      () => `lifecycle event ${event.id} stands in partition ${partition} of the events log`,
      { run },
    );
    const events = told.get(run);
    if (events === undefined) told.set(run, [event]);
    else events.push(event);
  }
}

/** What happens to a workflow, by the type of its event. */
const VERBS: ReadonlyMap<string, string> = new Map(
  ['started', 'suspended', 'resumed', 'completed', 'faulted', 'cancelled'].map((verb) => [
    `io.serverlessworkflow.workflow.${verb}.v1`,
    verb,
  ]),
);

/** What has to be told of a run, in order. */
function expected({ records, ends }: Run, { reading }: View): string[] {
  const verbs: string[] = [];
  for (const entry of records) {
    const { body, header } = entry;
    if (header.kind === 'CARRY') continue;
    const cause = causeOf(body);
    if (header.strand === '' && header.hop === 1 && cause?.kind === 'start') verbs.push('started');
    if (body.kind === 'RESUME') {
      const parkings = reading.partitions[entry.partition]?.parkings;
      // Somebody has let it go on; what is cancelled, or buried again, is resumed as well.
      const asleep = body.rows.some((row) => {
        const park = parkings?.get(row)?.park.body;
        return park?.kind === 'PARK' && (park.why === 'suspend' || park.why === 'dead');
      });
      if (asleep && body.why === 'resumed') verbs.push('resumed');
    }
    if (body.kind === 'PARK' && (body.why === 'suspend' || body.why === 'dead')) {
      verbs.push('suspended');
    }
  }
  const body = ends[0]?.body;
  if (body?.kind === 'END') {
    const { cancelled, error } = body.end;
    verbs.push(cancelled === true ? 'cancelled' : error === undefined ? 'completed' : 'faulted');
  }
  return verbs;
}

function isPrefix(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one, i) => all[i] === one);
}

/** Each attempt of an activity that the Log schedules is a beginning of its task. */
function checkTasks({ records, run }: Run, events: readonly CloudEvent[], verdict: Verdict): void {
  const begun = new Map<string, number>();
  for (const { data, type } of events) {
    if (type !== 'io.serverlessworkflow.task.started.v1') continue;
    const { strand = '', task } = data as { readonly strand?: string; readonly task: string };
    const place = `${strand} ${task}`;
    begun.set(place, (begun.get(place) ?? 0) + 1);
  }
  const attempts = new Map<string, Set<string>>();
  for (const { body, header } of records) {
    if (body.kind !== 'STEP' && body.kind !== 'PARK') continue;
    if (header.kind === 'CARRY' || body.activity === undefined) continue;
    const { attempt, key, pointer } = body.activity;
    const place = `${header.strand} ${pointer}`;
    const known = attempts.get(place);
    if (known === undefined) attempts.set(place, new Set([`${key} ${attempt}`]));
    else known.add(`${key} ${attempt}`);
  }
  for (const [place, keys] of attempts) {
    verdict.expect(
      (begun.get(place) ?? 0) >= keys.size,
      () =>
        `${place.trim()} of run ${run} was begun ${keys.size} times, and told ${begun.get(place) ?? 0} times`,
      { run },
    );
  }
}
