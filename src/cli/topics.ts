/*
 * `waybill topics create|check`: the topics of a prefix, made as they must be, or held against it.
 */
import type { Command } from 'commander';
import { openTopics } from '../presets/cluster.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { orSay, targetOf } from './configuration-target.ts';
import type { SettingName } from './configuration-settings.ts';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

const SETTINGS: readonly SettingName[] = [
  ...(['brokers', 'prefix', 'partitions', 'replication', 'client-id'] as const),
  ...(['tls.enabled', 'tls.ca', 'sasl.mechanism', 'sasl.username'] as const),
];

export const topicsCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .command('create')
        .description(
          'make the topics that are missing, then check all; what is there stays as it is',
        ),
      SETTINGS,
    ).action((flags: Record<string, unknown>) => topics(flags, true));
    withSettings(
      command.command('check').description('exit code 2 if a server would refuse to begin'),
      SETTINGS,
    ).action((flags: Record<string, unknown>) => topics(flags, false));
  },
};

async function topics(flags: Record<string, unknown>, create: boolean): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  if (configuration.brokers === undefined) {
    throw new UserError('topics are on brokers: name them, --brokers HOST:PORT');
  }
  const target = targetOf(configuration);
  const admin = await orSay(openTopics(target, target.log!));
  try {
    const made = create ? await orSay(admin.createTopics()) : [];
    for (const topic of made) print(`${topic}  created\n`);
    const findings = await orSay(admin.checkTopics());
    for (const { severity, topic, said } of findings) print(`${topic}  ${severity}  ${said}\n`);
    for (const topic of Object.values(admin.topics)) {
      if (!findings.some((finding) => finding.topic === topic)) print(`${topic}  ok\n`);
    }
    if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 2;
  } finally {
    admin.close();
  }
}
