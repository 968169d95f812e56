/*
 * `waybill serve`: deploys the workflows of a directory and runs partitions until it is told to stop.
 * With brokers and a Store, or on one embedded file that other processes start runs through.
 *
 * V1. Everything is checked before anything is written: bad input ends it with exit code 2.
 * V2. SIGTERM and SIGINT drain: no new work, running activities may end, CLOSE on every partition, all
 *     within bounded time. A second signal ends it at once; nothing is lost by that either.
 */
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { checkMatch, type Ground, isPostgres, runnerOn } from '../presets/cluster.ts';
import { isScheduled, schedule } from '../presets/controls.ts';
import { loadSchemas } from '../presets/schemas.ts';
import { type Runner, storedDefinition } from '../runtime/index.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { SETTINGS } from './configuration-settings.ts';
import { openOrSay, orSay, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { secretsAt } from './secrets.ts';
import { answerHealth, Health } from './serve-health.ts';
import { serverLog, type ServerLog } from './serve-log.ts';
import { readFunctions, readWorkflows } from './serve-workflows.ts';
import { UserError } from './user-error.ts';

/** How often it is looked what is owned, ms, and after how long waiting for a file is worth a word. */
const WATCH_MS = 200;
const PATIENCE_MS = 1_000;
/** Ctrl-C reaches a process twice when a launcher passes it on: that is one signal, ms. */
const SAME_SIGNAL_MS = 500;
/** What CLOSE and leaving the group may take once activities have had their time, ms. */
const CLOSE_MS_MAX = 5_000;
const DAY_MS = 24 * 3_600_000;

export const serveCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command,
      SETTINGS.map(({ name }) => name),
    )
      .addHelpText('after', '\nExit code 0: drained; 1: not within its time; 2: bad input.')
      .action(serve);
  },
};

async function serve(flags: Record<string, unknown>): Promise<void> {
  const configuration = readConfiguration(flags, process.env);
  const { store, prefix, log: form } = configuration;
  const log = serverLog(form, (text) => process.stderr.write(text));
  // What is said on the way matters only if the way leads somewhere.
  const early: string[] = [];
  let tell = (said: string): void => void early.push(said);
  const target = targetOf(configuration, (said) => tell(said));
  if (store === undefined) {
    throw new UserError('a server needs a Store: --store postgres://... or --store FILE');
  }
  const functions = await readFunctions(configuration.functions);
  const secrets = await secretsAt(configuration.secrets);
  const definitions = await readWorkflows(configuration.workflows, functions, {
    catalog: configuration.catalog,
    secrets,
  });
  const name = `${hostname()}-${process.pid}`;
  const health = new Health(name);
  if (configuration.health !== undefined) {
    const server = await answerHealth(health, configuration.health);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const at = `${configuration.health.replace(/:\d+$/, '')}:${port}`;
    log.line('info', 'health', `health is told on http://${at}`, { at });
  }
  if (!isPostgres(store)) mkdirSync(dirname(resolve(store)), { recursive: true });
  // Runs of workflows that others have deployed may need them.
  await loadSchemas();
  const ground = await openOrSay(target, 'runner');
  await orSay(checkMatch(ground));
  tell = (said) => log.line('warn', 'connection', said);
  early.forEach(tell);
  for (const definition of definitions) {
    await orSay(ground.definitions.put(storedDefinition(definition)));
    const { namespace, name: called, version, hash } = definition;
    const identity = `${namespace}/${called}/${version}`;
    log.line('info', 'deployed', `deployed ${identity} ${hash.slice(0, 12)}`, { identity, hash });
    if (!isScheduled(definition)) continue;
    await orSay(schedule(ground.broker, definition));
    log.line('info', 'scheduled', `${identity} has a schedule`, { identity });
  }
  const drainMs = configuration.drain * 1_000;
  const runner = runnerOn(ground, {
    name,
    prefix,
    functions,
    secrets,
    limits: { drainMs },
    lifecycle: configuration.lifecycle,
    ...(configuration.index === 'on'
      ? { index: { historyMs: configuration.history * DAY_MS } }
      : {}),
    onComplaint: (said) => log.line('error', 'complaint', said),
  });
  runner.start();
  health.serving(ground, runner);
  const { partitions } = ground.broker;
  log.line('info', 'serving', `serving as ${name}, ${partitions} partitions in all`, {
    name,
    partitions,
  });
  const unwatch = watch(runner, ground, log, store);
  await signalled(log);
  unwatch();
  health.drains();
  process.exitCode = (await drain(runner, ground, drainMs, log)) ? 0 : 1;
  // A broker or a database that does not answer any more keeps nobody here.
  process.exit();
}

/** Says what is owned whenever that changes. */
function watch(runner: Runner, ground: Ground, log: ServerLog, file: string): () => void {
  const began = Date.now();
  let said = '';
  let waiting = false;
  const timer = setInterval(() => {
    const status = runner.status();
    const owned = status.filter(({ phase }) => phase === 'owning');
    const list = ranges(owned.map(({ partition }) => partition));
    if (list !== said) {
      said = list;
      const what = owned.length === 0 ? 'owns no partition any more' : `owns partitions ${list}`;
      log.line('info', 'owned', what, { partitions: owned.map(({ partition }) => partition) });
    }
    const pid = ground.heldBy();
    if (!waiting && pid !== undefined && owned.length === 0 && Date.now() - began > PATIENCE_MS) {
      waiting = true;
      log.line('warn', 'waiting', `${file} is run by another process (pid ${pid}); waiting`);
    }
  }, WATCH_MS);
  return () => clearInterval(timer);
}

/** `0-3, 7` */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const from = numbers[i]!;
    while (numbers[i + 1] === numbers[i]! + 1) i++;
    parts.push(from === numbers[i] ? `${from}` : `${from}-${numbers[i]!}`);
  }
  return parts.join(', ');
}

function signalled(log: ServerLog): Promise<void> {
  return new Promise((done) => {
    let first = 0;
    const on = (signal: NodeJS.Signals): void => {
      if (first > 0) {
        if (performance.now() - first < SAME_SIGNAL_MS) return;
        log.line('warn', 'stopped', `${signal} again: stopping at once`);
        process.exit(1);
      }
      first = performance.now();
      log.line('info', 'draining', `${signal}: draining`);
      done();
    };
    process.on('SIGTERM', on);
    process.on('SIGINT', on);
  });
}

/** V2. True = every partition was closed in good order. */
async function drain(
  runner: Runner,
  ground: Ground,
  drainMs: number,
  log: ServerLog,
): Promise<boolean> {
  const began = performance.now();
  const closed = await within(runner.stop(), drainMs + CLOSE_MS_MAX);
  if (!closed) {
    const left = runner.status().filter(({ phase }) => phase !== undefined);
    const list = ranges(left.map(({ partition }) => partition));
    log.line('warn', 'stopped', `partitions ${list} are left without CLOSE; others will take over`);
  }
  const left = await within(ground.close(), CLOSE_MS_MAX);
  const ms = Math.round(performance.now() - began);
  log.line('info', 'stopped', `stopped after ${ms} ms`, { ms });
  return closed && left;
}

/** False when it takes longer, or fails. */
function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), ms);
    const settle = (good: boolean): void => {
      clearTimeout(timer);
      done(good);
    };
    promise.then(
      () => settle(true),
      () => settle(false),
    );
  });
}
