/*
 * Processes on this machine: started, fed, listened to, ended.
 *
 * P1. A process has a group of its own, and the group ends with it: what it leaves running in the
 *     background is killed when it has ended, when nobody wants its answer any more, and when this
 *     process ends. Only a process that nobody waits for is left alone once it has started.
 * P2. It does not inherit the environment of this process, which holds passwords and secrets: only what
 *     programs need to find their way (INHERITED), what the task declares, and who it is run for.
 * P3. What it writes is bounded; what nobody asked for is read and thrown away.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { ActivityAnswer } from '../ports/index.ts';
import type { Json } from '../wire/index.ts';
import { cut, refuse } from './errors.ts';
import type { Asked } from './index.ts';
import {
  FAILURE_BYTES_MAX,
  KILL_AFTER_MS,
  RESULT_BYTES_MAX,
  STREAM_BYTES_MAX,
  STREAMS_CLOSE_MS,
} from './limits.ts';

/** What both kinds of programs are given (dsl/plan/process.ts). */
export interface ProcessArguments {
  readonly return: 'stdout' | 'stderr' | 'code' | 'all' | 'none';
  readonly await: boolean;
  readonly stdin?: Json;
  readonly arguments?: Json;
  readonly environment?: Json;
}

/** A program as this machine starts it. */
export interface Program {
  /** what people call it: the script, the shell command */
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** added to what the task declares */
  readonly environment?: Readonly<Record<string, string>>;
  /** a place that is nobody's business, taken out of what it writes */
  readonly folder?: string;
}

const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];

/** Starts it and waits for its end, if the task wants that. Gives what the task puts out. */
export async function runProgram(program: Program, asked: Asked): Promise<ActivityAnswer> {
  const args = asked.activity.arguments as unknown as ProcessArguments;
  const child = await started(program, args, asked);
  if (!args.await) return { result: null };
  const { return: gives } = args;
  const all = gives === 'all';
  const stdout = new Stream('stdout', all || gives === 'stdout');
  const stderr = new Stream('stderr', all || gives === 'stderr');
  const code = await ended(child, [stdout, stderr], asked.signal);
  const text = (stream: Stream): string => tidy(stream.text, program);
  if (code !== 0 && !all && gives !== 'code') {
    const said = tidy(stderr.end, program).trim();
    throw refuse(
      'runtime',
      `${program.title} ended with exit code ${code}${said === '' ? '' : `: ${said}`}`,
    );
  }
  const result: Record<ProcessArguments['return'], () => Json> = {
    stdout: () => text(stdout),
    stderr: () => text(stderr),
    code: () => code,
    all: () => ({ code, stdout: text(stdout), stderr: text(stderr) }),
    none: () => null,
  };
  return { result: bounded(result[gives]()) };
}

// -- starting ------------------------------------------------------------------------------------

/** Resolves once it runs and, where nobody waits for it, has been told all it is told. */
async function started(
  { command, arguments: own, environment, title }: Program,
  args: ProcessArguments,
  { activity, context }: Asked,
): Promise<ChildProcess> {
  const given = listOf(args.arguments).map((one, i) => plain(textOf(one), `argument ${i + 1}`));
  const stdin = args.stdin === undefined ? '' : textOf(args.stdin);
  const output = args.await ? 'pipe' : 'ignore';
  let child: ChildProcess;
  try {
    child = spawn(command, [...own, ...given], {
      detached: true,
      stdio: ['pipe', output, output],
      env: {
        ...inherited(),
        ...environment,
        ...declared(args.environment),
        WAYBILL_EFFECT_KEY: activity.key,
        WAYBILL_ATTEMPT: String(activity.attempt),
        WAYBILL_RUN: context.run,
      },
    });
  } catch (error) {
    throw cannotStart(title, command, error);
  }
  const { stdin: input } = child;
  await new Promise<void>((done, failed) => {
    child.on('error', (error) => failed(cannotStart(title, command, error)));
    // who reads nothing closes early, and that is its right
    input?.on('error', () => done());
    child.once('spawn', () => {
      if (args.await) done();
      else {
        input?.once('finish', done);
        child.once('exit', () => done());
        child.unref();
      }
      input?.end(stdin);
    });
  });
  return child;
}

function cannotStart(title: string, command: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? `${command} is not installed on this machine, or not in its PATH`
      : code === 'EACCES'
        ? `${command} may not be run by this user`
        : code === 'E2BIG'
          ? 'its arguments and environment are too long for this machine; use stdin'
          : message;
  return refuse('configuration', `${title} cannot be started: ${why}`);
}

