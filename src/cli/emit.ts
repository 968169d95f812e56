/*
 * `waybill emit EVENT.json`: sends a CloudEvent to the events log of an engine, and prints its id once it
 * is durable. What is missing and can be said is filled in: specversion, id and time.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { emit, EventRefused } from '../presets/emit.ts';
import { type CloudEvent, eventFault, type Json, JsonError, parseJson } from '../wire/index.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';
import { UserError } from './user-error.ts';

export const emitCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command.argument('<event>', 'file with a CloudEvent in JSON form, or - for stdin'),
      TARGET_SETTINGS,
    )
      .addHelpText(
        'after',
        '\nThe same id and source again is the same event. Exit code 0: sent; 1: not known; 2: bad input.',
      )
      .action(send);
  },
};

async function send(file: string, flags: { readonly [setting: string]: unknown }): Promise<void> {
  const event = readEvent(file);
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  try {
    await orSay(
      emit(ground.events, event).catch((error: unknown) => {
        if (error instanceof EventRefused) throw new UserError(`not sent: ${error.message}`);
        throw error;
      }),
    );
    await written(process.stdout, `${event.id}\n`);
  } finally {
    await ground.close();
  }
}

function readEvent(file: string): CloudEvent {
  const from = file === '-' ? 'stdin' : file;
  const given = readJson(file, from);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UserError(`${from}: expected an object of CloudEvents attributes`);
  }
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    time: new Date().toISOString(),
    ...(given as { readonly [attribute: string]: Json }),
  };
  const fault = eventFault(event);
  if (fault !== undefined) throw new UserError(`${from}: ${fault}`);
  return event as unknown as CloudEvent;
}

function readJson(file: string, from: string): Json {
  try {
    return parseJson(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (error instanceof JsonError) throw new UserError(`${from}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${from}: it cannot be read (${code})`);
  }
}
