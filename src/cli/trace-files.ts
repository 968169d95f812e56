/*
 * Trace files as commands meet them: one clear error for what cannot be used at all, and a line for each
 * part that is damaged.
 */
import { type OpenTrace, openTrace, TraceRefused } from '../presets/traces.ts';
import type { TraceProblem } from '../trace/read-trace.ts';
import { UserError } from './user-error.ts';

/** What is wrong with a trace, or with what is tried on it, is the user's to repair. */
export async function sayingTrace<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TraceRefused) throw new UserError(error.message);
    throw error;
  }
}

export function openTraceOrSay(file: string): OpenTrace {
  try {
    return openTrace(file);
  } catch (error) {
    if (error instanceof TraceRefused) throw new UserError(error.message);
    throw error;
  }
}

/** One line for each part of the file that could not be used. */
export function damage(file: string, problems: readonly TraceProblem[]): string[] {
  return problems.map(({ at, block, said }) => `${file}: block ${block} at byte ${at}: ${said}`);
}
