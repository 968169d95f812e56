/*
 * `waybill validate FILE...`: every document is checked, every mistake is said once, with its place.
 *
 * Also the home of what other commands need to read a workflow file: `readWorkflow` never throws for
 * what is on the disk, and `renderProblem` shows a problem with its line. Exit code 0, or 2 when any
 * document is refused or cannot be read.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { load, type LoadResult } from '../dsl/load.ts';
import { compilePlan } from '../dsl/plan/compile.ts';
import { NOT_PINNED } from '../dsl/plan/library.ts';
import type { Problem } from '../dsl/problem.ts';
import { gathered } from '../presets/pin.ts';
import { prepareSchemas, schemas } from '../presets/schemas.ts';
import type { CliCommand } from './main.ts';
import { pinOptions } from './pin-options.ts';

/** Larger files are not even read; the limit of a document is a tenth of it (dsl/source.ts). */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const DOCUMENT_FILE = /\.(?:ya?ml|json)$/i;
const NOT_WALKED = new Set(['node_modules', 'dist', 'coverage']);

export interface WorkflowFile extends LoadResult {
  readonly file: string;
  /** The text, for excerpts; undefined when it could not be read. */
  readonly text?: string;
}

/** Reads and loads one file; `-` is the standard input. Never throws. */
export function readWorkflow(file: string): WorkflowFile {
  const name = file === '-' ? 'stdin' : file;
  const content = readText(file, name);
  if (typeof content !== 'string') return { file: name, problems: [content], notes: [] };
  return { file: name, text: content, ...load(content, name) };
}

