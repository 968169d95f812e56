/*
 * The scenarios that `waybill chaos` is pointed at: files, or directories that are walked, loaded and
 * compiled to what the simulator runs.
 *
 * Invariant: whatever is wrong with what is on the disk is a UserError that names file and place.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentEngine, type Engine } from '../chaos/engine.ts';
import {
  loadScenarioFile,
  type Scenario,
  scenarioSubject,
  withInvariantModules,
} from '../chaos/scenario/index.ts';
import type { Subject } from '../chaos/subject.ts';
import { compilePlan } from '../dsl/plan/compile.ts';
import { prepareSchemas, schemas } from '../presets/schemas.ts';
import { UserError } from './user-error.ts';
import { renderProblem } from './validate.ts';

/** A scenario, ready to be run. */
export interface Stage {
  readonly file: string;
  readonly scenario: Scenario;
  readonly subject: Subject;
}

const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** A file with one of these means to be one, and hears what is wrong with it. */
const SCENARIO_KEYS = /^["']?(?:workflow|services|inputs|outcomes|invariants)["']?\s*:/m;
const NOT_WALKED = new Set(['node_modules', 'dist', 'coverage']);

/** The scenario files that these paths name, each once, in order. */
export function scenarioFiles(paths: readonly string[]): string[] {
  const files = new Set<string>();
  for (const path of paths) {
    if (!isDirectory(path)) {
      files.add(path);
      continue;
    }
    const found = walk(path).filter(isScenario);
    if (found.length === 0) {
      throw new UserError(
        `${path}: there is no scenario in this directory (YAML with \`workflow\`)`,
      );
    }
    for (const file of found) files.add(file);
  }
  return [...files];
}

export async function openStage(file: string): Promise<Stage> {
  const text = readText(file);
  if (kindOf(text) === 'workflow') {
    throw new UserError(
      `${file}: this is a workflow, not a scenario; a scenario names it: workflow: { file: ... }`,
    );
  }
  if (!SCENARIO_KEYS.test(text)) {
    throw new UserError(`${file}: this is no scenario (YAML with \`workflow\` and \`services\`)`);
  }
  const { problems, scenario } = loadScenarioFile(file, (path) =>
    path === file ? text : readText(path),
  );
  const refuse = (found: typeof problems): never => {
    const shown = found.map((problem) => {
      return renderProblem(problem, problem.file === file ? text : undefined);
    });
    throw new UserError(shown.join('\n'));
  };
  if (scenario === undefined) return refuse(problems);
  for (const definition of [scenario.definition, ...scenario.workflows]) {
    await prepareSchemas(definition);
    const compiled = compilePlan(definition, schemas);
    if (compiled.plan === undefined) return refuse(compiled.problems);
  }
  let whole: Scenario;
  try {
    whole = await withInvariantModules(scenario);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
  return { file, scenario: whole, subject: scenarioSubject(whole) };
}

/** The engine of this build, or the one that a module has as its default export. */
export async function openEngine(module: string | undefined): Promise<Engine> {
  if (module === undefined) return currentEngine(schemas);
  let engine: unknown;
  try {
    const loaded = (await import(pathToFileURL(module).href)) as { readonly default?: unknown };
    engine = loaded.default;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UserError(`--engine ${module}: the module cannot be loaded: ${reason}`);
  }
  if (typeof (engine as Partial<Engine> | undefined)?.boot === 'function') return engine as Engine;
  throw new UserError(`--engine ${module}: its default export is no engine (an object with boot)`);
}

/** Finds the scenario of that name, for a token that comes without a file. */
export function scenarioNamed(name: string): string | undefined {
  const places = isDirectory('scenarios') ? walk('scenarios') : [];
  const line = new RegExp(
    `^name:\\s*["']?${name.replaceAll(/[^\w-]/g, '\\$&')}["']?\\s*(?:#.*)?$`,
    'm',
  );
  return places.find((file) => isScenario(file) && line.test(readText(file)));
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // read as a file, which says what is wrong
  }
}

function walk(directory: string): string[] {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    throw new UserError(`${directory}: the directory cannot be read`);
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || NOT_WALKED.has(entry.name) ? [] : walk(path);
      }
      return /\.ya?ml$/i.test(entry.name) ? [path] : [];
    });
}

function isScenario(file: string): boolean {
  try {
    return kindOf(readText(file)) === 'scenario';
  } catch {
    return false; // other YAML in the directory is nobody's business
  }
}

function kindOf(text: string): 'scenario' | 'workflow' | 'neither' {
  if (/^["']?workflow["']?\s*:/m.test(text)) return 'scenario';
  return /^["']?document["']?\s*:/m.test(text) && /^["']?do["']?\s*:/m.test(text)
    ? 'workflow'
    : 'neither';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'permission to read it is missing',
};

function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) {
      throw new UserError(`${file}: this is no scenario, it has ${Math.round(size / 1e6)} MB`);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    throw new UserError(`${file}: ${REASONS[code] ?? `it cannot be read (${code})`}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file}: this is no scenario, it is not even text (UTF-8)`);
  }
}
