/* Starts that come at once share appends; none is answered with what happened to another. */
import { describe, expect, it } from 'vitest';
import type { Appended } from '../../src/ports/index.ts';
import { Inbox } from '../../src/presets/inbox.ts';
import { BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../src/wire/index.ts';

interface Asked {
  readonly partition: number;
  readonly sizes: readonly number[];
  readonly landed: (appended: Appended) => void;
  readonly failed: (error: Error) => void;
}

/** A broker that answers when it is told to. */
function world(): { inbox: Inbox; asked: Asked[] } {
  const asked: Asked[] = [];
  const inbox = new Inbox({
    append: (partition, batch) =>
      new Promise((landed, failed) => {
        asked.push({ partition, sizes: batch.map(({ length }) => length), landed, failed });
      }),
  });
  return { inbox, asked };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
const record = (size: number): Uint8Array => new Uint8Array(size);

describe('what a client appends', () => {
  it('is sent at once, alone, and shares the next append with who came meanwhile', async () => {
    const { asked, inbox } = world();
    const answers = [1, 2, 3, 4, 5].map((size) => inbox.append(0, record(size)));
    expect(asked.map(({ sizes }) => sizes)).toEqual([[1], [2]]);
    asked[0]!.landed({ base: 10, time: 7 });
    await turn();
    expect(asked.map(({ sizes }) => sizes)).toEqual([[1], [2], [3, 4, 5]]);
    asked[2]!.landed({ base: 20, time: 8 });
    asked[1]!.landed({ base: 11, time: 7 });
    expect(await Promise.all(answers)).toEqual([
      { base: 10, time: 7 },
      { base: 11, time: 7 },
      { base: 20, time: 8 },
      { base: 21, time: 8 },
      { base: 22, time: 8 },
    ]);
  });

  it('waits for nobody of another partition', () => {
    const { asked, inbox } = world();
    for (const partition of [0, 0, 0, 1]) void inbox.append(partition, record(1));
    expect(asked.map(({ partition }) => partition)).toEqual([0, 0, 1]);
  });

  it('fails with those that shared its append, and holds up nobody after that', async () => {
    const { asked, inbox } = world();
    const answers = [1, 2, 3, 4].map((size) =>
      inbox.append(0, record(size)).then(
        () => 'landed',
        (error: Error) => error.message,
      ),
    );
    asked[0]!.failed(new Error('first'));
    asked[1]!.landed({ base: 0, time: 0 });
    await turn();
    asked[2]!.failed(new Error('both'));
    expect(await Promise.all(answers)).toEqual(['first', 'landed', 'both', 'both']);
    await turn();
    void inbox.append(0, record(9));
    expect(asked.at(-1)!.sizes).toEqual([9]);
  });

  it('lets travel alone what is too large, and keeps to the size of a batch', async () => {
    const { asked, inbox } = world();
    const large = RECORD_BYTES_MAX + 1;
    for (const size of [1, 2, 3, large, 4]) void inbox.append(0, record(size));
    for (let i = 0; i < BATCH_RECORDS_MAX + 5; i++) void inbox.append(0, record(1));
    for (let i = 0; i < 5; i++) {
      asked[i]!.landed({ base: i, time: 0 });
      await turn();
    }
    const sizes = asked.map((one) => one.sizes);
    expect(sizes.slice(0, 4)).toEqual([[1], [2], [3], [large]]);
    expect(sizes[4]).toHaveLength(BATCH_RECORDS_MAX);
    expect(sizes.flat()).toHaveLength(5 + BATCH_RECORDS_MAX + 5);
  });
});
