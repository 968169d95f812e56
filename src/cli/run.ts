/*
 * `waybill run FILE`: runs one workflow durably on an embedded file. The result goes to stdout as JSON,
 * progress to stderr, so that it pipes.
 *
 * Killed in the middle, the same command carries on: a run is known by its definition and input (or by
 * --id), from before it begins until its result has been printed.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { FunctionsModuleError, loadFunctions } from '../activities/function.ts';
import { activitiesOf } from '../activities/index.ts';
import type { Definition } from '../dsl/index.ts';
import { canonicalJson, type Json, JsonError, parseJson, sha256Hex } from '../wire/index.ts';
import { type Engine, openEngine, type Result } from '../presets/embedded.ts';
import { planCompiler, storedDefinition } from '../runtime/index.ts';
import { prepareSchemas, schemas } from '../presets/schemas.ts';
import { childWorkflows } from './child-workflows.ts';
import type { CliCommand } from './main.ts';
import { withItsResources } from './resources.ts';
import { secretsAt } from './secrets.ts';
import { TaskTree } from './task-tree.ts';
import { UserError } from './user-error.ts';
import { readWorkflow, renderProblem } from './validate.ts';

/** Where runs are kept unless told otherwise: one file per workflow. */
export const STATE_FOLDER = '.waybill';

/** How long other runs of the file may go on when one's own has ended, ms. */
const DRAIN_MS = 500;

/** Options of every command that runs an embedded file. */
export interface StateOptions {
  readonly functions?: string;
  readonly secrets?: string;
  readonly state?: string;
  readonly synchronous: string;
  readonly quiet?: boolean;
}

interface RunOptions extends StateOptions {
  readonly catalog?: string;
  readonly workflows?: string;
  readonly input?: string;
  readonly id?: string;
}

export const runCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('<file>', 'workflow document (YAML or JSON)')
      .option('-i, --input <json>', 'input of the workflow: JSON, @file, or - for stdin')
      .option(
        '-f, --functions <module>',
        'module (.ts or .js) whose exports are the host functions',
      )
      .option('--catalog <where>', 'the default catalog of functions: a URL or a directory')
      .option('-w, --workflows <dir>', 'directory with the workflows that this one runs')
      .option(
        '--secrets <path>',
        'file or directory with the secrets (default: WAYBILL_SECRET_NAME in the environment)',
      )
      .option(
        '-s, --state <file>',
        'embedded file that keeps the runs (default: .waybill/NAMESPACE.NAME.db)',
      )
      .option(
        '--id <name>',
        'name of the run: the same name is the same run until its result is printed',
      )
      .option(
        '--synchronous <mode>',
        'FULL survives power loss, NORMAL a crash of the process',
        'FULL',
      )
      .option('-q, --quiet', 'no progress on stderr')
      .addHelpText('after', '\nExit code 0: completed; 1: the workflow faulted; 2: bad input.')
      .action(runFile);
  },
};

async function runFile(file: string, options: RunOptions): Promise<void> {
  const { definition, given } = await runnable(file, options);
  const input = readInput(options.input);
  const { catalog, secrets, workflows } = options;
  const children = await childWorkflows(definition, {
    catalog,
    secrets: await secretsAt(secrets),
    ...(workflows === undefined ? {} : { workflows }),
  });
  const key =
    options.id === undefined
      ? `run ${given} ${sha256Hex(canonicalJson(input ?? {}))}`
      : `id ${options.id}`;
  const tree = new TaskTree(definition, { quiet: options.quiet === true });
  const { namespace, name } = definition;
  const state = options.state ?? join(STATE_FOLDER, `${namespace}.${name}.db`);
  const engine = await open({ ...options, state }, tree, [definition, ...children]);
  try {
    for (const child of children) await engine.deploy(child);
    await engine.deploy(definition);
    const run = await engine.start({
      definition,
      once: key,
      ...(input === undefined ? {} : { input }),
    });
    tree.started(run);
    const result = await engine.result(run);
    tree.ended(result);
    await print(result);
    await engine.forget(key);
    if (result.ended !== 'completed') process.exitCode = 1;
  } finally {
    tree.close();
    await engine.close();
  }
}

/**
 * A definition that loads and compiles, or one clear error after the other. `given`: its hash without
 * what it refers to, by which its runs are found again when that has changed.
 */
