/* Opening a file: what is not usable gives one clear error and is left as it was. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFileError, openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { asStoreFileError } from '../../../src/adapters/sqlite/store-file-error.ts';
import { decodeEvent, encodeEvent, encodeRecord } from '../../../src/wire/index.ts';
import { NOON, parkedRow } from '../../contracts/parked-rows.ts';
import { eventually } from '../../contracts/suite.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';

let world: SqliteWorld;
beforeEach(async () => {
  world = await sqliteWorld();
});
afterEach(() => world.close());

async function refusal(opening: Promise<unknown>): Promise<StoreFileError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreFileError);
  return error as StoreFileError;
}

describe('a file that cannot be used', () => {
  it('a directory', async () => {
    const error = await refusal(openEmbedded(world.directory));
    expect(error).toMatchObject({ code: 'directory', path: world.directory });
    expect(error.message).toContain(error.remedy);
  });

  it('a path in a directory that does not exist', async () => {
    const error = await refusal(openEmbedded(join(world.directory, 'no', 'where.db')));
    expect(error).toMatchObject({ code: 'missing' });
  });

  it('a name that is empty or blank at its ends', async () => {
    for (const path of ['', ' ', 'waybill.db ']) {
      expect(await refusal(openEmbedded(path))).toMatchObject({ code: 'missing' });
    }
  });

  it('text, and garbage of 10 MB', async () => {
    for (const content of ['hello: this is YAML\n'.repeat(50), Buffer.alloc(10_000_000, 'x7')]) {
      const path = join(world.directory, 'garbage');
      writeFileSync(path, content);
      expect(await refusal(openEmbedded(path))).toMatchObject({ code: 'not-a-database' });
      expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
      expect(existsSync(`${path}-wal`)).toBe(false);
    }
  });

  it("another program's database", async () => {
    const path = join(world.directory, 'other.db');
    const other = new Sqlite(path);
    other.exec('CREATE TABLE song (title TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(await refusal(openEmbedded(path))).toMatchObject({ code: 'not-waybill' });
    expect(readFileSync(path)).toEqual(before);
  });

  it('one of a newer version', async () => {
    world.embedded.close();
    const file = new Sqlite(world.path);
    file.pragma('user_version = 999');
    file.close();
    const error = await refusal(openEmbedded(world.path));
    expect(error).toMatchObject({ code: 'newer-schema' });
    expect(error.message).toContain('999');
  });

  it('one that is damaged', async () => {
    await world.embedded.broker.append(0, [new Uint8Array(100_000)]);
    world.embedded.close();
    const bytes = readFileSync(world.path);
    bytes.fill(0xa5, 200, 8_192);
    writeFileSync(world.path, bytes);
    expect(await refusal(openEmbedded(world.path))).toMatchObject({ code: 'corrupt' });
  });

  it('one in a directory that cannot be written', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root can write everywhere');
    const directory = join(world.directory, 'locked');
    mkdirSync(directory);
    chmodSync(directory, 0o555);
    const error = await refusal(openEmbedded(join(directory, 'waybill.db')));
    expect(error).toMatchObject({ code: 'read-only' });
  });

  it('an empty file is a new one', async () => {
    const path = join(world.directory, 'empty.db');
    writeFileSync(path, '');
    const embedded = await openEmbedded(path);
    expect((await embedded.broker.append(0, [Uint8Array.of(1)])).base).toBe(0);
    embedded.close();
  });

  it('a number of partitions other than that of its creation', async () => {
    const error = await refusal(world.open({ partitions: 4 }));
    expect(error).toMatchObject({ code: 'other-partitions' });
    expect((await world.open({ partitions: 1 })).broker.partitions).toBe(1);
    expect((await world.open()).broker.partitions).toBe(1);
    await expect(openEmbedded(':memory:', { partitions: 0 })).rejects.toThrow(RangeError);
  });

  it('every failure of SQLite has a code of its own', () => {
    const codes = [
      ['SQLITE_FULL', 'no-space'],
      ['SQLITE_IOERR_FSYNC', 'io'],
      ['SQLITE_READONLY_DBMOVED', 'read-only'],
      ['SQLITE_CANTOPEN', 'no-access'],
      ['SQLITE_BUSY', 'busy'],
      ['SQLITE_CORRUPT_VTAB', 'corrupt'],
    ] as const;
    for (const [code, ours] of codes) {
      const cause = Object.assign(new Error('x'), { code });
      expect(asStoreFileError(cause, 'a.db')).toMatchObject({ code: ours, path: 'a.db', cause });
    }
    const mine = new Error('mine');
    expect(asStoreFileError(mine, 'a.db')).toBe(mine);
  });
});

describe('a client', () => {
  it('needs a file that exists', async () => {
    const path = join(world.directory, 'nothing.db');
    expect(await refusal(openEmbedded(path, { mode: 'client' }))).toMatchObject({
      code: 'missing',
    });
    expect(existsSync(path)).toBe(false);
  });

  it('writes START and CONTROL, and no other record', async () => {
    const client = await world.open({ mode: 'client' });
    const header = { ...parkedRow(1).record.header, tenure: 0, n: 0, unit: 0, targets: [] };
    const definition = { namespace: 'shop', name: 'order' };
    const start = encodeRecord({
      header: { ...header, kind: 'START', hop: 0 },
      body: { kind: 'START', definition },
    });
    expect((await client.broker.append(0, [start])).base).toBe(0);
    const parked = encodeRecord(parkedRow(1).record);
    for (const batch of [[start, parked], [Uint8Array.of(1, 2, 3)]]) {
      const append = Promise.resolve(client.broker.append(0, batch));
      await expect(append).rejects.toMatchObject({ name: 'AppendRefused', code: 'unauthorised' });
    }
    expect(await world.embedded.broker.range(0)).toEqual({ begin: 0, end: 1 });
  });

  it('writes events, and nothing else there', async () => {
    const client = await world.open({ mode: 'client' });
    const event = { specversion: '1.0', id: '1', source: '/a', type: 't' };
    await client.events.append(0, [encodeEvent(event, NOON)]);
    const lifecycle = encodeEvent(event, NOON, 'LIFECYCLE');
    const parked = encodeRecord(parkedRow(1).record);
    for (const bytes of [lifecycle, parked, Uint8Array.of(1, 2, 3)]) {
      const append = Promise.resolve(client.events.append(0, [bytes]));
      await expect(append).rejects.toMatchObject({ name: 'AppendRefused', code: 'unauthorised' });
    }
    const { events } = world.embedded;
    expect(await events.range(0)).toEqual({ begin: 0, end: 1 });
    const [stored] = await events.fetch(0, 0, 1);
    expect(decodeEvent(stored!.bytes)).toEqual(event);
    expect(await world.embedded.broker.range(0)).toEqual({ begin: 0, end: 0 });
  });

  it('does not fold, trim or run partitions', async () => {
    const client = await world.open({ mode: 'client' });
    expect(await refusal(Promise.resolve(client.store.fold(0, 0, 1, [])))).toMatchObject({
      code: 'client',
    });
    expect(() => client.broker.join({ assigned: () => {}, revoked: () => {} })).toThrow(
      StoreFileError,
    );
  });
});

describe('the owner', () => {
  function member(): {
    owned: readonly number[];
    assigned(p: readonly number[]): void;
    revoked(): void;
  } {
    return {
      owned: [],
      assigned(partitions) {
        this.owned = partitions;
      },
      revoked() {},
    };
  }

  it('is one process, and leaves a note of who it is', async () => {
    const first = member();
    const leave = world.embedded.broker.join(first);
    await eventually(world, 'the first owns', () => first.owned.length === 1);
    expect(world.embedded.isOwner).toBe(true);
    const other = await world.open();
    const second = member();
    other.broker.join(second);
    await world.pass(400);
    expect(second.owned).toEqual([]);
    expect(other.isOwner).toBe(false);
    await eventually(world, 'the note', () => other.lastOwner() !== undefined);
    expect(other.lastOwner()?.pid).toBe(process.pid);
    leave();
    await eventually(world, 'the second owns', () => second.owned.length === 1);
    expect(statSync(`${world.path}-owner`).size).toBe(0);
  });

  it('owns the Log and the events log with one lock, until it has left both', async () => {
    const first = [member(), member()] as const;
    const leave = world.embedded.broker.join(first[0]);
    const leaveEvents = world.embedded.events.join(first[1]);
    await eventually(world, 'the first owns both', () =>
      first.every(({ owned }) => owned.length === 1),
    );
    const other = await world.open();
    const second = [member(), member()] as const;
    other.broker.join(second[0]);
    other.events.join(second[1]);
    leave();
    await world.pass(400);
    expect(second.map(({ owned }) => owned)).toEqual([[], []]);
    leaveEvents();
    await eventually(world, 'the second owns both', () =>
      second.every(({ owned }) => owned.length === 1),
    );
  });

  it('hands over when it closes', async () => {
    const first = member();
    world.embedded.broker.join(first);
    await eventually(world, 'the first owns', () => first.owned.length === 1);
    const second = member();
    (await world.open()).broker.join(second);
    world.embedded.close();
    await eventually(world, 'the second owns', () => second.owned.length === 1);
  });

  it('is one process, by whatever name the file goes', async () => {
    const first = member();
    world.embedded.broker.join(first);
    await eventually(world, 'the first owns', () => first.owned.length === 1);
    const alias = join(world.directory, 'alias.db');
    symlinkSync(world.path, alias);
    const second = member();
    (await world.open({}, alias)).broker.join(second);
    await world.pass(300);
    expect(second.owned).toEqual([]);
  });

  it('loses the lock with its life', async () => {
    const script = join(world.directory, 'owner.ts');
    const code = new URL('../../../src/adapters/sqlite/index.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { openEmbedded } from ${JSON.stringify(code)};
       const { broker } = await openEmbedded(${JSON.stringify(world.path)});
       broker.join({ assigned: () => process.stdout.write('owner'), revoked: () => {} });
       setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const waiting = member();
    world.embedded.broker.join(waiting);
    await world.pass(300);
    expect(waiting.owned).toEqual([]);
    child.kill('SIGKILL');
    await eventually(world, 'we own it', () => waiting.owned.length === 1, 5_000);
  });
});

describe('backup', () => {
  it('is a consistent copy, taken while appends go on', async () => {
    const { broker } = world.embedded;
    for (let i = 0; i < 40; i++) {
      await broker.append(
        0,
        Array.from({ length: 50 }, () => new Uint8Array(1_000)),
      );
    }
    const path = join(world.directory, 'copy.db');
    const copying = { done: false };
    const backup = world.embedded.backup(path).finally(() => {
      copying.done = true;
    });
    let end = 0;
    while (!copying.done) {
      end = (await broker.append(0, [new Uint8Array(10), new Uint8Array(20)])).base + 2;
    }
    await backup;
    const copy = await world.open({}, path);
    const range = await copy.broker.range(0);
    expect(range.end).toBeGreaterThanOrEqual(2_000);
    expect(range.end).toBeLessThanOrEqual(end);
    expect(range.end % 2).toBe(0);
    expect(await copy.broker.fetch(0, 0, range.end)).toHaveLength(range.end);
  });

  it('does not overwrite', async () => {
    mkdirSync(join(world.directory, 'there'));
    const error = await refusal(world.embedded.backup(join(world.directory, 'there')));
    expect(error).toMatchObject({ code: 'exists' });
    expect(await refusal(world.embedded.backup(world.path))).toMatchObject({ code: 'exists' });
  });
});
