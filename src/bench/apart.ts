/*
 * Cells in processes of their own: the command line is started once more for each, and says its figures
 * as one line of JSON.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.ts';

/** The cell's process said what is wrong; `code` is how it left (2: what was asked for is). */
export class NotMeasured extends Error {
  readonly code: number | null;
  constructor(said: string, code: number | null) {
    super(said);
    this.name = 'NotMeasured';
    this.code = code;
  }
}

/** From source, or as it was built. */
const MAIN = ['../cli/main.ts', '../cli/main.js']
  .map((name) => fileURLToPath(new URL(name, import.meta.url)))
  .find((path) => existsSync(path))!;

/** `words`: the command line of the cell, with --json. */
export async function measureApart(
  words: readonly string[],
  tell: (phase: string) => void = () => {},
  nodeOptions: readonly string[] = [],
): Promise<Figures> {
  tell('measuring');
  const child = spawn(process.execPath, [...nodeOptions, MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const killed = (): void => void child.kill();
  process.once('exit', killed);
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', failed);
    child.once('close', ended);
  });
  process.off('exit', killed);
  if (code === 0 && said.startsWith('{')) return JSON.parse(said) as Figures;
  throw new NotMeasured(complained.trim() || `it ended with ${code}, and said nothing`, code);
}
