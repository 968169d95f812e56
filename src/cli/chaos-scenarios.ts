/*
 * The scenarios that `waybill chaos` is pointed at: files, or directories that are walked, loaded and
 * compiled to what the simulator runs.
 *
 * Invariant: whatever is wrong with what is on the disk is a UserError that names file and place.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentEngine, type Engine } from '../chaos/engine.ts';
import { kindOf, loadStage, readText, type Stage, StageRefused } from '../chaos/stage.ts';
import { tracePlace, traceStage } from '../chaos/trace-stage.ts';
import { schemas } from '../presets/schemas.ts';
import { UserError } from './user-error.ts';
import { renderProblem } from './validate.ts';

const NOT_WALKED = new Set(['node_modules', 'dist', 'coverage']);

/** A suite of chaosTests, which a runner imports. */
export const SUITE_FILE = /\.chaos\.[cm]?[jt]s$/i;

export interface ChaosFiles {
  readonly scenarios: readonly string[];
  readonly suites: readonly string[];
}

/** The scenarios and suites that these paths name, each once, in order. */
export function chaosFiles(paths: readonly string[]): ChaosFiles {
  const scenarios = new Set<string>();
  const suites = new Set<string>();
  for (const path of paths) {
    if (!isDirectory(path)) {
      if (SUITE_FILE.test(path)) checkReadable(path);
      (SUITE_FILE.test(path) ? suites : scenarios).add(path);
      continue;
    }
    const files = walk(path);
    const found = files.filter((file) => SUITE_FILE.test(file) || isScenario(file));
    if (found.length === 0) {
      throw new UserError(
        `${path}: there is no scenario in this directory (YAML with \`workflow\`), and no suite (*.chaos.ts)`,
      );
    }
    for (const file of found) (SUITE_FILE.test(file) ? suites : scenarios).add(file);
  }
  return { scenarios: [...scenarios], suites: [...suites] };
}

function checkReadable(file: string): void {
  try {
    readText(file);
  } catch (error) {
    if (!(error instanceof StageRefused)) throw error;
    throw new UserError(error.message.replace('no scenario', 'no suite'));
  }
}

/** A stage, or a UserError that shows each mistake with its line. */
export async function openStage(file: string): Promise<Stage> {
  try {
    const place = tracePlace(file);
    return await (place === undefined ? loadStage(file) : traceStage(file, place));
  } catch (error) {
    if (!(error instanceof StageRefused)) throw error;
    const shown = error.problems.map((problem) => renderProblem(problem, error.textOf(problem)));
    throw new UserError(shown.length === 0 ? error.message : shown.join('\n'));
  }
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
  const places = (isDirectory('scenarios') ? walk('scenarios') : []).filter(
    (file) => !SUITE_FILE.test(file),
  );
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
      return /\.ya?ml$/i.test(entry.name) || SUITE_FILE.test(entry.name) ? [path] : [];
    });
}

function isScenario(file: string): boolean {
  try {
    return kindOf(readText(file)) === 'scenario';
  } catch {
    return false; // other YAML in the directory is nobody's business
  }
}
