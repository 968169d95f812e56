/*
 * `waybill config`: what is in force and where each value comes from. Secrets are masked.
 */
import type { Command } from 'commander';
import {
  flagOf,
  settingsInForce,
  strayVariables,
  variableOf,
  withSettings,
} from './configuration.ts';
import { SETTINGS, shown } from './configuration-settings.ts';
import type { CliCommand } from './main.ts';
import { print } from './validate.ts';

export const configCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command,
      SETTINGS.map(({ name }) => name),
    )
      .option('--json', 'print as JSON')
      .option('--all', 'also what is not set, with the names to set it by')
      .action((flags: { json?: boolean; all?: boolean }) => {
        const found = settingsInForce(flags as Record<string, unknown>, process.env);
        const stray = strayVariables(process.env);
        if (flags.json === true) {
          const settings = found.map(({ setting, value, from }) => ({
            name: setting.name,
            value: setting.secret === undefined ? value : shown(setting, value),
            from,
          }));
          return print(`${JSON.stringify({ settings, stray }, null, 2)}\n`);
        }
        const rows = found.map(({ setting, value, from }) => [
          setting.name,
          shown(setting, value),
          from,
        ]);
        const set = new Set<string>(found.map(({ setting }) => setting.name));
        for (const { name, flag } of flags.all === true ? SETTINGS : []) {
          if (set.has(name)) continue;
          rows.push([
            name,
            '-',
            [...(flag === undefined ? [] : [flagOf(name)]), variableOf(name)].join(' or '),
          ]);
        }
        const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
        const lines = rows.map(([name, value, from]) =>
          `${name!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${from!}`.trimEnd(),
        );
        print(`${[...lines, ...stray.map((said) => `note: ${said}`)].join('\n')}\n`);
      });
  },
};
