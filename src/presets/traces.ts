/*
 * Traces in files, put together with the definitions that are tried on them: what `waybill replay` and
 * replayTest work with.
 *
 * Invariant: whatever is wrong with what is on the disk is a TraceRefused that names the file.
 */
import { addressOf, type FileBytes, filesAt, openBytes, textOf } from '../adapters/files/index.ts';
import { compilePlan, type Definition, defineDocument, load, type Plan } from '../dsl/index.ts';
import { at } from '../trace/depend.ts';
import { Examination } from '../trace/examine.ts';
import { MapError, type PointerMap, pointerMap } from '../trace/migrate.ts';
import { TracePlans } from '../trace/plans.ts';
import { Trace, TraceError, type TraceProblem } from '../trace/read-trace.ts';
import { namedRun } from '../trace/story.ts';
import type { Tally } from '../trace/tally.ts';
import type { TraceHeader } from '../wire/index.ts';
import { PinFailed, pinned } from './pin.ts';
import { loadSchemas, schemas } from './schemas.ts';

/** What was given cannot be used. */
export class TraceRefused extends Error {
  override readonly name = 'TraceRefused';
}

export interface OpenTrace {
  readonly file: string;
  readonly trace: Trace;
  readonly bytes: FileBytes;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'permission to read it is missing',
};

export function openTrace(file: string): OpenTrace {
  const bytes = reading(file, () => openBytes(file));
  try {
    return { file, trace: new Trace(bytes), bytes };
  } catch (error) {
    bytes.close();
    if (error instanceof TraceError) throw new TraceRefused(`${file}: ${error.message}`);
    throw error;
  }
}

/** What is to be replayed, and with what. Plain data. */
export interface ReplayJob {
  readonly file: string;
  /** workflow documents, or directories of them, to be tried */
  readonly against: readonly string[];
  /** old=new */
  readonly map: readonly string[];
  /** id of a run; with the number of its world in front where the trace has several: `3:ID` */
  readonly instance?: string;
  readonly from?: number;
  readonly until?: number;
}

export interface ReplayResult {
  readonly header: TraceHeader;
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

/** Units between two words about how far it is. */
const TELL_EVERY = 2_048;

/** Examines the share number `index` of `of`. */
export async function examineTrace(
  job: ReplayJob,
  share: { readonly index: number; readonly of: number } = { index: 0, of: 1 },
  tell: (progress: ReplayProgress) => void = () => undefined,
): Promise<ReplayResult> {
  await loadSchemas();
  const { bytes, trace } = openTrace(job.file);
  try {
    const { against, from, instance, until } = job;
    const map = mapOf(job.map);
    if (against.length > 0) trace.meetDefinitions();
    const { run, world } = instance === undefined ? {} : namedRun(instance);
    const instead = await plansAt(against, trace);
    const plans = new TracePlans(trace.definitions, schemas, instead);
    checkMap(job.map, trace, plans, instead);
    const examination = new Examination({
      plans,
      against: against.length > 0,
      map,
      redacted: trace.header.redacted,
      share,
      ...(run === undefined ? {} : { instance: run }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
    let hops = 0;
    let units = 0;
    for (const unit of run === undefined ? trace.units() : trace.unitsOf(run)) {
      if (world !== undefined && unit.world !== world) continue;
      hops += examination.unit(unit).length;
      units += 1;
      if (units % TELL_EVERY === 0) tell({ hops, done: trace.position / Math.max(1, bytes.size) });
    }
    const tried = [...trace.definitions.values()]
      .filter(({ hash }) => plans.isTried(hash))
      .map(({ name, namespace, version }) => `${namespace}/${name}/${version}`);
    const { header, problems } = trace;
    return { header, tally: examination.tally(), problems, tried };
  } finally {
    bytes.close();
  }
}

export function mapOf(rules: readonly string[]): PointerMap {
  try {
    return pointerMap(rules);
  } catch (error) {
    if (error instanceof MapError) throw new TraceRefused(`the map: ${error.message}`);
    throw error;
  }
}

/** A rule that names what neither side has would change nothing, and be taken for one that helped. */
function checkMap(
  rules: readonly string[],
  { definitions }: Trace,
  plans: TracePlans,
  instead: ReadonlyMap<string, Plan>,
): void {
  if (rules.length === 0) return;
  const tried = [...definitions.keys()].filter((hash) => plans.isTried(hash));
  const before = tried
    .map((hash) => plans.recorded(hash))
    .filter((plan) => typeof plan !== 'string');
  for (const rule of rules) {
    const [from = '', to = ''] = rule.split('=').map((side) => side.trim());
    if (!before.some((plan) => hasTask(plan, from))) {
      throw new TraceRefused(
        `the map: ${JSON.stringify(rule)}: no recorded workflow has a task ${from}`,
      );
    }
    if (![...instead.values()].some((plan) => hasTask(plan, to))) {
      throw new TraceRefused(
        `the map: ${JSON.stringify(rule)}: no workflow that is tried has a task ${to}`,
      );
    }
  }
}

/** Whether a task, or what holds tasks, has that name or that JSON pointer. */
function hasTask({ byPointer, definition }: Plan, named: string): boolean {
  const { document } = definition;
  if (named.startsWith('/')) return at(document, named) !== undefined;
  return [...byPointer.keys()].some((pointer) => pointer.split('/').includes(named));
}

/** A file that is meant to be a workflow: one that cannot be read is not passed over. */
const MEANT = /^(?:["']?document["']?\s*:|\{?\s{0,4}"document"\s*:)/m;

/** Plans of the documents to be tried, by namespace/name. */
async function plansAt(paths: readonly string[], trace: Trace): Promise<ReadonlyMap<string, Plan>> {
  const plans = new Map<string, Plan>();
  for (const path of paths) {
    const files = reading(path, () => filesAt(path));
    for (const file of files) {
      // In a directory there may be anything.
      if (file !== path && !/\.(?:ya?ml|json)$/i.test(file)) continue;
      const text = reading(file, () => textOf(file));
      const { definition, problems } = load(text, file);
      if (definition === undefined) {
        if (file === path || MEANT.test(text)) throw refused(problems);
        continue;
      }
      const whole = await withResources(definition, file, trace);
      const compiled = compilePlan(whole, schemas);
      if (compiled.plan === undefined) throw refused(compiled.problems);
      plans.set(`${whole.namespace}/${whole.name}`, compiled.plan);
    }
  }
  if (paths.length === 0) return plans;
  if (plans.size === 0) throw new TraceRefused(`${paths.join(' ')}: there is no workflow there`);
  const recorded = [...trace.definitions.values()].map((one) => `${one.namespace}/${one.name}`);
  if (recorded.length > 0 && !recorded.some((name) => plans.has(name))) {
    throw new TraceRefused(
      `${paths.join(' ')}: no run of the trace follows a workflow that is there; the trace has ${[...new Set(recorded)].join(', ')}`,
    );
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
    return await pinned(definition, { base: addressOf(file) });
  } catch (error) {
    if (error instanceof PinFailed) throw new TraceRefused(`${file}: ${error.message}`);
    throw error;
  }
}

function refused(
  problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[],
): TraceRefused {
  const lines = problems.map(
    ({ column, file, line, message }) => `${file}:${line}:${column}: ${message}`,
  );
  return new TraceRefused(lines.join('\n'));
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    throw new TraceRefused(`${file}: ${REASONS[code] ?? `it cannot be read (${code})`}`);
  }
}
