/* `waybill unschedule NAME`: the schedule of a workflow ends; runs that it has begun go on. */
import type { Command } from 'commander';
import { openClient } from '../presets/client.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';
import { readName } from './start.ts';

export const unscheduleCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command.argument('<name>', '[NAMESPACE/]NAME of a workflow with a schedule'),
      TARGET_SETTINGS,
    )
      .addHelpText(
        'after',
        '\nA server that deploys the workflow again schedules it again.\nExit code 0: it is over; 1: refused; 2: bad input.',
      )
      .action(unschedule);
  },
};

async function unschedule(name: string, flags: { [setting: string]: unknown }): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  const client = openClient(ground);
  try {
    const { outcome, reason } = await orSay(client.unschedule(readName(name)));
    if (outcome === 'refused') {
      process.stderr.write(`nothing to end: ${reason ?? 'refused'}\n`);
      process.exitCode = 1;
    } else await written(process.stdout, 'it fires no more\n');
  } finally {
    client.close();
    await ground.close();
  }
}
