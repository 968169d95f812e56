/*
 * `waybill list`: the runs that the index has, newest first. The index comes a second or so after the
 * Log; `waybill get` reads on from there, this does not.
 */
import type { Command } from 'commander';
import { openClient } from '../presets/client.ts';
import type { Ground } from '../presets/cluster.ts';
import type { RunRow, RunRowStatus } from '../ports/index.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import { when } from './get.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';
import { readName } from './start.ts';
import { UserError } from './user-error.ts';
import { printable } from './validate.ts';

const STATUSES: readonly RunRowStatus[] = [
  ...(['pending', 'running', 'waiting', 'suspended', 'completed', 'faulted', 'cancelled'] as const),
];
const LIMIT = 50;
const LIMIT_MAX = 10_000;

export const listCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .option('--status <status>', `only these: ${STATUSES.join(', ')}`)
        .option('--workflow <name>', 'only of [NAMESPACE/]NAME[@VERSION]')
        .option('--limit <count>', 'at most so many', String(LIMIT))
        .option('--json', 'print as JSON, one run per line; times are ISO 8601'),
      TARGET_SETTINGS,
    )
      .addHelpText('after', '\nExit code 0: listed; 1: nobody keeps an index there; 2: bad input.')
      .action(list);
  },
};

interface ListFlags {
  readonly status?: string;
  readonly workflow?: string;
  readonly limit: string;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

async function list(flags: ListFlags): Promise<void> {
  const status = STATUSES.find((one) => one === flags.status);
  if (flags.status !== undefined && status === undefined) {
    throw new UserError(`--status ${flags.status}: expected ${STATUSES.join(', ')}`);
  }
  const workflow = flags.workflow === undefined ? undefined : readName(flags.workflow);
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw new UserError(`--limit ${flags.limit}: expected a whole number from 1 to ${LIMIT_MAX}`);
  }
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  const client = openClient(ground);
  try {
    const rows = await orSay(
      client.list({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(workflow === undefined ? {} : { workflow }),
      }),
    );
    if (rows.length === 0 && !(await orSay(isKept(ground)))) {
      const hint = 'a server keeps one in its Store: waybill serve --store ... --index on';
      process.stderr.write(`there is no index of runs here; ${hint}\n`);
      process.exitCode = 1;
      return;
    }
    const now = Date.now();
    const lines = rows.map((row) => (flags.json === true ? asJson(row) : describe(row, now)));
    await written(process.stdout, lines.map((line) => `${line}\n`).join(''));
  } finally {
    client.close();
    await ground.close();
  }
}

async function isKept({ broker, index }: Ground): Promise<boolean> {
  if (index === undefined) return false;
  const partitions = Array.from({ length: broker.partitions }, (_, partition) => partition);
  const positions = await Promise.all(partitions.map((one) => index.position(one)));
  return positions.some((position) => position !== undefined);
}

const TIMES = ['until', 'startedAt', 'changedAt', 'endedAt'] as const;

function asJson(found: RunRow): string {
  const { detail: _, last: _last, ...row } = found;
  const times = TIMES.flatMap((name) => {
    const at = row[name];
    return at === undefined ? [] : [[name, new Date(at).toISOString()] as const];
  });
  return JSON.stringify({ ...row, ...Object.fromEntries(times) });
}

/** One line for people; `now` in ms. */
export function describe(row: RunRow, now: number): string {
  const { run, status, namespace, name, version, definition, startedAt, endedAt } = row;
  const identity = [namespace, name, version].filter((part) => part !== undefined);
  const workflow = identity.length === 0 ? definition.slice(0, 12) : identity.join('/');
  const words = [run, status.padEnd(9), workflow];
  if (endedAt !== undefined) words.push(`ended ${when(endedAt, now)}`, row.errorType ?? '');
  else if (row.position === undefined) words.push(`started ${when(startedAt, now)}`);
  else {
    words.push(row.position, row.waitsFor ?? '');
    if (row.until !== undefined) words.push(`until ${when(row.until, now)}`);
  }
  return printable(words.filter((word) => word !== '').join('  '));
}
