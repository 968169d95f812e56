/*
 * Files with many runs in them, and what a new process needs to go on: processes of their own, because
 * memory and start-up are what is measured, on the package as it is published.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../.ci/build.ts';

export interface Opened {
  readonly count: number;
  /** from when the process was started until it has run one more workflow, or its first step */
  readonly ms: number;
  /** of that, what the processor was busy for, all threads: what others do on the machine adds less to it */
  readonly cpuMs: number;
  /** a few seconds later */
  readonly rssMb: number;
  readonly fileMb: number;
}

interface Said {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

const CHILD = join(import.meta.dirname, 'child.mjs');
const ROOT = join(import.meta.dirname, '../..');
/** An owner lets so many run at once; more wait in the Log. */
const ACTIVE = 20_000;

export async function waiting(
  folder: string,
  counts: readonly number[],
): Promise<readonly Opened[]> {
  const found: Opened[] = [];
  for (const count of counts) {
    const file = join(folder, `waiting-${count}.db`);
    await child(folder, ['fill', file, String(count)]);
    found.push(await opened(folder, count, file, 'open', ACTIVE));
  }
  return found;
}

/** Killed while so many runs are in flight, `active` of them with an activity under way. */
export async function inFlight(folder: string, count: number, active = ACTIVE): Promise<Opened> {
  const file = join(folder, `flight-${count}-${active}.db`);
  await child(folder, ['flight', file, String(count), String(active)]);
  return opened(folder, count, file, 'reopen', active);
}

/** `how` is open or reopen. */
async function opened(
  folder: string,
  count: number,
  file: string,
  how: string,
  active: number,
): Promise<Opened> {
  const said = await child(folder, [how, file, '0', String(active)]);
  const [first, last] = said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Said);
  if (first === undefined || last === undefined) throw new Error(`${how} ${file} said ${said}`);
  const { ms, cpuMs } = first;
  return { count, ms, cpuMs, rssMb: last.rssMb, fileMb: statSync(file).size / 1e6 };
}

/** The package, built once: what people start is not stripped of types each time. */
function packageIn(folder: string): string {
  const built = join(folder, 'package');
  if (existsSync(built)) return built;
  mkdirSync(built);
  build(join(built, 'dist'));
  for (const name of ['package.json', 'node_modules'])
    symlinkSync(join(ROOT, name), join(built, name));
  return built;
}

/** A child that kills itself was meant to. */
async function child(folder: string, words: readonly string[]): Promise<string> {
  const process_ = spawn(process.execPath, [CHILD, packageIn(folder), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  process_.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code, signal] = await new Promise<[number | null, string | null]>((ended) => {
    process_.once('close', (...how) => ended(how));
  });
  if (code === 0 || signal === 'SIGKILL') return said;
  throw new Error(`${words.join(' ')} ended with ${code ?? signal}`);
}
