/* Sending events from outside: durable, again when it is not known, refused when it can never be. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { AppendRefused, type Broker } from '../../src/ports/index.ts';
import { emit, EventRefused } from '../../src/presets/emit.ts';
import {
  type CloudEvent,
  decodeEvent,
  EVENT_BYTES_MAX,
  homeOfEvent,
} from '../../src/wire/index.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const EVENT: CloudEvent = {
  specversion: '1.0',
  id: '1',
  source: 'urn:me',
  type: 't',
  data: { n: 1 },
};
let home: string;
let file: Embedded;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'waybill-emit-'));
  file = await openEmbedded(join(home, 'it.db'), { partitions: 3 });
});
afterEach(() => {
  file.close();
  rmSync(home, { recursive: true, force: true });
});

async function sent(): Promise<(readonly [partition: number, event: CloudEvent | undefined])[]> {
  const { events } = file;
  const found: (readonly [number, CloudEvent | undefined])[] = [];
  for (let partition = 0; partition < events.partitions; partition++) {
    const { end } = await events.range(partition);
    for (const { bytes } of await events.fetch(partition, 0, end)) {
      found.push([partition, decodeEvent(bytes)]);
    }
  }
  return found;
}

/** The events log, with appends that go through `append`. */
function through(append: (send: () => PromiseLike<unknown>) => PromiseLike<unknown>): Broker {
  const { events } = file;
  return {
    partitions: events.partitions,
    append: (...args: Parameters<Broker['append']>) => append(() => events.append(...args)),
  } as unknown as Broker;
}

test('an event is where its copies are', async () => {
  await emit(file.events, EVENT);
  expect(await sent()).toEqual([[homeOfEvent(EVENT, 3), EVENT]]);
});

test('what is not known is sent again', async () => {
  let tries = 0;
  const log = through(async (send) => {
    await send();
    if (++tries < 3) throw new Error('the answer was lost');
    return { base: 0, time: 0 };
  });
  await emit(log, EVENT);
  expect((await sent()).map(([, event]) => event)).toEqual([EVENT, EVENT, EVENT]);
  const away = through(() => Promise.reject(new Error('nobody answers')));
  await expect(emit(away, EVENT, 200)).rejects.toThrow('nobody answers');
});

test('what can never be is refused', async () => {
  const large = { ...EVENT, data: 'x'.repeat(EVENT_BYTES_MAX) };
  await expect(emit(file.events, large)).rejects.toThrow(/bytes, and at most/);
  const wrong = { ...EVENT, source: '' };
  await expect(emit(file.events, wrong)).rejects.toThrow(EventRefused);
  const full = through(() => Promise.reject(new AppendRefused('too-large', 'no room', false)));
  await expect(emit(full, EVENT)).rejects.toThrow('no room');
  expect(await sent()).toEqual([]);
});

test('waybill emit', async () => {
  const given = join(home, 'event.json');
  writeFileSync(given, JSON.stringify({ type: 't', source: 'urn:me', data: [1] }));
  const words = ['emit', given, '--store', join(home, 'it.db')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1' },
  });
  expect([status, stderr]).toEqual([0, '']);
  const [[, event]] = (await sent()) as [[number, CloudEvent]];
  expect(event).toMatchObject({ specversion: '1.0', type: 't', source: 'urn:me', data: [1] });
  expect(`${event.id}\n`).toBe(stdout);
  expect(event['time']).toMatch(/Z$/);
}, 30_000);
