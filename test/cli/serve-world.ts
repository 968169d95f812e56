/*
 * A folder with workflows and functions, servers as child processes that can be killed, and the other
 * commands as a user runs them. Owns every process that it starts: `close` ends them by their id.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** Two calls with a wait in between; each call leaves a line with its effect key. */
const ORDER = `document: { dsl: 1.0.3, namespace: shop, name: order, version: 1.0.0 }
do:
  - first: { call: note, with: { id: '\${ .id }', step: 1 }, export: { as: '{ id: .id }' } }
  - pause: { wait: { milliseconds: 50 } }
  - second: { call: note, with: { id: '\${ $context.id }', step: 2 } }
`;
const LONG = `document: { dsl: 1.0.3, namespace: default, name: long, version: 1.0.0 }
do:
  - nap: { call: nap }
  - pause: { wait: { hours: 1 } }
`;
const FUNCTIONS = `import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const ledger = process.env.WAYBILL_TEST_LEDGER;
export async function note(args, { key, run }) {
  await sleep(20);
  appendFileSync(ledger, JSON.stringify({ key, run, ...args }) + '\\n');
  return args;
}
export async function nap() {
  while (!existsSync(ledger + '.rested')) await sleep(20);
  return 'rested';
}
`;

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class ServeWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'waybill-serve-'));
  readonly servers: Server[] = [];

  constructor() {
    mkdirSync(join(this.folder, 'flows'));
    writeFileSync(join(this.folder, 'flows', 'order.yaml'), ORDER);
    writeFileSync(join(this.folder, 'flows', 'long.yaml'), LONG);
    writeFileSync(join(this.folder, 'flows', 'compose.yaml'), 'services: { a: { image: b } }\n');
    writeFileSync(join(this.folder, 'functions.mjs'), FUNCTIONS);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get environment(): NodeJS.ProcessEnv {
    const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('WAYBILL_'));
    const ledger = this.path('ledger');
    return { ...Object.fromEntries(ours), NO_COLOR: '1', WAYBILL_TEST_LEDGER: ledger };
  }

  /** A server with the workflows and functions of this folder. */
  serve(...words: readonly string[]): Server {
    const brought = ['--workflows', 'flows', '--functions', 'functions.mjs'];
    return this.serveFrom(MAIN, ...brought, ...words);
  }

  /** A server of another build, by its main file. */
  serveFrom(main: string, ...words: readonly string[]): Server {
    const server = new Server(this, main, ['serve', '--health', '127.0.0.1:0', ...words]);
    this.servers.push(server);
    return server;
  }

  /** Any command, to its end. A stack trace is never a good answer. */
  async run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = texts(child);
    const [code] = (await once(child, 'close')) as [number | null];
    const { out, err } = said();
    if (/^\s+at .*:\d+:\d+/m.test(out + err)) throw new Error(`a stack trace: ${out}${err}`);
    return { code, out, err };
  }

  /** Lets every nap end. */
  wake(): void {
    this.write('ledger.rested', '');
  }

  /** What the functions have done, in order. */
  ledger(): { key: string; run: string; id: string; step: number }[] {
    if (!existsSync(this.path('ledger'))) return [];
    const lines = readFileSync(this.path('ledger'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as ReturnType<ServeWorld['ledger']>[number]);
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Server {
  readonly child: ChildProcess;
  private readonly said: () => Said;
  private readonly ended: Promise<unknown>;

  constructor(world: ServeWorld, main: string, words: readonly string[]) {
    this.child = spawn(process.execPath, [main, ...words], {
      cwd: world.folder,
      env: world.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.said = texts(this.child);
    this.ended = once(this.child, 'close');
  }

  get log(): string {
    return this.said().err;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Until the log has it; a server that ends first is an error. */
  async says(words: string | RegExp, ms = 20_000): Promise<void> {
    for (const until = Date.now() + ms; !new RegExp(words).test(this.log);) {
      if (Date.now() > until) throw new Error(`not said within ${ms} ms: ${words}\n${this.log}`);
      if (!this.running)
        throw new Error(`the server has ended (${this.child.exitCode}):\n${this.log}`);
      await sleep(20);
    }
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const at = /health is told on (http:\S+)/.exec(this.log)?.[1];
    if (at === undefined) throw new Error('the server has not said where its health is told');
    const answer = await fetch(`${at}${path}`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async ready(ms = 20_000): Promise<void> {
    await this.says('owns partitions', ms);
    for (const until = Date.now() + ms; (await this.get('/readyz')).status !== 200;) {
      if (Date.now() > until) throw new Error(`not ready within ${ms} ms:\n${this.log}`);
      await sleep(20);
    }
  }

  /** Until so many activities are under way. */
  async runs(count: number, ms = 20_000): Promise<void> {
    for (const until = Date.now() + ms; ; await sleep(20)) {
      const { totals } = (await this.get('/metrics')).body as { totals: { running: number } };
      if (totals.running === count) return;
      if (Date.now() > until) throw new Error(`${totals.running} activities run, not ${count}`);
    }
  }

  /** Tells it to drain; gives its exit code. */
  async terminate(): Promise<number | null> {
    this.child.kill('SIGTERM');
    await this.ended;
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    if (this.running) this.child.kill('SIGKILL');
    await this.ended;
  }
}

function texts(child: ChildProcess): () => Said {
  let out = '';
  let err = '';
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  return () => ({ code: child.exitCode, out, err });
}
