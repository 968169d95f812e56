/*
 * `waybill resume`: carries on every unfinished run of an embedded file that `waybill run` has started,
 * and prints each result as one line of JSON.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CliCommand } from './main.ts';
import { open, STATE_FOLDER, type StateOptions, written } from './run.ts';
import { TaskTree } from './task-tree.ts';
import { UserError } from './user-error.ts';

export const resumeCommand: CliCommand = {
  configure(command: Command) {
    command
      .option(
        '-f, --functions <module>',
        'module (.ts or .js) whose exports are the host functions',
      )
      .option(
        '--secrets <path>',
        'file or directory with the secrets (default: WAYBILL_SECRET_NAME in the environment)',
      )
      .option(
        '-s, --state <file>',
        'embedded file that keeps the runs (default: the only one in .waybill)',
      )
      .option(
        '--synchronous <mode>',
        'FULL survives power loss, NORMAL a crash of the process',
        'FULL',
      )
      .option('-q, --quiet', 'no progress on stderr')
      .addHelpText('after', '\nExit code 0: all completed; 1: a workflow faulted; 2: bad input.')
      .action(resume);
  },
};

async function resume(options: StateOptions): Promise<void> {
  const state = options.state ?? onlyState();
  if (!existsSync(state)) throw new UserError(`${state}: there is no such file`);
  const tree = new TaskTree(undefined, { quiet: options.quiet === true });
  const engine = await open({ ...options, state }, tree);
  try {
    const claimed = await engine.claimed();
    if (claimed.length === 0 && options.quiet !== true) {
      process.stderr.write('nothing to resume: every result has been printed\n');
    }
    await Promise.all(
      claimed.map(async ({ key, run }) => {
        const result = await engine.result(run);
        await written(process.stdout, `${JSON.stringify({ run, ...result })}\n`);
        await engine.forget(key);
        if (result.ended !== 'completed') process.exitCode = 1;
      }),
    );
  } finally {
    tree.close();
    await engine.close();
  }
}

/** The embedded file that `waybill run` has left here, if it is the only one. */
function onlyState(): string {
  const files = existsSync(STATE_FOLDER)
    ? readdirSync(STATE_FOLDER).filter((name) => name.endsWith('.db'))
    : [];
  const [only, ...others] = files;
  if (only === undefined)
    throw new UserError(`there are no runs in ${STATE_FOLDER}; name a file: --state FILE`);
  if (others.length > 0) {
    throw new UserError(
      `${STATE_FOLDER} has ${files.join(', ')}; name one: --state ${join(STATE_FOLDER, only)}`,
    );
  }
  return join(STATE_FOLDER, only);
}
