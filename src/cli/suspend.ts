/*
 * `waybill suspend ID` puts a run aside until `waybill unsuspend ID` lets it go on; that also brings back
 * what was parked as dead.
 */
import type { Command } from 'commander';
import { openClient } from '../presets/client.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';

const WORDS = {
  suspend: { done: 'it is suspended', refused: 'not suspended' },
  resume: { done: 'it goes on', refused: 'not resumed' },
} as const;

export const suspendCommand = command('suspend', 'A running activity may end first.');
export const unsuspendCommand = command(
  'resume',
  'Also for what was parked as dead: it is tried anew.',
);

function command(verb: keyof typeof WORDS, more: string): CliCommand {
  return {
    configure(command: Command) {
      withSettings(command.argument('<id>', 'id of a run'), TARGET_SETTINGS)
        .addHelpText('after', `\n${more}\nExit code 0: done; 1: refused; 2: bad input.`)
        .action((run: string, flags: { [setting: string]: unknown }) => ask(verb, run, flags));
    },
  };
}

async function ask(
  verb: keyof typeof WORDS,
  run: string,
  flags: { [setting: string]: unknown },
): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  const client = openClient(ground);
  try {
    const { outcome, reason } = await orSay(client[verb](run));
    if (outcome === 'refused') {
      process.stderr.write(`${WORDS[verb].refused}: ${reason ?? 'refused'}\n`);
      process.exitCode = 1;
    } else await written(process.stdout, `${WORDS[verb].done}\n`);
  } finally {
    client.close();
    await ground.close();
  }
}
