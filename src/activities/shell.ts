/*
 * run: shell, carried out: `sh -c COMMAND`, with the arguments as $1, $2, ...
 */
import type { ActivityAnswer } from '../ports/index.ts';
import { refuse } from './errors.ts';
import type { Asked } from './index.ts';
import { runProgram } from './process.ts';

const SHELL = '/bin/sh';

export function performShell(asked: Asked): Promise<ActivityAnswer> {
  const { command } = asked.activity.arguments as { readonly command?: unknown };
  if (typeof command !== 'string') throw refuse('configuration', 'a shell command must be a text');
  if (command.includes('\0')) throw refuse('configuration', 'a shell command cannot have a NUL');
  const title = 'the shell command';
  return runProgram({ title, command: SHELL, arguments: ['-c', command, 'sh'] }, asked);
}