function readText(file: string, name: string): string | Problem {
  const refuse = (code: string, message: string, expected: string, hint?: string): Problem => ({
    code,
    message,
    pointer: '',
    line: 1,
    column: 1,
    file: name,
    expected,
    ...(hint === undefined ? {} : { hint }),
  });
  let bytes: Uint8Array;
  try {
    if (file === '-') bytes = readFileSync(0);
    else {
      const stat = statSync(file);
      if (stat.isDirectory()) {
        return refuse('not-a-file', 'this is a directory', 'a workflow file', 'name a file in it');
      }
      if (stat.size > FILE_BYTES_MAX) {
        const size = `${(stat.size / 1024 / 1024).toFixed(1)} MB`;
        return refuse('too-large', `the file has ${size}`, 'a workflow of at most 512 KiB');
      }
      bytes = stat.isFile() ? readFileSync(file) : readBounded(file);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return refuse('unreadable-file', REASONS[code] ?? `it cannot be read (${code})`, 'a file');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const utf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
    const hint = utf16 ? 'it was saved as UTF-16; save it as UTF-8' : 'is it a binary file?';
    return refuse('not-text', 'the file is not UTF-8 text', 'a text in UTF-8', hint);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission to read it is missing',
  EPERM: 'permission to read it is missing',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'there is no such file',
};

/** A pipe or a device: what it gives, up to a little more than the limit. */
function readBounded(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const chunks: Uint8Array[] = [];
    for (let size = 0; size <= FILE_BYTES_MAX;) {
      const chunk = new Uint8Array(65_536);
      const count = readSync(handle, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(handle);
  }
}

/** What `path` names: itself, or the documents in it. In a directory, other YAML is left out. */
function expand(path: string): WorkflowFile[] {
  let directory = false;
  try {
    directory = path !== '-' && statSync(path).isDirectory();
  } catch {
    // read as a file, which says what is wrong
  }
  if (!directory) return [readWorkflow(path)];
  const found = walk(path)
    .map(readWorkflow)
    .filter(({ text }) => text === undefined || looksLikeWorkflow(text));
  if (found.length > 0) return found;
  const problem: Problem = {
    code: 'no-workflows',
    message: 'there is no workflow in this directory',
    pointer: '',
    line: 1,
    column: 1,
    file: path,
    expected: '.yaml, .yml or .json files with `document` and `do`',
  };
  return [{ file: path, problems: [problem], notes: [] }];
}

/**
 * Expressions and schemas are compiled as they would be to run; what is wrong with them joins in. Of what
 * the workflow refers to files are read, and nothing over the network: that is for who deploys it.
 */
async function checkExpressions(
  file: WorkflowFile,
  catalog: string | undefined,
): Promise<WorkflowFile> {
  if (file.definition === undefined) return file;
  const gathering = { ...pinOptions(file.file, { catalog }), offline: true } as const;
  const read = await gathered(file.definition, gathering);
  if (read.definition === undefined) {
    return { file: file.file, text: file.text ?? '', problems: read.problems, notes: [] };
  }
  const { definition } = read;
  const notes = [...file.notes, ...read.notes];
  await prepareSchemas(definition);
  const found = compilePlan(definition, schemas).problems;
  const later = found.filter(({ code }) => code === 'not-supported-yet');
  // What cannot run yet may have variables of its own, which the plan does not know yet either.
  const unknown = notes
    .filter(({ code }) => code === 'not-supported-yet')
    .map(({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/') + 1));
  const problems = found.filter(
    ({ code, pointer }) =>
      code !== 'not-supported-yet' &&
      code !== NOT_PINNED &&
      !(code === 'unknown-variable' && unknown.some((base) => pointer.startsWith(base))),
  );
  if (problems.length === 0) return { ...file, definition, notes: [...notes, ...later] };
  return { file: file.file, text: file.text ?? '', problems, notes: [] };
}

function walk(directory: string): string[] {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    return [directory]; // read as a file, which says what is wrong
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || NOT_WALKED.has(entry.name) ? [] : walk(path);
      }
      return DOCUMENT_FILE.test(entry.name) ? [path] : [];
    });
}

function looksLikeWorkflow(text: string): boolean {
  return /(?:^|[{,\s])["']?document["']?\s*:/.test(text) && /["']?\bdo["']?\s*:/.test(text);
}

/** A problem as people read it: place, message, the line with a caret, what was expected, the remedy. */
export function renderProblem(problem: Problem, text: string | undefined, kind = 'error'): string {
  const colour = kind === 'error' ? pc.red : pc.yellow;
  const { line, column } = problem;
  const known = text !== undefined || line > 1 || column > 1;
  const at = known ? `:${line}:${column}` : '';
  const place = `${printable(problem.file)}${at}`;
  const lines = [`${pc.bold(place)}  ${colour(kind)}  ${printable(problem.message)}`];
  if (kind === 'error') lines.push(...excerpt(problem, text));
  const label = (name: string, value: string): string => pc.dim(`    ${name}  `) + printable(value);
  if (kind === 'error') lines.push(label('expected', problem.expected));
  if (problem.hint !== undefined) lines.push(label('hint    ', problem.hint));
  return lines.join('\n');
}

const EXCERPT_COLUMNS = 110;

function excerpt({ line, column }: Problem, text: string | undefined): string[] {
  const source = text?.split('\n')[line - 1]?.replace(/\r$/, '');
  if (source === undefined || source.trim() === '') return [];
  const from = Math.max(0, column - 1 - Math.floor(EXCERPT_COLUMNS / 2));
  const start = source.length <= EXCERPT_COLUMNS ? 0 : from;
  const shown = printable(source.slice(start, start + EXCERPT_COLUMNS));
  const gutter = String(line).padStart(6);
  return [
    `${pc.dim(`${gutter} |`)} ${start > 0 ? '...' : ''}${shown}`,
    `${pc.dim(`${' '.repeat(6)} |`)} ${' '.repeat(column - 1 - start + (start > 0 ? 3 : 0))}${pc.red('^')}`,
  ];
}

/** Documents are data: what would steer a terminal is shown, not obeyed. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '\u00B7');
}

/** Writes to the standard output; a reader that has seen enough (`| head`) is no error. */
export function print(text: string): void {
  if (process.stdout.listenerCount('error', ended) === 0) process.stdout.on('error', ended);
  process.stdout.write(text);
}

function ended(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? undefined : 1);
}

function report(files: readonly WorkflowFile[], quiet: boolean): string {
  const parts: string[] = [];
  for (const { file, text, problems, notes, definition } of files) {
    parts.push(
      ...problems.map((problem) =>
        renderProblem(problem, problem.file === file ? text : undefined),
      ),
    );
    if (definition === undefined || quiet) continue;
    const { namespace, name, version, hash } = definition;
    const identity = `${namespace}/${name}/${version}`;
    parts.push(`${printable(file)}  ${pc.green('ok')}  ${identity}  ${pc.dim(hash.slice(0, 12))}`);
    parts.push(...notes.map((note) => renderProblem(note, text, 'note')));
  }
  const refused = files.filter(({ problems }) => problems.length > 0).length;
  if (files.length > 1) {
    const verdict = refused === 0 ? pc.green('all valid') : pc.red(`${refused} refused`);
    parts.push(`${files.length} documents, ${verdict}`);
  }
  return parts.join('\n');
}

/** The stable shape of --json. */
function jsonReport(files: readonly WorkflowFile[]): string {
  const documents = files.map(({ file, problems, notes, definition }) => ({
    file,
    valid: definition !== undefined,
    ...(definition === undefined
      ? {}
      : {
          namespace: definition.namespace,
          name: definition.name,
          version: definition.version,
          hash: definition.hash,
        }),
    problems,
    notes,
  }));
  return JSON.stringify({ valid: documents.every(({ valid }) => valid), documents }, null, 2);
}

interface ValidateOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly catalog?: string;
}

export const validateCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('<file...>', 'workflow files, directories of them, or - for the standard input')
      .option('--catalog <where>', 'the default catalog of functions: a URL or a directory')
      .option('--json', 'print the result as JSON')
      .option('-q, --quiet', 'print problems only')
      .action(async (paths: string[], options: ValidateOptions) => {
        const files: WorkflowFile[] = [];
        for (const file of paths.flatMap(expand)) {
          files.push(await checkExpressions(file, options.catalog));
        }
        const output =
          options.json === true ? jsonReport(files) : report(files, options.quiet === true);
        if (output !== '') print(`${output}\n`);
        if (files.some(({ problems }) => problems.length > 0)) process.exitCode = 2;
      });
  },
};
