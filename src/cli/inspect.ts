/*
 * `waybill inspect FILE [ID]`: runs of a trace, one run, one step of it - what led there, what it waits
 * for, what the step changed in its State. On a terminal one steps back and forth with the arrow keys.
 * `--html` writes the same as a page. One saved record (bytes, base64 or its JSON) is enough.
 *
 * Exit codes: 0 shown, 1 there is no such run, 2 bad input.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import type { Command } from 'commander';
import pc from 'picocolors';
import { loadSchemas, schemas } from '../presets/schemas.ts';
import type { OpenTrace } from '../presets/traces.ts';
import { traceHtml } from '../report/trace-html.ts';
import { Places, placed } from '../trace/places.ts';
import { TracePlans } from '../trace/plans.ts';
import { namedRun, nowOf, type RunStory, storyOf } from '../trace/story.ts';
import { decodeRecord, type LogRecord, recordFromJson, traceFormat } from '../wire/index.ts';
import {
  recordScreen,
  runLine,
  type RunOverview,
  stepScreen,
  stepsScreen,
} from './inspect-screen.ts';
import type { CliCommand } from './main.ts';
import { damage, openTraceOrSay } from './trace-files.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

interface InspectFlags {
  readonly step?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly most: string;
}

export const inspectCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('<file>', 'a trace, or one record: a file of its bytes or its JSON, or base64')
      .argument('[id]', 'a run of the trace')
      .option('--step <n>', 'show this step, counted from 1')
      .option('--html <path>', 'write the run as a page')
      .option('--json', 'print the run as JSON')
      .option('--most <n>', 'list at most so many runs', '50')
      .addHelpText('after', '\nOn a terminal: arrow keys step, s shows the State, q leaves.')
      .action(inspect);
  },
};

async function inspect(file: string, id: string | undefined, flags: InspectFlags): Promise<void> {
  await loadSchemas();
  const record = recordIn(file);
  if (record !== undefined) return print(recordScreen(record));
  const opened = openTraceOrSay(file);
  try {
    if (id === undefined) list(opened, flags);
    else await one(opened, id, flags);
    for (const line of damage(file, opened.trace.problems)) process.stderr.write(`${line}\n`);
  } finally {
    opened.bytes.close();
  }
}

/** One saved record; undefined: this is no record, and may be a trace. */
function recordIn(word: string): LogRecord | undefined {
  let bytes: Buffer;
  try {
    if (statSync(word).size > 4 * 1024 * 1024) return undefined;
    bytes = readFileSync(word);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENAMETOOLONG') return undefined;
    const packed = /^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(word);
    return packed ? decoded(Buffer.from(word, 'base64'), 'the base64') : undefined;
  }
  if (traceFormat(bytes) !== undefined || bytes.length === 0) return undefined;
  const text = bytes.toString('utf8').trim();
  try {
    if (text.startsWith('{')) return recordFromJson(text);
    if (/^[A-Za-z0-9+/_\s-]{40,}={0,2}$/.test(text)) {
      return decodeRecord(Buffer.from(text, 'base64'));
    }
    return decodeRecord(bytes);
  } catch {
    return undefined; // said of it as a trace
  }
}

function decoded(bytes: Buffer, what: string): LogRecord {
  try {
    return decodeRecord(bytes);
  } catch (error) {
    throw new UserError(`${what} is no record: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Runs in the order in which they began, with where they stand at the end of the trace. */
function list({ trace }: OpenTrace, { most }: InspectFlags): void {
  let places = new Places();
  let world = 0;
  const plans = new TracePlans(trace.definitions, schemas);
  const limit = Number(most);
  if (!Number.isInteger(limit) || limit < 1)
    throw new UserError('--most takes a whole number from 1');
  const runs = new Map<string, RunOverview & { alive: boolean }>();
  let more = 0;
  const settle = (): void => {
    for (const [key, known] of runs) {
      if (key.startsWith(`${world}:`)) known.alive = places.live.has(namedRun(key).run);
    }
  };
  for (const unit of trace.units()) {
    if (unit.world !== world) {
      settle();
      places = new Places();
      ({ world } = unit);
    }
    const records = placed(unit);
    for (const record of records) {
      const { definition, kind, run, strand, time } = record.header;
      if (!['STEP', 'PARK', 'END', 'CANCELLING'].includes(kind)) continue;
      const key = `${world}:${run}`;
      let known = runs.get(key);
      if (known === undefined) {
        if (runs.size >= limit) {
          if (record.header.hop === 1 && strand === '') more += 1;
          continue;
        }
        const plan = plans.recorded(definition);
        const workflow = typeof plan === 'string' ? definition.slice(0, 12) : plan.definition.name;
        runs.set(key, (known = { workflow, steps: 0, state: '', at: time, alive: false }));
      }
      known.steps += 1;
      if (strand === '') known.state = nowOf(record.header, record.body);
    }
    places.apply(records);
  }
  if (runs.size === 0) print('the trace has no run\n');
  settle();
  for (const [key, known] of runs) {
    print(runLine(world === 0 ? namedRun(key).run : key, known, known.alive));
  }
  if (more > 0) print(pc.dim(`and ${more} more: --most N\n`));
}

async function one({ trace }: OpenTrace, id: string, flags: InspectFlags): Promise<void> {
  const plans = new TracePlans(trace.definitions, schemas);
  const story = storyOf(trace.unitsOf(namedRun(id).run), id, plans, trace.header.redacted);
  if (story === undefined) {
    process.stderr.write(`the trace has no step of ${id}; without an id its runs are listed\n`);
    process.exitCode = 1;
    return;
  }
  const { html, json, step } = flags;
  if (html !== undefined) {
    const { redacted, source } = trace.header;
    writeFileSync(html, traceHtml({ ...story, source, redacted }));
    print(`${html}\n`);
  } else if (json === true) print(`${JSON.stringify(story, null, 2)}\n`);
  else if (step !== undefined) print(stepScreen(story, numberOf(step, story), Infinity));
  else if (process.stdout.isTTY && process.stdin.isTTY) await browse(story);
  else print(stepsScreen(story));
}

function numberOf(text: string, { steps }: RunStory): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= steps.length) return number;
  throw new UserError(
    `--step takes a number from 1 to ${steps.length}, not ${JSON.stringify(text)}`,
  );
}

const HOME = '\u001B[2J\u001B[H';

/** Steps back and forth until somebody leaves. */
function browse(story: RunStory): Promise<void> {
  const { stdin, stdout } = process;
  return new Promise((resolve) => {
    let number = 1;
    let whole = false;
    const draw = (): void => {
      const rows = stdout.rows || 24;
      stdout.write(HOME + stepScreen(story, number, rows - 1, whole));
    };
    const leave = (): void => {
      stdin.off('keypress', pressed);
      stdout.off('resize', draw);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write('\n');
      resolve();
    };
    const pressed = (_: string | undefined, key: { name?: string; ctrl?: boolean }): void => {
      const last = story.steps.length;
      const to: Record<string, number> = {
        ...{ right: number + 1, down: number + 1, n: number + 1, space: number + 1 },
        ...{ left: number - 1, up: number - 1, p: number - 1 },
        ...{ home: 1, end: last },
      };
      if (key.name === 'q' || key.name === 'escape' || (key.ctrl === true && key.name === 'c')) {
        return leave();
      }
      if (key.name === 's') whole = !whole;
      number = Math.min(last, Math.max(1, to[key.name ?? ''] ?? number));
      draw();
    };
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on('keypress', pressed);
    stdout.on('resize', draw);
    draw();
  });
}