export async function runnable(
  file: string,
  { catalog, secrets }: Pick<RunOptions, 'catalog' | 'secrets'>,
): Promise<{ definition: Definition; given: string }> {
  const { definition, problems, notes, text } = readWorkflow(file);
  const refusals =
    problems.length > 0 ? problems : notes.filter(({ code }) => code === 'not-supported-yet');
  if (definition === undefined || refusals.length > 0) {
    throw new UserError(refusals.map((problem) => renderProblem(problem, text)).join('\n'));
  }
  const { compilePlan } = await import('../dsl/index.ts');
  const whole = await withItsResources(definition, file, text, {
    catalog,
    secrets: await secretsAt(secrets),
  });
  await prepareSchemas(whole);
  const compiled = compilePlan(whole, schemas);
  if (compiled.plan === undefined) {
    throw new UserError(
      compiled.problems.map((problem) => renderProblem(problem, text)).join('\n'),
    );
  }
  return { definition: whole, given: definition.hash };
}

/** Opens the embedded file and waits until this process runs it. */
export async function open(
  options: StateOptions & { readonly state: string },
  tree: TaskTree,
  definitions: readonly Definition[] = [],
): Promise<Engine> {
  const { StoreFileError } = await import('../adapters/sqlite/index.ts');
  const { state, synchronous } = options;
  if (synchronous !== 'FULL' && synchronous !== 'NORMAL') {
    throw new UserError(`--synchronous ${synchronous}: expected FULL or NORMAL`);
  }
  try {
    const functions =
      options.functions === undefined ? {} : await loadFunctions(resolve(options.functions));
    for (const definition of definitions) {
      checkFunctions(definition, Object.keys(functions), options.functions);
    }
    if (state !== ':memory:') mkdirSync(dirname(resolve(state)), { recursive: true });
    const engine = await openEngine({
      file: state,
      activities: activitiesOf({
        functions,
        secrets: await secretsAt(options.secrets),
        // The file may hold runs of other workflows, begun with other functions: what this process
        // does not have is left waiting, for one that does.
        onAbsent: (run, what) => tree.complain(`run ${run} waits for ${what}, which is not here`),
      }),
      limits: { drainMs: DRAIN_MS },
      synchronous,
      onTransition: (run, transition) => tree.tell(run, transition),
      onComplaint: (said) => tree.complain(said),
    });
    await engine.owned((pid) =>
      tree.complain(
        `${state} is run by another process (pid ${pid ?? 'unknown'}); waiting for it to end`,
      ),
    );
    return engine;
  } catch (error) {
    if (error instanceof FunctionsModuleError || error instanceof StoreFileError) {
      throw new UserError(error.message);
    }
    throw error;
  }
}

/** Better before the first step than in the middle of a run. */
function checkFunctions(definition: Definition, known: readonly string[], module?: string): void {
  const compiled = planCompiler(schemas)(storedDefinition(definition));
  const missing =
    'plan' in compiled ? compiled.plan.functions.filter((name) => !known.includes(name)) : [];
  if (missing.length === 0) return;
  const names = missing.map((name) => JSON.stringify(name)).join(', ');
  throw new UserError(
    module === undefined
      ? `the workflow calls ${names}; name a module that exports ${missing.length === 1 ? 'it' : 'them'}: --functions FILE`
      : `the workflow calls ${names}, which ${module} does not export`,
  );
}

/** JSON, `@file` or `-`: what `--input` may be given. */
export function readInput(given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  let text = given;
  let from = '--input';
  try {
    if (given === '-') {
      from = 'stdin';
      text = readFileSync(0, 'utf8');
    } else if (given.startsWith('@')) {
      from = given.slice(1);
      text = readFileSync(from, 'utf8');
    }
  } catch (error) {
    throw new UserError(
      `${from}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new UserError(`${from}: ${error.message}`);
    throw error;
  }
}

/** Waits until stdout has taken it: only then is the caller said to have had it. */
function print(result: Result): Promise<void> {
  if (result.ended !== 'completed') {
    const value = result.ended === 'faulted' ? result.error : { ended: 'cancelled' };
    return written(process.stderr, `${JSON.stringify(value, null, 2)}\n`);
  }
  return written(
    process.stdout,
    `${JSON.stringify(result.output, null, process.stdout.isTTY ? 2 : 0)}\n`,
  );
}

export function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((done, failed) => {
    stream.write(text, (error) => (error ? failed(error) : done()));
  });
}
