/*
 * Listening on Kafka and PostgreSQL while everything dies: two runners, one of them killed in the middle,
 * another one that comes in its place, and the broker and the database stopped and started again. Every
 * run hears its three events, once each, although all were sent twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openClient } from '../../src/presets/client.ts';
import { type Ground, openGround } from '../../src/presets/cluster.ts';
import { type CloudEvent, decodeRecord, type Json } from '../../src/wire/index.ts';
import { clusterGround } from './runner/grounds.ts';
import { RunnerProcess } from './runner/index.ts';
import { Workload } from './runner/workload.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const RUNS = 60;
const EVENTS = 3;
const PARTITIONS = 4;
const MS_MAX = 180_000;

const BELLS = `
document: { dsl: '1.0.3', namespace: test, name: bells, version: '1.0.0' }
do:
  - hear:
      listen:
        to:
          any:
            - with: { type: bell }
              correlate: { n: { from: .data.n, expect: '\${ .n }' } }
          until: (. | length) > 2
      output: { as: 'map(.bell)' }
  - tell: { call: note, output: { as: $input } }
`;

/** Outputs of the runs that have ended, by run; each as often as the Log has it. */
async function outputs({ broker }: Ground): Promise<Map<string, Json[]>> {
  const found = new Map<string, Json[]>();
  for (let partition = 0; partition < broker.partitions; partition++) {
    const { begin, end } = await broker.range(partition);
    for (let at = begin; at < end;) {
      const records = await broker.fetch(partition, at, end);
      for (const { bytes } of records) {
        const { body, header } = decodeRecord(bytes);
        if (body.kind !== 'END' || header.strand !== '') continue;
        found.set(header.run, [...(found.get(header.run) ?? []), body.end.output ?? null]);
      }
      at = records.at(-1)!.offset + 1;
    }
  }
  return found;
}

function bell(n: number, nth: number): CloudEvent {
  const data = { n, bell: nth };
  return { specversion: '1.0', id: `${n}.${nth}`, source: 'urn:tower', type: 'bell', data };
}

describe('listening', () => {
  test(
    'on Kafka and PostgreSQL, while all of it dies',
    { timeout: 2 * MS_MAX },
    async (context) => {
      if (!NIGHTLY) return context.skip('takes a minute: every night');
      const live = await clusterGround(PARTITIONS);
      if ('missing' in live) return context.skip(live.missing);
      const { target, directory } = live;
      const runner = (): RunnerProcess =>
        new RunnerProcess({ target, ledger: `${directory}/ledger` });
      const runners = [runner(), runner()];
      const ground = await openGround(target, 'client');
      const client = openClient(ground);
      try {
        const workload = await Workload.deploy(ground, BELLS);
        await Promise.all(
          runners.map((one) => one.until(({ partitions }) => partitions.length > 0, MS_MAX)),
        );
        const runs = await workload.start(RUNS, (n) => ({ n }));
        const patient = (event: CloudEvent): Promise<void> => client.emit(event);
        for (let nth = 0; nth < EVENTS; nth++) {
          const sent: Promise<void>[] = [];
          for (let n = 0; n < RUNS; n++) {
            sent.push(patient(bell(n, nth)), patient(bell(n, nth)));
            if (n % 10 === 0) await sleep(100);
            if (nth === 0 && n === RUNS / 2) {
              await runners[0]!.kill();
              runners[0] = runner();
              await runners[0].until(({ partitions }) => partitions.length > 0, MS_MAX);
            }
            if (nth === 1 && n === RUNS / 2) await live.restart();
          }
          await Promise.all(sent);
        }
        const until = Date.now() + MS_MAX;
        for (;;) {
          const ended = await workload.ends();
          if (ended.size === RUNS) break;
          if (Date.now() > until) throw new Error(`${ended.size} of ${RUNS} have ended`);
          for (const one of runners) one.mustLive();
          await sleep(500);
        }
        const found = await outputs(ground);
        const heard = runs.map((run) =>
          found.get(run)!.map((one) => (one as number[]).toSorted((a, b) => a - b)),
        );
        expect(heard).toEqual(runs.map(() => [[0, 1, 2]]));
        for (const one of runners) expect(one.says?.complaints).toEqual([]);
      } finally {
        client.close();
        await ground.close();
        await Promise.all(runners.map((one) => one.kill()));
        await live.close();
      }
    },
  );
});
