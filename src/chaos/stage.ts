/*
 * Stage: a scenario file, loaded and compiled to what the simulator runs.
 *
 * Invariant: whatever is wrong with what is on the disk is a StageRefused that names file and place.
 */
import { readFileSync, statSync } from 'node:fs';
import { compilePlan } from '../dsl/plan/compile.ts';
import type { Problem } from '../dsl/index.ts';
import { prepareSchemas, schemas } from '../presets/schemas.ts';
import { DEFAULT_BOUNDS, type PlanBounds, type Range } from './generate.ts';
import {
  loadScenarioFile,
  type Scenario,
  scenarioSubject,
  withInvariantModules,
} from './scenario/index.ts';
import type { Subject } from './subject.ts';

/** A scenario, ready to be run. */
export interface Stage {
  readonly file: string;
  readonly scenario: Scenario;
  readonly subject: Subject;
}

/** The file cannot be run: one line for each mistake, each with its place. */
export class StageRefused extends Error {
  /** none, when the file is not a scenario at all */
  readonly problems: readonly Problem[];
  private readonly file: string;
  private readonly text: string | undefined;

  constructor(message: string, file: string, problems: readonly Problem[] = [], text?: string) {
    super(message);
    this.name = 'StageRefused';
    this.problems = problems;
    this.file = file;
    this.text = text;
  }

  /** The text that a problem points into, where it is known. */
  textOf(problem: Problem): string | undefined {
    return problem.file === this.file ? this.text : undefined;
  }
}

/** What a user asks for in place of what the scenario says. */
export interface Sizes {
  readonly instances?: Range;
  readonly runners?: Range;
  readonly partitions?: Range;
}

/** How large the plans for a scenario may be. */
export function boundsOf({ scenario, subject }: Stage, sizes: Sizes): PlanBounds {
  const { cancels, faults, keeps, suspends } = scenario;
  return {
    ...DEFAULT_BOUNDS,
    tasks: subject.tasks,
    cancels,
    suspends,
    keeps,
    listens: subject.listens === true,
    faults: faults.faults,
    instances: sizes.instances ?? faults.instances,
    runners: sizes.runners ?? faults.runners,
    partitions: sizes.partitions ?? faults.partitions,
  };
}

const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** A file with one of these means to be one, and hears what is wrong with it. */
const SCENARIO_KEYS = /^["']?(?:workflow|services|inputs|outcomes|invariants)["']?\s*:/m;

export async function loadStage(file: string): Promise<Stage> {
  const text = readText(file);
  const refuse = (said: string): never => {
    throw new StageRefused(`${file}: ${said}`, file);
  };
  if (kindOf(text) === 'workflow') {
    refuse('this is a workflow, not a scenario; a scenario names it: workflow: { file: ... }');
  }
  if (!SCENARIO_KEYS.test(text)) {
    refuse('this is no scenario (YAML with `workflow` and `services`)');
  }
  const mistakes = (problems: readonly Problem[]): never => {
    throw new StageRefused(problems.map(line).join('\n'), file, problems, text);
  };
  const { problems, scenario } = loadScenarioFile(file, (path) =>
    path === file ? text : readText(path),
  );
  if (scenario === undefined) return mistakes(problems);
  if (scenario.successor !== undefined) await prepareSchemas(scenario.successor);
  for (const definition of [scenario.definition, ...scenario.workflows]) {
    await prepareSchemas(definition);
    const compiled = compilePlan(definition, schemas);
    if (compiled.plan === undefined) return mistakes(compiled.problems);
  }
  try {
    const whole = await withInvariantModules(scenario);
    return { file, scenario: whole, subject: scenarioSubject(whole) };
  } catch (error) {
    throw new StageRefused(error instanceof Error ? error.message : String(error), file);
  }
}

function line({ column, expected, file, hint, line: row, message }: Problem): string {
  const remedy = hint ?? `expected: ${expected}`;
  return `${file}:${row}:${column}: ${message} (${remedy})`;
}

export function kindOf(text: string): 'scenario' | 'workflow' | 'neither' {
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

export function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) {
      const said = `this is no scenario, it has ${Math.round(size / 1e6)} MB`;
      throw new StageRefused(`${file}: ${said}`, file);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof StageRefused) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    throw new StageRefused(`${file}: ${REASONS[code] ?? `it cannot be read (${code})`}`, file);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new StageRefused(`${file}: this is no scenario, it is not even text (UTF-8)`, file);
  }
}
