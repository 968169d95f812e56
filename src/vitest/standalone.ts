/*
 * Suites without vitest: a runner on @vitest/runner for `waybill chaos FILE.chaos.ts`. It reads the
 * files, runs their tests one after the other and tells how each one went; who makes the campaigns is
 * the caller's business.
 */
import { pathToFileURL } from 'node:url';
import {
  type File,
  startTests,
  describe,
  type Suite,
  type Task,
  type Test,
  test,
  type VitestRunner,
} from '@vitest/runner';
import { failedFirst } from './failed-first.ts';
import { type Host, install, type Overrides } from './host.ts';
import type { Conduct } from './job.ts';

export interface SuiteHooks {
  readonly conduct: Conduct;
  readonly overrides: Overrides;
  /** before the first test: how many there are */
  readonly collected: (tests: number) => void;
  readonly begins: (test: TestPlace) => void;
  readonly ended: (test: TestPlace, result: TestResult) => void;
}

export interface TestPlace {
  readonly suite: string;
  /** names of what it stands in, then its own */
  readonly name: string;
}

export interface TestResult {
  readonly state: 'passed' | 'failed' | 'skipped';
  /** what it failed with */
  readonly said: string;
  readonly elapsedMs: number;
}

/** A file that could not be read, or has no test: what is wrong with it, in one line. */
export interface BadSuite {
  readonly file: string;
  readonly said: string;
}

/** Runs the tests of these files whose full names fit. */
export async function runSuites(
  files: readonly string[],
  pattern: RegExp | undefined,
  hooks: SuiteHooks,
): Promise<BadSuite[]> {
  const bad: BadSuite[] = [];
  const runner = new Standalone(pattern, hooks, bad);
  const { conduct, overrides } = hooks;
  install({
    ...{ conduct, overrides, describe },
    test: test as unknown as Host['test'],
    file: () => runner.reading,
  });
  await startTests([...files], runner);
  return bad;
}

class Standalone implements VitestRunner {
  readonly config: VitestRunner['config'];
  /** the file that is being read; its describes are still read when it is imported */
  reading: string | undefined;
  private readonly hooks: SuiteHooks;
  private readonly bad: BadSuite[];

  constructor(pattern: RegExp | undefined, hooks: SuiteHooks, bad: BadSuite[]) {
    this.hooks = hooks;
    this.bad = bad;
    this.config = {
      root: process.cwd(),
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: pattern,
      allowOnly: true,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 600_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    };
  }

  onCollectStart(file: File): void {
    this.reading = file.filepath;
  }

  async importFile(path: string): Promise<unknown> {
    return import(pathToFileURL(path).href);
  }

  onCollected(files: File[]): void {
    let tests = 0;
    for (const file of files) {
      file.tasks = failedFirst(file.tasks);
      const own = testsOf(file);
      const [error] = file.result?.errors ?? [];
      if (error !== undefined)
        this.bad.push({ file: file.filepath, said: remedied(error.message) });
      else if (own.length === 0) {
        this.bad.push({ file: file.filepath, said: 'there is no chaosTest in this file' });
      }
      tests += own.filter(({ mode }) => mode === 'run' || mode === 'queued').length;
    }
    // What cannot be read is said before anything is run.
    if (this.bad.length > 0) for (const file of files) skip(file);
    else this.hooks.collected(tests);
  }

  onBeforeRunTask(test_: Test): void {
    if (test_.mode !== 'skip' && test_.mode !== 'todo') this.hooks.begins(placeOf(test_));
  }

  onAfterRunTask(test_: Test): void {
    const { result } = test_;
    const state =
      result?.state === 'pass' ? 'passed' : result?.state === 'fail' ? 'failed' : 'skipped';
    const said = (result?.errors ?? []).map(({ message }) => message).join('\n');
    this.hooks.ended(placeOf(test_), { state, said, elapsedMs: result?.duration ?? 0 });
  }
}

/** Node takes a file for CommonJS where nobody says otherwise, and `npm init` says it outright. */
function remedied(said: string): string {
  if (
    !/import statement outside a module|require\(\) cannot be used|Unexpected token 'export'/.test(
      said,
    )
  ) {
    return said;
  }
  return `${said}: run "npm pkg set type=module", or name the file NAME.chaos.mts`;
}

function placeOf(test_: Test): TestPlace {
  const names = [test_.name];
  for (let part = test_.suite; part !== undefined; part = part.suite) {
    if (part.name !== '' && !('filepath' in part)) names.unshift(part.name);
  }
  return { suite: test_.file.filepath, name: names.join(' > ') };
}

function testsOf(part: Suite): Test[] {
  return part.tasks.flatMap((task: Task) => (task.type === 'suite' ? testsOf(task) : [task]));
}

function skip(part: Suite): void {
  part.mode = 'skip';
  for (const task of part.tasks) {
    task.mode = 'skip';
    if (task.type === 'suite') skip(task);
  }
}
