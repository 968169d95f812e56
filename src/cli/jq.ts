/*
 * `waybill jq EXPR [FILE]`: an expression as the engine evaluates it, on a file or on standard input.
 *
 * Exit codes: 0 done, 2 the expression or an input cannot be read, 5 an evaluation failed.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { compile, JqError, type Json, JqSyntaxError, type Program, toJson } from '../jq/index.ts';

interface Options {
  readonly var: readonly string[];
  readonly rawOutput?: true;
  readonly compact?: true;
  readonly nullInput?: true;
  readonly all?: true;
}

const BAD_INPUT = 2;
const FAILED = 5;

/** The names that the engine binds, so that expressions can be tried as they are; unset ones are null. */
const ENGINE_VARIABLES = [
  'context',
  'input',
  'output',
  'secrets',
  'authorization',
  'task',
  'workflow',
  'runtime',
];

class CliError extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** The line of the source that a column is in, with a caret under it. */
function pointAt(source: string, column: number): string {
  const offset = Math.min(column - 1, source.length);
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', offset);
  const line = source.slice(start, end < 0 ? source.length : end);
  return `  ${line}\n  ${' '.repeat(offset - start)}^`;
}

function explain(error: unknown): CliError {
  if (error instanceof JqSyntaxError) {
    return new CliError(`${error.message}\n${pointAt(error.source, error.column)}`, BAD_INPUT);
  }
  if (error instanceof JqError) {
    const where = error.column === undefined ? '' : `\n${pointAt(error.source, error.column)}`;
    return new CliError(`${error.message}${where}`, FAILED);
  }
  if (error instanceof CliError) return error;
  return new CliError(error instanceof Error ? error.message : String(error), BAD_INPUT);
}

function bindings(pairs: readonly string[]): Map<string, Json> {
  const bound = new Map<string, Json>(ENGINE_VARIABLES.map((name) => [name, null]));
  for (const pair of pairs) {
    const [, name, text] = /^\$?([A-Za-z_][A-Za-z_0-9]*)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || text === undefined) {
      throw new CliError(`--var takes name=json, not ${JSON.stringify(pair)}`, BAD_INPUT);
    }
    try {
      bound.set(name, JSON.parse(text) as Json);
    } catch {
      throw new CliError(
        `--var ${name}: ${JSON.stringify(text)} is not JSON (strings take quotes)`,
        BAD_INPUT,
      );
    }
  }
  return bound;
}

/** The JSON values of a text, one after the other, with any white space between them. */
export function jsonValues(text: string, name: string): Json[] {
  const values: Json[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return values;
    const end = endOfValue(text, at);
    try {
      values.push(JSON.parse(text.slice(at, end)) as Json);
    } catch (error) {
      const line = text.slice(0, at).split('\n').length;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliError(
        `${name}: the value that begins on line ${line} is not JSON: ${reason}`,
        BAD_INPUT,
      );
    }
    at = end;
  }
}

/** Where a value ends, going by brackets and quotes alone; JSON.parse judges the rest. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < text.length) {
    const char = text[i]!;
    if (char === '"') {
      i++;
      while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
      i++;
      if (depth === 0) return Math.min(i, text.length);
      continue;
    }
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth <= 0) return i + 1;
    } else if (depth === 0 && /\s/.test(char)) return i;
    else if (depth === 0 && i > start && /["[{]/.test(text[i + 1] ?? '')) return i + 1;
    i++;
  }
  return i;
}

function readInput(file: string | undefined): Json[] {
  const name = file ?? 'standard input';
  let text: string;
  try {
    text = readFileSync(file ?? 0, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`cannot read ${name}: ${reason}`, BAD_INPUT);
  }
  return jsonValues(text, name);
}

function shown(value: Json, options: Options): string {
  if (options.rawOutput === true && typeof value === 'string') return value;
  if (options.compact === true) return toJson(value);
  return JSON.stringify(JSON.parse(toJson(value)), null, 2);
}

/** Prints the outputs for one input: the first, as the engine takes it, or all. */
function evaluate(program: Program, input: Json, values: readonly Json[], options: Options): void {
  const host = { now: Math.floor(Date.now() / 1000), debug: report };
  const print = (value: Json): void => void process.stdout.write(`${shown(value, options)}\n`);
  if (options.all === true) program.each(input, print, values, host);
  else {
    const first = program.first(input, values, host);
    if (first !== undefined) print(first);
  }
}

function report(value: Json): void {
  process.stderr.write(`["DEBUG:",${toJson(value)}]\n`);
}

function run(expression: string, file: string | undefined, options: Options): void {
  try {
    const bound = bindings(options.var);
    const program = compile(expression, { variables: [...bound.keys()], allow: { debug: true } });
    const inputs = options.nullInput === true ? [null] : readInput(file);
    for (const input of inputs) evaluate(program, input, [...bound.values()], options);
  } catch (error) {
    const { message, code } = explain(error);
    process.stderr.write(`waybill jq: ${message}\n`);
    process.exitCode = code;
  }
}

const SUMMARY = 'try a jq expression the way the engine evaluates it';

function configure(command: Command): void {
  command
    .argument('<expression>', 'jq 1.8, without input, env and modules')
    .argument('[file]', 'JSON values, one after the other; standard input by default')
    .option('--var <name=json>', 'bind $name', (pair: string, all: string[]) => [...all, pair], [])
    .option('-a, --all', 'print all outputs; the engine takes the first')
    .option('-n, --null-input', 'evaluate once, on null')
    .option('-r, --raw-output', 'print strings as they are')
    .option('-c, --compact', 'one line per output')
    .action(run);
}

export const jqCommand = {
  name: 'jq',
  summary: SUMMARY,
  configure,
  register(program: Command): void {
    configure(program.command('jq').description(SUMMARY));
  },
};
