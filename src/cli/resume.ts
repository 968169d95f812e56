/*
 * `waybill resume`: carries on every unfinished run of an embedded file that `waybill run` has started,
 * and prints each result as one line of JSON.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { CliCommand } from './main.ts';
import { DEFAULT_STATE, open, type StateOptions, written } from './run.ts';
import { TaskTree } from './task-tree.ts';
import { UserError } from './user-error.ts';

export const resumeCommand: CliCommand = {
  configure(command: Command) {
    command
      .option(
        '-f, --functions <module>',
        'module (.ts or .js) whose exports are the host functions',
      )
      .option('-s, --state <file>', 'embedded file that keeps the runs', DEFAULT_STATE)
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
  if (!existsSync(options.state)) throw new UserError(`${options.state}: there is no such file`);
  const tree = new TaskTree(undefined, { quiet: options.quiet === true });
  const engine = await open(options, tree);
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
