/*
 * `waybill get ID`: where a run is, what it waits for and until when, or how it has ended. By the index
 * and what the Log has since, or by the Log alone (runtime/look-up.ts).
 */
import type { Command } from 'commander';
import { openClient } from '../presets/client.ts';
import type { Ground } from '../presets/cluster.ts';
import type { StrandPlace, WaitsFor, Whereabouts } from '../runtime/index.ts';
import { homeOf } from '../wire/index.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, orSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import { describeJournal, journalAsJson } from './journal.ts';
import type { CliCommand } from './main.ts';
import { written } from './run.ts';
import { UserError } from './user-error.ts';

export const getCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .argument('<id>', 'id of a run')
        .option('--journal', 'every transition, where its workflow has durability: journal')
        .option('--json', 'print as JSON; times are ISO 8601'),
      TARGET_SETTINGS,
    )
      .addHelpText('after', '\nExit code 0: it is known; 1: it is not; 2: bad input.')
      .action(get);
  },
};

async function get(
  run: string,
  flags: { json?: boolean; journal?: boolean; [setting: string]: unknown },
): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  const client = openClient(ground);
  try {
    if (flags.journal === true) return await tellJournal(run, ground, flags.json === true);
    const found = await orSay(client.lookUp(run));
    const where = await orSay(named(found, ground.definitions));
    const text = flags.json === true ? `${asJson(where)}\n` : describeRun(where, Date.now());
    await written(process.stdout, text);
    if (where.status === 'unknown') process.exitCode = 1;
  } finally {
    client.close();
    await ground.close();
  }
}

async function tellJournal(run: string, ground: Ground, json: boolean): Promise<void> {
  const { broker, store } = ground;
  if (store === undefined) {
    throw new UserError('the journal is in the Store: name it with --store postgres://...');
  }
  const rows = await orSay(store.journal(homeOf(run, broker.partitions), run));
  await written(process.stdout, json ? journalAsJson(rows) : describeJournal(rows));
  if (rows.length > 0) return;
  process.exitCode = 1;
  await written(
    process.stderr,
    `there is no journal of ${run}: it is not known here, or its workflow has no metadata: { durability: journal }\n`,
  );
}

/** With the name and version that its hash stands for. */
async function named(
  where: Whereabouts,
  definitions: {
    get(
      hash: string,
    ): PromiseLike<{ namespace: string; name: string; version: string } | undefined>;
  },
): Promise<Whereabouts> {
  if (where.hash === undefined || where.name?.version !== undefined) return where;
  const stored = await definitions.get(where.hash);
  if (stored === undefined) return where;
  const { namespace, name, version } = stored;
  return { ...where, name: { namespace, name, version } };
}

const TIMES = new Set(['startedAt', 'endedAt', 'since', 'deadline', 'until', 'due', 'notBefore']);

/** Times of ours as ISO 8601; what the workflow has made stays as it is. */
function asJson(where: Whereabouts): string {
  const { output, error, ...rest } = where;
  const text = JSON.stringify(rest, (key, value: unknown) =>
    typeof value === 'number' && TIMES.has(key) ? new Date(value).toISOString() : value,
  );
  const more = {
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
  return JSON.stringify({ ...(JSON.parse(text) as object), ...more }, null, 2);
}

/** For people; `now` in ms. */
export function describeRun(where: Whereabouts, now: number): string {
  const { run, status, name, hash, startedAt, endedAt, strands, reason, output, error } = where;
  const lines = [`${run}  ${status}`];
  const row = (label: string, text: string): void =>
    void lines.push(`  ${label.padEnd(9)} ${text}`);
  if (reason !== undefined) row('reason', reason);
  if (name !== undefined) {
    const identity = [
      name.namespace,
      name.name,
      ...(name.version === undefined ? [] : [name.version]),
    ];
    row('workflow', `${identity.join('/')}${hash === undefined ? '' : `  ${hash.slice(0, 12)}`}`);
  }
  if (startedAt !== undefined) row('started', when(startedAt, now));
  if (endedAt !== undefined) row('ended', when(endedAt, now));
  if (status !== 'unknown') row('home', `partition ${where.partition}`);
  for (const place of strands) {
    row(
      place.strand === '' ? 'root' : place.strand,
      `${place.position}  ${waits(place.waitsFor, now)}`,
    );
    row('', `since ${when(place.since, now)}${deadline(place, now)}`);
  }
  if (output !== undefined) row('output', JSON.stringify(output));
  for (const { pointer, outcome, certain, error: why } of where.compensations ?? []) {
    const doubt = certain ? '' : ' (it may never have been done)';
    const said = why === undefined ? '' : `: ${why.detail ?? why.title}; somebody must look`;
    row(outcome, `${pointer}${doubt}${said}`);
  }
  if (error !== undefined) row('error', JSON.stringify(error));
  return `${lines.join('\n')}\n`;
}

function deadline({ deadline: at }: StrandPlace, now: number): string {
  return at === undefined ? '' : `; times out ${when(at, now)}`;
}

function waits(what: WaitsFor, now: number): string {
  switch (what.kind) {
    case 'activity': {
      const call = `${what.name}, attempt ${what.attempt}`;
      return what.notBefore !== undefined && what.notBefore > now
        ? `waits to retry ${call}, ${when(what.notBefore, now)}`
        : `runs ${call}; it may take until ${when(what.until, now)}`;
    }
    case 'timer':
      return `waits until ${when(what.until, now)}`;
    case 'join':
      return `waits for ${what.branches} branches: ${what.ended} ended`;
    case 'turn':
      return 'goes on at once';
    case 'cancelling':
      return 'is being cancelled: its activity may be running';
    case 'parked': {
      if (what.why === 'listen' && what.events !== undefined) {
        const until = what.due === undefined ? '' : `, until ${when(what.due, now)}`;
        return `listens for ${what.events.join(', or for ')}${until}`;
      }
      const call =
        what.activity === undefined
          ? ''
          : ` ${what.activity.name}, attempt ${what.activity.attempt}`;
      const until =
        what.due === undefined ? 'until somebody resumes it' : `until ${when(what.due, now)}`;
      const why = what.reason === undefined ? '' : `: ${what.reason}`;
      return `is parked (${what.why}${call}) ${until}${why}`;
    }
  }
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** A time, and how far away that is; both in ms. */
export function when(at: number, now: number): string {
  const away = Math.abs(at - now);
  const unit = UNITS.find(([, ms]) => away >= ms);
  const amount =
    unit === undefined ? `${Math.round(away)} ms` : `${Math.round(away / unit[1])} ${unit[0]}`;
  return `${new Date(at).toISOString()} (${at > now ? `in ${amount}` : `${amount} ago`})`;
}
