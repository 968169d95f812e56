/*
 * A world for one kill test: a folder, the service with its ledger, and `waybill run` as a process that
 * can be killed and started again.
 *
 * Owns: every process that it starts; `close` leaves none behind and says so if one is.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerLine } from './ledger-service.ts';

const HERE = import.meta.dirname;
const MAIN = join(HERE, '..', '..', 'src', 'cli', 'main.ts');
const WORKFLOW = join(HERE, 'order.yaml');
const FUNCTIONS = join(HERE, 'functions.ts');

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

/** When to kill: so long after the start, at the first word on stdout, or once the service was asked (for an order). */
export type When = number | 'printed' | 'asked' | { readonly asked: string };

const LOOK_MS = 5;

export class KillWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'waybill-kill-'));
  /** kills that struck a process that was still running */
  kills = 0;
  readonly #service: ChildProcess;
  #port = '';

  private constructor() {
    this.#service = spawn(process.execPath, [join(HERE, 'ledger-service.ts'), this.#ledger], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }

  static async open(): Promise<KillWorld> {
    const world = new KillWorld();
    const [port] = (await once(world.#service.stdout!, 'data')) as [Buffer];
    world.#port = port.toString().trim();
    return world;
  }

  get #ledger(): string {
    return join(this.folder, 'ledger');
  }

  get #state(): string {
    return join(this.folder, 'state.db');
  }

  /** Words of `waybill run` for one order. */
  run(order: string): string[] {
    const input = JSON.stringify({ order });
    return ['run', WORKFLOW, '--input', input, ...this.#common()];
  }

  resume(): string[] {
    return ['resume', ...this.#common()];
  }

  #common(): string[] {
    return ['--functions', FUNCTIONS, '--state', this.#state, '--quiet'];
  }

  /** Starts the engine itself, no launcher in between, and kills it if it is told when. */
  start(words: readonly string[], kill?: When): Promise<Ended> {
    return this.spawned(process.execPath, [MAIN, ...words], kill);
  }

  async spawned(command: string, words: readonly string[], kill?: When): Promise<Ended> {
    const begun = performance.now();
    const child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, WAYBILL_KILL_PORT: this.#port },
    });
    let out = '';
    let err = '';
    const strike = (): void => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    };
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (kill === 'printed') strike();
    });
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    const timer = typeof kill === 'number' ? setTimeout(strike, kill) : undefined;
    const before = this.ledger().length;
    const order = typeof kill === 'object' ? kill.asked : '';
    const look = setInterval(() => {
      if (kill !== 'asked' && order === '') return;
      const asked = this.ledger().slice(before);
      if (asked.some(({ request }) => request.includes(order))) strike();
    }, LOOK_MS);
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    clearInterval(look);
    if (signal === 'SIGKILL') this.kills += 1;
    return { code, signal, out, err, ms: performance.now() - begun };
  }

  ledger(): LedgerLine[] {
    if (!existsSync(this.#ledger)) return [];
    const lines = readFileSync(this.#ledger, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LedgerLine);
  }

  /** Processes that work in this folder, the service apart. */
  leftovers(): string[] {
    const all = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    return all.filter(
      (line) => line.includes(this.folder) && Number.parseInt(line, 10) !== this.#service.pid,
    );
  }

  async close(): Promise<void> {
    const closed = once(this.#service, 'close');
    this.#service.stdin?.end();
    await closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
