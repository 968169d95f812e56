/*
 * `waybill up`: Redpanda and PostgreSQL in containers, for local use: on 127.0.0.1 only, with data that
 * outlives them. `--stop` takes the containers away and leaves the data.
 *
 * Where there is no Docker it says what to do instead, in commands.
 */
import { spawnSync } from 'node:child_process';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CliCommand } from './main.ts';
import { print } from './validate.ts';
import { UserError } from './user-error.ts';

const REDPANDA = 'docker.redpanda.com/redpandadata/redpanda:v25.2.1';
const POSTGRES = 'docker.io/library/postgres:18-alpine';
const READY_MS_MAX = 90_000;
/** Only this machine can reach it; it is no secret. */
const PASSWORD = 'waybill';

interface UpFlags {
  readonly stop?: boolean;
  readonly kafkaPort: string;
  readonly postgresPort: string;
}

interface Container {
  readonly name: string;
  readonly port: number;
  readonly arguments: readonly string[];
  /** is it ready, asked inside of it */
  readonly probe: readonly string[];
}

export const upCommand: CliCommand = {
  configure(command: Command) {
    command
      .option('--stop', 'remove the containers; their data stays')
      .option('--kafka-port <port>', 'port of Redpanda', '9092')
      .option('--postgres-port <port>', 'port of PostgreSQL', '5432')
      .action(up);
  },
};

async function up(flags: UpFlags): Promise<void> {
  const [kafka, postgres] = [port(flags.kafkaPort), port(flags.postgresPort)];
  checkDocker(kafka, postgres);
  const containers = [redpanda(kafka), postgresql(postgres)];
  if (flags.stop === true) {
    for (const { name } of containers) docker(['rm', '--force', name]);
    return print(
      'stopped; the data is kept in the volumes waybill-redpanda and waybill-postgres\n',
    );
  }
  for (const container of containers) await begin(container);
  for (const container of containers) await ready(container);
  print(`${next(kafka, postgres)}\n`);
}

function redpanda(at: number): Container {
  const name = 'waybill-redpanda';
  // Write caching acknowledges what is not on the disk (PROTOCOL.md, R12).
  const settings = ['--set', 'redpanda.write_caching_default=disabled'];
  return {
    name,
    port: at,
    arguments: [
      ...['--volume', 'waybill-redpanda:/var/lib/redpanda/data'],
      ...['--publish', `127.0.0.1:${at}:${at}`, REDPANDA],
      ...['redpanda', 'start', '--mode', 'dev-container', '--smp', '1', '--memory', '1G'],
      ...['--kafka-addr', `external://0.0.0.0:${at}`],
      ...['--advertise-kafka-addr', `external://127.0.0.1:${at}`, ...settings],
    ],
    probe: ['rpk', 'cluster', 'info', '--brokers', `127.0.0.1:${at}`],
  };
}

function postgresql(at: number): Container {
  return {
    name: 'waybill-postgres',
    port: at,
    arguments: [
      ...['--volume', 'waybill-postgres:/var/lib/postgresql'],
      ...['--env', 'POSTGRES_USER=waybill', '--env', `POSTGRES_PASSWORD=${PASSWORD}`],
      ...['--publish', `127.0.0.1:${at}:5432`, POSTGRES],
    ],
    // over TCP: while it is being set up, it answers on its socket only
    probe: ['pg_isready', '--host', '127.0.0.1', '--username', 'waybill'],
  };
}

function next(kafka: number, postgres: number): string {
  const log = `--brokers 127.0.0.1:${kafka}`;
  const store = `--store postgres://waybill:${PASSWORD}@127.0.0.1:${postgres}/waybill`;
  return [
    'Redpanda and PostgreSQL are up. Next:',
    `  waybill topics create ${log}`,
    `  waybill serve ${log} ${store} --workflows DIR --functions MODULE`,
    `  waybill start NAME ${log}`,
  ].join('\n');
}

/** Starts it unless it runs already. */
async function begin({ name, port: at, arguments: words }: Container): Promise<void> {
  const state = docker(['inspect', '--format', '{{.State.Running}}', name]).out.trim();
  if (state === 'true') return;
  if (state === 'false') docker(['rm', name]);
  if (await answers(at)) {
    throw new UserError(
      `port ${at} is taken by another program: choose another one (--kafka-port, --postgres-port)`,
    );
  }
  const { status, err } = docker(['run', '--detach', '--name', name, ...words]);
  if (status !== 0) throw new UserError(`${name} could not be started: ${lastLine(err)}`);
}

async function ready({ name, probe }: Container): Promise<void> {
  for (const until = Date.now() + READY_MS_MAX; Date.now() < until;) {
    if (docker(['exec', name, ...probe]).status === 0) return;
    await sleep(500);
  }
  throw new UserError(
    `${name} is not ready after ${READY_MS_MAX / 1_000} s: docker logs ${name} says why`,
  );
}

function answers(at: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port: at });
    const settle = (taken: boolean) => (): void => {
      socket.destroy();
      done(taken);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}

function checkDocker(kafka: number, postgres: number): void {
  const { status, err, missing } = docker(['version', '--format', '{{.Server.Version}}']);
  if (status === 0) return;
  const why = missing
    ? 'there is no docker command here'
    : `Docker does not answer: ${lastLine(err)}`;
  throw new UserError(
    [
      why,
      'Either install and start Docker (https://docs.docker.com/engine/install/), or go on without it:',
      '  one process, one file, no broker:',
      '    waybill serve --store waybill.db --workflows DIR --functions MODULE',
      `  a broker and a database that you start yourself, on ports ${kafka} and ${postgres}:`,
      '    Redpanda       https://docs.redpanda.com (packages for Linux)   rpk redpanda start --mode dev-container',
      '    Apache Kafka   https://kafka.apache.org/quickstart (Java 17)    bin/kafka-server-start.sh config/server.properties',
      '    PostgreSQL     https://www.postgresql.org/download              createdb waybill',
      `    waybill topics create --brokers 127.0.0.1:${kafka}`,
      `    waybill serve --brokers 127.0.0.1:${kafka} --store postgres://USER:PASSWORD@127.0.0.1:${postgres}/waybill --workflows DIR`,
    ].join('\n'),
  );
}

function docker(words: readonly string[]): {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly missing: boolean;
} {
  const { status, stdout, stderr, error } = spawnSync('docker', words, { encoding: 'utf8' });
  return {
    status: status ?? 1,
    out: stdout ?? '',
    err: stderr ?? '',
    missing: (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT',
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new UserError(`${JSON.stringify(text)} is no port: expected a number from 1 to 65535`);
}
