/*
 * What a client says of a start when the Log answers late, twice, never, or not at all; and that results
 * are seen whenever they come.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { load } from '../../src/dsl/index.ts';
import { AppendRefused, type Broker } from '../../src/ports/index.ts';
import {
  type Client,
  openClient,
  StartRefused,
  StartUnknown,
  UnknownWorkflow,
} from '../../src/presets/client.ts';
import { runnerOn } from '../../src/presets/cluster.ts';
import { storedDefinition } from '../../src/runtime/index.ts';
import { decodeHeader, uuidv7 } from '../../src/wire/index.ts';

const HELLO = { namespace: 'test', name: 'hello' };
let file: Embedded;
let now: (() => number) | undefined;

beforeEach(async () => {
  now = undefined;
  file = await openEmbedded(':memory:', { partitions: 2, now: () => now?.() ?? Date.now() });
  const { definition } = load(
    "document: {dsl: '1.0.3', namespace: test, name: hello, version: '1.0.0'}\ndo: [{a: {set: {x: '${ .x }'}}}]",
    'hello.yaml',
  );
  await file.definitions.put(storedDefinition(definition!));
});
afterEach(() => file.close());

/** A client whose appends go through `append`. */
function clientWith(
  append: (send: () => PromiseLike<unknown>, nth: number) => PromiseLike<unknown>,
): Client {
  let nth = 0;
  const broker: Broker = Object.create(file.broker, {
    append: {
      value: (partition: number, batch: readonly Uint8Array[]) =>
        append(() => file.broker.append(partition, batch), ++nth),
    },
    partitions: { value: file.broker.partitions },
    // private members do not pass through a prototype
    ...Object.fromEntries(
      (['reader', 'fetch', 'range', 'offsetAt', 'hint'] as const).map((name) => [
        name,
        { value: (file.broker[name] as (...words: unknown[]) => unknown).bind(file.broker) },
      ]),
    ),
  }) as Broker;
  const { definitions, events, store } = file;
  return openClient({ broker, events, definitions, store });
}

async function starts(): Promise<string[]> {
  const found: string[] = [];
  for (let partition = 0; partition < file.broker.partitions; partition++) {
    const { end } = await file.broker.range(partition);
    for (const { bytes } of await file.broker.fetch(partition, 0, end)) {
      const { kind, run } = decodeHeader(bytes);
      if (kind === 'START') found.push(run);
    }
  }
  return found;
}

describe('a start', () => {
  test('is acknowledged once it is in the Log', async () => {
    const { run, again } = await clientWith((send) => send()).start({ definition: HELLO });
    expect(again).toBe(false);
    expect(await starts()).toEqual([run]);
  });

  test('whose first answer is lost is sent again under the same id', async () => {
    const client = clientWith(async (send, nth) => {
      const answer = await send();
      if (nth === 1) throw new Error('the connection was lost');
      return answer;
    });
    const { run } = await client.start({ definition: HELLO });
    expect(await starts()).toEqual([run, run]);
  });

  test('that nobody answers is said to be unknown, with its id', async () => {
    const client = clientWith(() => Promise.reject(new Error('the connection was lost')));
    const failed = await client
      .start({ definition: HELLO, patience: 400 })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StartUnknown);
    expect((failed as StartUnknown).message).toContain('it is not known whether run');
    expect((await client.lookUp((failed as StartUnknown).run)).status).toBe('unknown');
  });

  test('that is swallowed without an answer is unknown, too, and can be looked up', async () => {
    const client = clientWith(async (send) => {
      await send();
      return new Promise(() => undefined);
    });
    const failed = await client
      .start({ definition: HELLO, patience: 300 })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StartUnknown);
    const { status } = await client.lookUp((failed as StartUnknown).run);
    expect(status).toBe('waiting to begin');
  });

  test('that is surely refused is said to be refused', async () => {
    const refusal = (retriable: boolean): Client =>
      clientWith(() =>
        Promise.reject(new AppendRefused('unauthorised', 'no right to write', retriable)),
      );
    await expect(refusal(false).start({ definition: HELLO })).rejects.toThrow(StartRefused);
    const waited = refusal(true).start({ definition: HELLO, patience: 300 });
    await expect(waited).rejects.toThrow('no right to write');
    await expect(waited).rejects.toThrow(StartRefused);
  });

  test('refused after an unknown outcome stays unknown', async () => {
    const client = clientWith((_, nth) =>
      Promise.reject(nth === 1 ? new Error('lost') : new AppendRefused('closed', 'closed', false)),
    );
    await expect(client.start({ definition: HELLO, patience: 400 })).rejects.toThrow(StartUnknown);
  });

  test.each([-60_000, 400_000])(
    'on a broker whose clock is %d ms off does not count, and says so',
    async (off) => {
      now = () => Date.now() + off;
      const client = clientWith((send) => send());
      await expect(client.start({ definition: HELLO })).rejects.toThrow(
        /the clocks of this machine .* differ/,
      );
    },
  );

  test('of a workflow that nobody has deployed', async () => {
    const client = clientWith((send) => send());
    await expect(client.start({ definition: { ...HELLO, version: '2.0.0' } })).rejects.toThrow(
      UnknownWorkflow,
    );
  });

  test('with a key whose START may be on its way keeps its id; one that is void gets another', async () => {
    const lost = clientWith(() => Promise.reject(new Error('crash')));
    const start = { definition: HELLO, once: 'k', patience: 100 };
    const failed = (await lost.start(start).catch((error: unknown) => error)) as StartUnknown;
    const good = clientWith((send) => send());
    for (let i = 0; i < 2; i++) {
      expect(await good.start(start)).toEqual({ run: failed.run, again: true });
    }
    expect(await starts()).toEqual([failed.run]);
    const old = (age: number): string => uuidv7(Date.now() - age, () => 0.5);
    await file.store.once('old', old(400_000));
    expect(await good.start({ ...start, once: 'old' })).toMatchObject({ again: false });
    await file.store.once('edge', old(295_000));
    await expect(good.start({ ...start, once: 'edge' })).rejects.toThrow('ask again in a minute');
  });
});

describe('results', () => {
  test('of many runs, asked for before, while and after they end', async () => {
    const client = clientWith((send) => send());
    const runs: string[] = [];
    const waiting: Promise<unknown>[] = [];
    const complaints: string[] = [];
    const runner = runnerOn(
      { ...file, heldBy: () => undefined, close: async () => undefined },
      { name: 'one', prefix: 'test', functions: {}, onComplaint: (said) => complaints.push(said) },
    );
    for (let x = 0; x < 60; x++) {
      const { run } = await client.start({ definition: HELLO, input: { x } });
      runs.push(run);
      if (x % 3 === 0) waiting.push(client.result(run));
      if (x === 20) runner.start();
      if (x % 10 === 0) await sleep(5);
    }
    const ends = await Promise.all(runs.map((run) => client.result(run)));
    expect(ends.map(({ value }) => value)).toEqual(runs.map((_, x) => ({ x })));
    expect(await Promise.all(waiting)).toHaveLength(20);
    await expect(client.result('01a1f7c4-15a5-7d2e-abeb-df0c92a9cd3f')).rejects.toThrow('no START');
    expect(complaints).toEqual([]);
    client.close();
    await runner.stop();
  });
});
