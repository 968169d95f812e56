/*
 * The processes of a campaign: runners (`waybill serve`, nothing in between), services and the client.
 *
 * Owns: every process that it starts, by its id; `end` leaves none behind. What a runner says on stderr
 * is kept in a file, and looked at for two things only: which partitions it believes to own, so that a
 * fault strikes at the right moment, and what it complains of.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ComplaintLine, ProcessLine } from './evidence.ts';

const HERE = import.meta.dirname;
/** The engine of this checkout. */
export const ENGINE = join(HERE, '..', '..');

/** Also those that are stopped end with this process. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** What all processes of a campaign write to. */
export interface Notebook {
  readonly folder: string;
  readonly processes: ProcessLine[];
  readonly complaints: ComplaintLine[];
}

export class LiveProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** what it believes to own, by its log */
  owned: readonly number[] = [];
  stopped = false;
  #wanted = false;

  constructor(
    notebook: Notebook,
    name: string,
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.name = name;
    const ours = Object.entries(process.env).filter(([key]) => !key.startsWith('WAYBILL_'));
    this.child = spawn(process.execPath, [...words], {
      cwd: notebook.folder,
      env: { ...Object.fromEntries(ours), NO_COLOR: '1', ...environment },
      // the channel: a server leaves when it closes, however this process ended
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    });
    alive.add(this.child);
    this.child.stdin?.on('error', () => {});
    this.pid = this.child.pid ?? -1;
    this.ended = once(this.child, 'close');
    notebook.processes.push({ at: Date.now(), process: name, pid: this.pid, event: 'started' });
    this.child.once('exit', (code, signal) => {
      alive.delete(this.child);
      notebook.processes.push({
        ...{ at: Date.now(), process: name, pid: this.pid, event: 'ended' },
        ...{ how: String(signal ?? code), wanted: this.#wanted },
      });
    });
    const log = join(notebook.folder, `${name.replaceAll(' ', '-')}.log`);
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      appendFileSync(log, `${line}\n`);
      this.#hear(line, notebook);
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  #hear(line: string, notebook: Notebook): void {
    const { event, partitions, said } = wordOf(line);
    if (event === 'owned') this.owned = partitions ?? [];
    if (event !== 'complaint') return;
    notebook.complaints.push({ at: Date.now(), process: this.name, said: said ?? '' });
  }

  /** First line of its stdout. */
  async firstWord(): Promise<string> {
    const [data] = (await Promise.race([
      once(this.child.stdout!, 'data'),
      this.ended.then(() => {
        throw new Error(`${this.name} ended before it said anything (see its log)`);
      }),
    ])) as [Buffer];
    return data.toString().trim();
  }

  /** SIGSTOP and SIGCONT */
  pause(stopped: boolean): void {
    this.stopped = stopped;
    this.child.kill(stopped ? 'SIGSTOP' : 'SIGCONT');
  }

  async kill(): Promise<void> {
    this.#wanted = true;
    if (this.running) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end: by a signal, or by the end of its stdin. Gives its exit code. */
  async end(how: 'SIGTERM' | 'stdin', msMax: number): Promise<number | null> {
    this.#wanted = true;
    if (how === 'stdin') this.child.stdin?.end();
    else this.child.kill(how);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), msMax);
    await this.ended;
    clearTimeout(timer);
    return this.child.exitCode;
  }
}

interface Word {
  readonly event?: string;
  readonly partitions?: readonly number[];
  readonly said?: string;
}

/** A line of a server's log; who is killed may leave half of one. */
function wordOf(line: string): Word {
  try {
    return JSON.parse(line) as Word;
  } catch {
    return {};
  }
}

export interface RunnerWords {
  /** folder of the checkout whose engine it is */
  readonly engine: string;
  readonly brokers: string;
  readonly store: string;
  readonly prefix: string;
  readonly sessionMs: number;
  readonly services: Readonly<Record<string, number>>;
}

export function startRunner(notebook: Notebook, name: string, words: RunnerWords): LiveProcess {
  const { brokers, engine, prefix, services, sessionMs, store } = words;
  const main = join(engine, 'src', 'cli', 'main.ts');
  return new LiveProcess(
    notebook,
    name,
    [
      ...[main, 'serve', '--brokers', brokers, '--store', store, '--prefix', prefix],
      ...['--workflows', join(notebook.folder, 'flows')],
      ...['--functions', join(HERE, 'host-functions.ts')],
      ...[
        '--session',
        String(sessionMs / 1_000),
        '--log',
        'json',
        '--client-id',
        name.replace(' ', '-'),
      ],
    ],
    {
      LIVE_CHAOS_SERVICES: JSON.stringify(services),
      NODE_COMPILE_CACHE: join(notebook.folder, 'compiled'),
    },
  );
}

/** Any other file of this folder, as a process. */
export function startHelper(
  notebook: Notebook,
  name: string,
  file: string,
  words: readonly string[],
): LiveProcess {
  return new LiveProcess(notebook, name, [join(HERE, file), ...words]);
}
