/*
 * `waybill cancel ID`: asks for a run to be cancelled, and says what became of that. What the run has
 * done is undone first where its workflow says how (metadata.compensate).
 */
import type { Command } from 'commander';
import { openClient } from '../presets/client.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';

/** When a request that nobody takes up is worth a word, ms. */
const TAKEN_UP_MS = 5_000;

export const cancelCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .argument('<id>', 'id of a run')
        .option('--wait', 'wait until the run has ended, with what it undoes'),
      TARGET_SETTINGS,
    )
      .addHelpText('after', '\nExit code 0: it is being cancelled; 1: refused; 2: bad input.')
      .action(cancel);
  },
};

async function cancel(
  run: string,
  flags: { wait?: boolean; [setting: string]: unknown },
): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  const client = openClient(ground);
  const timer = setTimeout(() => {
    process.stderr.write('nobody has taken it up yet: is a `waybill serve` running?\n');
  }, TAKEN_UP_MS);
  try {
    const { outcome, reason } = await orSay(client.cancel(run));
    clearTimeout(timer);
    if (outcome === 'refused') {
      process.stderr.write(`not cancelled: ${reason ?? 'refused'}\n`);
      process.exitCode = 1;
    } else if (flags.wait === true) {
      const { ended } = await client.result(run);
      await written(process.stdout, `${ended}\n`);
    } else await written(process.stdout, 'it is being cancelled\n');
  } finally {
    clearTimeout(timer);
    client.close();
    await ground.close();
  }
}
