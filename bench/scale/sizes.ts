/*
 * Files with many runs in them, and what a new process needs to go on: processes of their own, because
 * memory and start-up are what is measured.
 */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

export interface Opened {
  readonly count: number;
  /** from when the process was started until it has run one more workflow, or its first step */
  readonly ms: number;
  readonly rssMb: number;
  readonly fileMb: number;
}

const CHILD = join(import.meta.dirname, 'child.ts');

export async function waiting(
  folder: string,
  counts: readonly number[],
): Promise<readonly Opened[]> {
  const found: Opened[] = [];
  for (const count of counts) {
    const file = join(folder, `waiting-${count}.db`);
    await child(['fill', file, String(count)]);
    found.push(await opened(count, file, 'open'));
  }
  return found;
}

/** Killed while the activities of so many runs are under way. */
export async function inFlight(folder: string, count: number): Promise<Opened> {
  const file = join(folder, `flight-${count}.db`);
  await child(['flight', file, String(count)]);
  return opened(count, file, 'reopen');
}

async function opened(count: number, file: string, how: 'open' | 'reopen'): Promise<Opened> {
  const begun = performance.now();
  let ms = Number.NaN;
  const said = await child([how, file], () => (ms = performance.now() - begun));
  const { rssMb } = JSON.parse(said.split('\n').at(-2) ?? '{}') as { rssMb: number };
  return { count, ms, rssMb, fileMb: statSync(file).size / 1e6 };
}

/** `first`: it has said its first word. A child that kills itself was meant to. */
async function child(words: readonly string[], first: () => void = () => {}): Promise<string> {
  const process_ = spawn(process.execPath, [CHILD, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') first();
    said += text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((ended) => {
    process_.once('close', (...how) => ended(how));
  });
  if (code === 0 || signal === 'SIGKILL') return said;
  throw new Error(`${words.join(' ')} ended with ${code ?? signal}`);
}