/** P2 */
function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function declared(environment: Json | undefined): Record<string, string> {
  if (environment === undefined || environment === null) return {};
  if (typeof environment !== 'object' || Array.isArray(environment)) {
    throw refuse('configuration', 'the environment of a process must be an object');
  }
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (name === '' || /[=\0]/.test(name)) {
        throw refuse(
          'configuration',
          `${JSON.stringify(name)} cannot name an environment variable`,
        );
      }
      return [name, plain(textOf(value as Json), `the environment variable ${name}`)];
    }),
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw refuse('configuration', 'the arguments of a process must be a list');
}

/** A text as it is, anything else as JSON. */
function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function plain(text: string, what: string): string {
  if (!text.includes('\0')) return text;
  throw refuse('configuration', `${what} has a NUL character, which no process can be given`);
}

// -- listening -----------------------------------------------------------------------------------

/** What a process writes to one of its streams: all of it, up to the limit, or only its end. */
class Stream {
  readonly name: 'stdout' | 'stderr';
  private readonly keeps: boolean;
  private readonly limit: number;
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(name: 'stdout' | 'stderr', keeps: boolean) {
    this.name = name;
    this.keeps = keeps;
    this.limit = keeps ? STREAM_BYTES_MAX : FAILURE_BYTES_MAX;
  }

  /** False when it is too much. */
  take(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size <= this.limit) return true;
    if (this.keeps) return false;
    const end = Buffer.concat(this.chunks).subarray(-this.limit);
    this.chunks = [end];
    this.size = end.length;
    return true;
  }

  get text(): string {
    return new TextDecoder().decode(Buffer.concat(this.chunks));
  }

  get end(): string {
    const bytes = Buffer.concat(this.chunks).subarray(-FAILURE_BYTES_MAX);
    return new TextDecoder().decode(bytes);
  }
}

/** The exit code; of a process that a signal has ended 128 and the signal's number, as shells count. */
async function ended(
  child: ChildProcess,
  streams: readonly Stream[],
  signal: AbortSignal,
): Promise<number> {
  const running = { group: child.pid };
  alive.add(running);
  watchExit();
  try {
    return await new Promise<number>((done, failed) => {
      const stop = (why: Error): void => {
        failed(why);
        terminate(running.group);
      };
      const onAbort = (): void => stop(refuse('timeout', 'the process was stopped'));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      for (const stream of streams) {
        child[stream.name]?.on('data', (chunk: Buffer) => {
          if (stream.take(chunk)) return;
          const more = `it has written more than ${STREAM_BYTES_MAX} bytes to ${stream.name}`;
          stop(refuse('runtime', `${more}; let it write to a file, and return where that is`));
        });
      }
      let code = 0;
      child.once('exit', (status, by) => {
        code = status ?? 128 + signalNumber(by);
        signal.removeEventListener('abort', onAbort);
        kill(running.group, 'SIGKILL');
        const patience = setTimeout(() => {
          child.stdout?.destroy();
          child.stderr?.destroy();
        }, STREAMS_CLOSE_MS);
        child.once('close', () => {
          clearTimeout(patience);
          done(code);
        });
      });
    });
  } finally {
    alive.delete(running);
  }
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

function signalNumber(signal: NodeJS.Signals | null): number {
  return SIGNALS[signal ?? ''] ?? 0;
}

function tidy(text: string, { folder }: Program): string {
  if (folder === undefined) return text;
  return text.replaceAll(`file://${folder}/`, '').replaceAll(`${folder}/`, '');
}

function bounded(result: Json): Json {
  const size = Buffer.byteLength(JSON.stringify(result));
  if (size <= RESULT_BYTES_MAX) return result;
  const why = `what the process has written takes ${size} bytes as JSON, at most ${RESULT_BYTES_MAX} can be kept`;
  throw refuse('runtime', cut(`${why}; let it write to a file, and return where that is`));
}

// -- ending --------------------------------------------------------------------------------------

interface Running {
  readonly group: number | undefined;
}

/** Processes that somebody waits for. */
const alive = new Set<Running>();
let watching = false;

/** P1: nothing that is waited for outlives this process, if it ends in good order. */
function watchExit(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const { group } of alive) kill(group, 'SIGKILL');
  });
}

/** First asked to end, then made to. */
function terminate(group: number | undefined): void {
  kill(group, 'SIGTERM');
  setTimeout(() => kill(group, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function kill(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // nothing of it is left
  }
}
