/* Files for the tests of the sqlite adapter: each in a directory of its own, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Embedded,
  type EmbeddedOptions,
  openEmbedded,
} from '../../../src/adapters/sqlite/index.ts';
import type { World } from '../../contracts/suite.ts';

export interface SqliteWorld extends World {
  readonly directory: string;
  readonly path: string;
  readonly embedded: Embedded;
  /** opens the file again, or another one of this directory */
  open(options?: EmbeddedOptions, path?: string): Promise<Embedded>;
}

export async function sqliteWorld(options: EmbeddedOptions = {}): Promise<SqliteWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-sqlite-'));
  const path = join(directory, 'waybill.db');
  const opened: Embedded[] = [];
  const open: SqliteWorld['open'] = async (more = {}, file = path) => {
    const embedded = await openEmbedded(file, more);
    opened.push(embedded);
    return embedded;
  };
  const embedded = await open(options);
  return {
    directory,
    path,
    embedded,
    open,
    settle: (answer) => Promise.resolve(answer),
    pass: (ms) => sleep(ms),
    close: () => {
      for (const one of opened) one.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
