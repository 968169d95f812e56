/*
 * The work of `waybill replay`: a trace is examined by one process, or by several that each take the runs
 * of their share. Used by the command and by its workers.
 */
import { join, resolve } from 'node:path';
import { readdirSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { defineDocument, type Definition } from '../dsl/index.ts';
import { compilePlan, type Plan } from '../dsl/plan/index.ts';
import { PinFailed, pinned } from '../presets/pin.ts';
import { loadSchemas, schemas } from '../presets/schemas.ts';
import { Examination } from '../trace/examine.ts';
import { MapError, pointerMap } from '../trace/migrate.ts';
import { TracePlans } from '../trace/plans.ts';
import type { Trace, TraceProblem } from '../trace/read-trace.ts';
import type { Tally } from '../trace/tally.ts';
import { openTrace } from './trace-files.ts';
import { UserError } from './user-error.ts';
import { readWorkflow, renderProblem } from './validate.ts';

/** What is to be replayed, and with what. */
export interface ReplayJob {
  readonly file: string;
  readonly against: readonly string[];
  readonly map: readonly string[];
  readonly instance?: string;
  readonly from?: number;
  readonly until?: number;
}

export interface ReplayResult {
  readonly tally: Tally;
  readonly problems: readonly TraceProblem[];
  /** workflows of the trace for which another definition was tried */
  readonly tried: readonly string[];
}

export interface ReplayProgress {
  readonly hops: number;
  /** how far in the file, 0 to 1 */
  readonly done: number;
}

/** Units between two looks at the clock. */
const LOOK_EVERY = 512;
const TELL_EVERY_MS = 100;

/** Examines the share number `index` of `of`. */
export async function examine(
  job: ReplayJob,
  share: { readonly index: number; readonly of: number },
  tell: (progress: ReplayProgress) => void,
): Promise<ReplayResult> {
  await loadSchemas();
  const { bytes, trace } = openTrace(job.file);
  try {
    if (job.against.length > 0) trace.meetDefinitions();
    const instead = await plansOf(job.against, trace);
    const plans = new TracePlans(trace.definitions, schemas, instead);
    const { from, instance, until } = job;
    const examination = new Examination({
      plans,
      against: job.against.length > 0,
      map: mapOf(job.map),
      redacted: trace.header.redacted,
      share,
      ...(instance === undefined ? {} : { instance }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
    let hops = 0;
    let looked = 0;
    let told = performance.now();
    for (const unit of instance === undefined ? trace.units() : trace.unitsOf(instance)) {
      hops += examination.unit(unit).length;
      looked += 1;
      if (looked % LOOK_EVERY !== 0 || performance.now() - told < TELL_EVERY_MS) continue;
      told = performance.now();
      tell({ hops, done: trace.position / Math.max(1, bytes.size) });
    }
    const tried = [...trace.definitions.values()]
      .filter(({ hash }) => plans.isTried(hash))
      .map(({ name, namespace, version }) => `${namespace}/${name}/${version}`);
    return { tally: examination.tally(), problems: trace.problems, tried };
  } finally {
    bytes.close();
  }
}

export function mapOf(rules: readonly string[]): ReturnType<typeof pointerMap> {
  try {
    return pointerMap(rules);
  } catch (error) {
    if (error instanceof MapError) throw new UserError(`--map ${error.message}`);
    throw error;
  }
}

/** Plans of the documents to be tried, by namespace/name. */
async function plansOf(paths: readonly string[], trace: Trace): Promise<ReadonlyMap<string, Plan>> {
  const plans = new Map<string, Plan>();
  const files = paths.flatMap(documentsIn);
  for (const file of files) {
    const { definition, problems, text } = readWorkflow(file);
    if (definition === undefined) {
      // In a directory there may be anything.
      if (paths.includes(file)) {
        throw new UserError(problems.map((one) => renderProblem(one, text)).join('\n'));
      }
      continue;
    }
    const whole = await withResources(definition, file, trace);
    const { plan, problems: wrong } = compilePlan(whole, schemas);
    if (plan === undefined) {
      throw new UserError(wrong.map((one) => renderProblem(one, text)).join('\n'));
    }
    plans.set(`${whole.namespace}/${whole.name}`, plan);
  }
  if (paths.length > 0 && plans.size === 0) {
    throw new UserError(`--against ${paths.join(' ')}: there is no workflow there`);
  }
  return plans;
}

/** What it refers to outside itself is what it was when the trace was recorded, where that had it. */
async function withResources(
  definition: Definition,
  file: string,
  trace: Trace,
): Promise<Definition> {
  const { name, namespace } = definition;
  const recorded = [...trace.definitions.values()].findLast(
    (one) => one.namespace === namespace && one.name === name,
  );
  if (recorded !== undefined && Object.keys(recorded.resources).length > 0) {
    const again = defineDocument(definition.document as never, recorded.resources);
    if (again.definition !== undefined) return again.definition;
  }
  try {
    return await pinned(definition, { base: pathToFileURL(resolve(file)).href });
  } catch (error) {
    if (error instanceof PinFailed) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

function documentsIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch {
    return [path]; // read as a file, which says what is wrong
  }
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/i.test(name) && !name.includes('node_modules'))
    .sort()
    .map((name) => join(path, name));
}
