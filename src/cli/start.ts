/*
 * `waybill start NAME[@VERSION]`: starts a run of a workflow that has been deployed, and prints its id
 * once the start is durable; with --wait also the result.
 *
 * A start whose outcome is not known is said to be so, with the id by which to find out.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type Client,
  openClient,
  StartRefused,
  StartUnknown,
  UnknownWorkflow,
} from '../presets/client.ts';
import type { RunEnd } from '../runtime/index.ts';
import { type DefinitionRef, type Json, JsonError, parseJson } from '../wire/index.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';
import { UserError } from './user-error.ts';

const DEFAULT_NAMESPACE = 'default';
const TRY_SECONDS = 60;
/** When a run that nobody takes up is worth a word, ms. */
const TAKEN_UP_MS = 5_000;
const ALIVE_MS = 60_000;

interface StartFlags {
  readonly input?: string;
  readonly once?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly try: string;
  readonly [setting: string]: unknown;
}

export const startCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .argument('<name>', '[NAMESPACE/]NAME[@VERSION] of a deployed workflow')
        .option('-i, --input <json>', 'input of the workflow: JSON, @file, or - for stdin')
        .option('--once <key>', 'at most one run under this key: the same key is the same run')
        .option('--wait', 'wait for the result and print it')
        .option('--json', 'print one object')
        .option('--try <seconds>', 'how long to try while nobody answers', String(TRY_SECONDS)),
      TARGET_SETTINGS,
    )
      .addHelpText(
        'after',
        '\nExit code 0: started (with --wait: completed); 1: not known, faulted or cancelled; 2: bad input.',
      )
      .action(start);
  },
};

async function start(name: string, flags: StartFlags): Promise<void> {
  const definition = readName(name);
  const input = readInput(flags.input);
  const patience = Number(flags.try) * 1_000;
  if (!(patience > 0)) throw new UserError(`--try ${flags.try}: expected a number of seconds`);
  if (flags.once === '') throw new UserError('--once: expected a key');
  const configuration = readConfiguration(flags, process.env);
  // The state of the topics is the server's business; lost connections are one's own.
  let opened = false;
  const target = targetOf(configuration, (said) => {
    if (opened) process.stderr.write(`${said}\n`);
  });
  const ground = await openOrSay(target, 'client');
  opened = true;
  const client = openClient(ground);
  try {
    const { once } = flags;
    const { run, again } = await started(
      client.start({
        definition,
        patience,
        ...(input === undefined ? {} : { input }),
        ...(once === undefined ? {} : { once }),
      }),
    );
    if (flags.json !== true) await written(process.stdout, `${run}\n`);
    const end = flags.wait === true ? await waited(client, run) : undefined;
    if (flags.json === true) {
      const more = end === undefined ? {} : resultOf(end);
      await written(process.stdout, `${JSON.stringify({ run, again, ...more })}\n`);
    } else if (end !== undefined) await print(end);
    if (end !== undefined && end.ended !== 'completed') process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof StartUnknown)) throw error;
    process.stderr.write(`${error.message}\nlook it up in a while: waybill get ${error.run}\n`);
    process.exitCode = 1;
  } finally {
    client.close();
    await ground.close();
  }
}

async function started<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof UnknownWorkflow) {
      throw new UserError(
        `${error.message}: check the name (NAMESPACE/NAME@VERSION), or serve it first`,
      );
    }
    if (error instanceof StartRefused) throw new UserError(`not started: ${error.message}`);
    if (error instanceof StartUnknown) throw error;
    return orSay(Promise.reject(error as Error));
  }
}

/** Says so when nobody takes the run up. */
async function waited(client: Client, run: string): Promise<RunEnd> {
  const timer = setTimeout(() => {
    client.lookUp(run).then(
      ({ status }) => {
        if (status !== 'waiting to begin') return;
        process.stderr.write('it waits to begin: is a `waybill serve` running for it?\n');
      },
      () => undefined,
    );
  }, TAKEN_UP_MS);
  // Looking into a file now and then keeps no process alive; to wait is all that this one does.
  const alive = setInterval(() => undefined, ALIVE_MS);
  try {
    return await client.result(run);
  } finally {
    clearTimeout(timer);
    clearInterval(alive);
  }
}

function resultOf(end: RunEnd): { readonly [member: string]: Json } {
  const { ended, value } = end;
  if (ended === 'completed') return { ended, output: value };
  return ended === 'faulted' ? { ended, error: value } : { ended };
}

function print(end: RunEnd): Promise<void> {
  if (end.ended === 'completed') return written(process.stdout, `${JSON.stringify(end.value)}\n`);
  return written(process.stderr, `${JSON.stringify(resultOf(end), null, 2)}\n`);
}

/** `[NAMESPACE/]NAME[@VERSION]` */
export function readName(text: string): DefinitionRef {
  const match = /^(?:([^/@\s]+)\/)?([^/@\s]+)(?:@([^/@\s]+))?$/.exec(text);
  const name = match?.[2];
  if (name === undefined) {
    throw new UserError(
      `${JSON.stringify(text)} names no workflow: expected [NAMESPACE/]NAME[@VERSION]`,
    );
  }
  const version = match?.[3];
  const namespace = match?.[1] ?? DEFAULT_NAMESPACE;
  return version === undefined ? { namespace, name } : { namespace, name, version };
}

function readInput(given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  const from = given === '-' ? 'stdin' : given.startsWith('@') ? given.slice(1) : '--input';
  try {
    if (given === '-') return parseJson(readFileSync(0, 'utf8'));
    return parseJson(from === '--input' ? given : readFileSync(from, 'utf8'));
  } catch (error) {
    if (error instanceof JsonError) throw new UserError(`${from}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${from}: it cannot be read (${code})`);
  }
}
