/*
 * Trace files as commands meet them: opened with one clear error, and told what is damaged in them.
 *
 * Invariant: whatever is wrong with a file is a UserError that names it, or a line that names the block.
 */
import { type FileBytes, openBytes } from '../adapters/files/index.ts';
import { Trace, TraceError, type TraceProblem } from '../trace/read-trace.ts';
import { UserError } from './user-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'permission to read it is missing',
};

export interface OpenTrace {
  readonly file: string;
  readonly trace: Trace;
  readonly bytes: FileBytes;
}

export function openTrace(file: string): OpenTrace {
  let bytes: FileBytes;
  try {
    bytes = openBytes(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    throw new UserError(`${file}: ${REASONS[code] ?? `it cannot be read (${code})`}`);
  }
  try {
    return { file, trace: new Trace(bytes), bytes };
  } catch (error) {
    bytes.close();
    if (error instanceof TraceError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

/** One line for each part of the file that could not be used. */
export function damage(file: string, problems: readonly TraceProblem[]): string[] {
  return problems.map(({ at, block, said }) => `${file}: block ${block} at byte ${at}: ${said}`);
}
