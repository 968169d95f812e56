/* `waybill emit EVENT.json`: its place on the command line, until the runtime has events. */
import type { Command } from 'commander';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';

export const emitCommand: CliCommand = {
  configure(command: Command) {
    command.argument('<event>', 'a CloudEvent in JSON form').action(() => {
      throw new UserError('events are not supported yet');
    });
  },
};
