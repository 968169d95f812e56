/*
 * A pack of hunts: each sabotage in its own copy and process, two at a time, and the verdict on each.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Hunted } from './hunt.ts';
import type { Sabotage } from './sabotage.ts';
import { type Scratch, StaleSabotage } from './scratch.ts';

export interface Verdict {
  readonly sabotage: Sabotage;
  /** undefined: all is well; else what is not */
  readonly wrong: string | undefined;
  readonly hunted?: Hunted;
}

/** A sabotaged engine that spins never comes back by itself. */
const HUNT_MS_MAX = 15 * 60_000;

const hunting = new Set<ChildProcess>();

/** Ends the hunts that are under way: their scratch copy is about to go. */
export function stopHunts(): void {
  for (const child of hunting) child.kill('SIGKILL');
}

export interface PackOptions {
  readonly seed: number;
  /** instead of each sabotage's own budget */
  readonly runs?: number;
  readonly workers: number;
  readonly told: (verdict: Verdict) => void;
}

export async function huntAll(
  scratch: Scratch,
  sabotages: readonly Sabotage[],
  options: PackOptions,
): Promise<Verdict[]> {
  const waiting = [...sabotages];
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await huntOne(scratch, next, options);
      verdicts.push(verdict);
      options.told(verdict);
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return verdicts;
}

async function huntOne(
  scratch: Scratch,
  sabotage: Sabotage,
  { runs, seed }: PackOptions,
): Promise<Verdict> {
  let copy: string;
  try {
    copy = scratch.engine(sabotage.name, sabotage.edits);
  } catch (error) {
    if (!(error instanceof StaleSabotage)) throw error;
    return { sabotage, wrong: `stale: ${error.message}` };
  }
  const script = join(scratch.sound, 'chaos', 'sabotage', 'hunt-process.ts');
  const words = [
    script,
    sabotage.name,
    copy,
    String(seed),
    ...(runs === undefined ? [] : [`${runs}`]),
  ];
  const { code, out, err } = await run(words);
  if (code !== 0) {
    return {
      sabotage,
      wrong: `the hunt ended with ${code ?? 'a signal'}: ${err.trim().slice(-600)}`,
    };
  }
  const hunted = JSON.parse(out) as Hunted;
  return { sabotage, hunted, wrong: wrongWith(hunted) };
}

function wrongWith({ caught, runs, unsound }: Hunted): string | undefined {
  if (caught === undefined) {
    return unsound.length > 0
      ? `the sound engine fails as well: ${unsound[0]?.violations[0]?.said}`
      : `survived ${runs} runs`;
  }
  return caught.minimal ? undefined : 'its plan is not minimal';
}

function run(words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: HUNT_MS_MAX,
      killSignal: 'SIGKILL',
    });
    hunting.add(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('close', (code) => {
      hunting.delete(child);
      resolve({ code, out, err });
    });
  });
}
