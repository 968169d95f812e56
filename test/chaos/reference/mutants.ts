/*
 * Scratch copies of the engine with one mutation each, and whether the reference notices.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Difference } from './driven.ts';
import type { Mutation } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SCRIPT = 'test/chaos/reference/driven.ts';
/** What a mutant needs of the house besides core; it is shared. */
const NEEDED = ['adapters', 'chaos', 'dsl', 'jq', 'ports', 'wire'];
/** It stops by itself after so long; one workflow of a mutant that spins takes for ever. */
const MS_MAX = 240_000;
const SPINS_MS = 30_000;

export interface Caught {
  readonly name: string;
  /** how the reference noticed; undefined: it did not */
  readonly by: string | undefined;
  readonly workflows: number | undefined;
}

/** Where mutants live: a copy of core for each, the rest of the source once. */
export class Nursery {
  readonly home = mkdtempSync(join(tmpdir(), 'waybill-mutants-'));

  /** Runs so many workflows against the mutant, from the first seed on. */
  async hunt({ file, find, name, replace }: Mutation, count: number): Promise<Caught> {
    const home = join(this.home, name.replaceAll(/\W+/g, '-'));
    mkdirSync(join(home, 'src'), { recursive: true });
    for (const part of [...NEEDED, 'core', 'runtime', 'presets', 'activities', 'report']) {
      cpSync(join(ROOT, 'src', part), join(home, 'src', part), { recursive: true });
    }
    cpSync(join(ROOT, SCRIPT), join(home, SCRIPT));
    cpSync(join(ROOT, 'test/core/drive.ts'), join(home, 'test/core/drive.ts'));
    cpSync(join(ROOT, 'package.json'), join(home, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    const path = join(home, 'src/core', file);
    writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), find, replace, file));
    const said = await run(join(home, SCRIPT), count);
    rmSync(home, { recursive: true, force: true });
    if (typeof said === 'string') return { name, by: said, workflows: undefined };
    return said === null
      ? { name, by: undefined, workflows: count }
      : { name, by: `seed ${said.seed}`, workflows: said.seed + 1 };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function replaceOnce(text: string, find: string, replace: string, file: string): string {
  const at = text.indexOf(find);
  if (at < 0) throw new Error(`the mutation is stale: core/${file} does not hold ${find}`);
  if (text.includes(find, at + 1)) throw new Error(`core/${file} holds more than once ${find}`);
  return text.slice(0, at) + replace + text.slice(at + find.length);
}

/** The difference, null without one, or a text for a mutant that does not come back. */
async function run(script: string, count: number): Promise<Difference | null | string> {
  const child = spawn(process.execPath, [script, '0', String(count), String(MS_MAX)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MS_MAX + SPINS_MS,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === null) return 'it never comes back';
  if (code !== 0) throw new Error(`the mutant could not be run: ${err.slice(-800)}`);
  return JSON.parse(out) as Difference | null;
}
