/*
 * Replay: given plans against one sabotage - the counterexamples of chaos/model, brought to the engine
 * that makes the same mistake.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Violation } from '../../src/chaos/history.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import type { Sabotage } from './sabotage.ts';
import type { Scratch } from './scratch.ts';

export interface Replayed {
  /** plans that were run until one broke the engine */
  readonly tried: number;
  readonly broke?: {
    readonly plan: FaultPlan;
    readonly violations: readonly Violation[];
    readonly story: readonly string[];
  };
}

const REPLAY_MS_MAX = 5 * 60_000;

/** Runs the plans in a process of their own; `scenario` is a file of the repository. */
export function replay(
  scratch: Scratch,
  sabotage: Sabotage,
  scenario: string,
  plans: readonly FaultPlan[],
): Promise<Replayed> {
  const copy = scratch.engine(sabotage.name, sabotage.edits);
  const script = join(scratch.sound, 'chaos', 'sabotage', 'replay-process.ts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, sabotage.name, copy, scenario], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: REPLAY_MS_MAX,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as Replayed);
      else reject(new Error(`the replay ended with ${code ?? 'a signal'}: ${err.slice(-600)}`));
    });
    child.stdin.end(JSON.stringify(plans));
  });
}
