/*
 * The story of one run, as a trace tells it: its steps in order, what led to each, where it left its
 * strand, and what it waits for there. For people; a terminal and a page show the same.
 */
import type { Plan } from '../dsl/index.ts';
import {
  type Cause,
  type DefinitionRef,
  type RecordBody,
  type RecordHeader,
  type State,
  type TraceUnit,
  type WorkflowError,
} from '../wire/index.ts';
import { type Difference, differences } from './diff.ts';
import type { TracePlans } from './plans.ts';
import { Replay } from './replay.ts';
import { type HopBody, isHop, shapeOf } from './shape.ts';
import { shortened } from './words.ts';

export interface StoryStep {
  /** from 1 */
  readonly number: number;
  /** ms since the epoch */
  readonly at: number;
  readonly strand: string;
  readonly hop: number;
  /** STEP, PARK, ... */
  readonly kind: string;
  /** `STEP at 17 of partition 0` */
  readonly record: string;
  /** what led here, in words, and the value that came with it */
  readonly because: string;
  readonly heard?: unknown;
  /** what it does or waits for now, in words */
  readonly now: string;
  /** an activity that is due */
  readonly activity?: {
    readonly name: string;
    readonly arguments: unknown;
    readonly attempt: number;
  };
  /** JSON pointers of the tasks that are active, outermost first, and of the one it stands at */
  readonly active: readonly string[];
  readonly task: string;
  /** all that the record says of where the strand stands */
  readonly state: unknown;
  /** how that differs from the step before it in its strand */
  readonly changes: readonly Difference[];
  /** replay: equal, or what it found */
  readonly replay: string;
}

export interface OutlineTask {
  readonly pointer: string;
  readonly name: string;
  readonly kind: string;
  readonly depth: number;
}

export interface RunStory {
  readonly run: string;
  readonly workflow: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** completed, faulted, cancelled; or running */
  readonly ended: string;
  readonly input?: unknown;
  /** the root first, then in order of appearance */
  readonly strands: readonly string[];
  readonly steps: readonly StoryStep[];
  readonly outline: readonly OutlineTask[];
}

/** Changes of one step that are kept. */
const CHANGES_MAX = 60;

/** A run of a trace by name: its id, with the number of its world in front where there are several. */
export function namedRun(text: string): { readonly run: string; readonly world?: number } {
  const [, world, run] = /^(\d+):(.+)$/.exec(text) ?? [];
  return run === undefined ? { run: text } : { run, world: Number(world) };
}

/** The story of a run; undefined: the trace has no step of it. `named`: as `namedRun` reads it. */
export function storyOf(
  units: Iterable<TraceUnit>,
  named: string,
  plans: TracePlans,
  redacted: readonly string[],
): RunStory | undefined {
  const { run, ...where } = namedRun(named);
  let { world } = where;
  const replay = new Replay({ plans, redacted, wanted: (one) => one === run });
  const before = new Map<string, unknown>();
  const steps: StoryStep[] = [];
  let input: unknown;
  let startedAt: number | undefined;
  let endedAt: number | undefined;
  let ended = 'running';
  let definition = '';
  for (const unit of units) {
    if (world !== undefined && unit.world !== world) continue;
    const judged = replay.unit(unit).filter(({ record }) => record.header.run === run);
    // Without a number it is the first world that has such a run.
    if (judged.length > 0) ({ world } = unit);
    const start = replay.places.live.get(run)?.start;
    if (start !== undefined && input === undefined && start.body.kind === 'START') {
      input = start.body.input ?? {};
      startedAt = start.time;
    }
    for (const { body, record, verdict } of judged) {
      const { header } = record;
      if (header.strand === '') ({ definition } = header);
      startedAt ??= header.time;
      const shape = shapeOf(header, body);
      const state = JSON.parse(JSON.stringify(shape)) as unknown;
      steps.push({
        ...place(header, body, record.named),
        number: steps.length + 1,
        state,
        changes: differences(before.get(header.strand) ?? {}, state, CHANGES_MAX),
        replay: verdict.kind === 'depends' ? `depends on ${verdict.pointer}` : verdict.kind,
      });
      before.set(header.strand, state);
      if (body.kind === 'END' && header.strand === '') {
        endedAt = header.time;
        ended = body.end.cancelled ? 'cancelled' : body.end.error ? 'faulted' : 'completed';
      }
    }
  }
  if (steps.length === 0) return undefined;
  const plan = plans.recorded(definition);
  return {
    run,
    workflow: typeof plan === 'string' ? definition.slice(0, 12) : nameOf(plan.definition),
    startedAt: startedAt ?? 0,
    ...(endedAt === undefined ? {} : { endedAt }),
    ended,
    ...(input === undefined ? {} : { input }),
    strands: [...new Set(steps.map(({ strand }) => strand))].sort((a, b) =>
      a === '' ? -1 : b === '' ? 1 : 0,
    ),
    steps,
    outline: typeof plan === 'string' ? [] : outlineOf(plan),
  };
}

function nameOf({ name, namespace, version }: DefinitionRef): string {
  return `${namespace}/${name}/${version}`;
}

function place(
  header: RecordHeader,
  body: HopBody,
  record: string,
): Omit<StoryStep, 'number' | 'changes' | 'replay' | 'state'> {
  const state = 'state' in body ? body.state : undefined;
  const activity = 'activity' in body ? body.activity : undefined;
  const active = state?.frames.map(({ pointer }) => pointer) ?? [];
  const heard = heardIn(body.cause);
  return {
    at: header.time,
    strand: header.strand,
    hop: header.hop,
    kind: header.kind,
    record,
    because: becauseOf(body.cause),
    ...(heard === undefined ? {} : { heard }),
    now: nowOf(header, body),
    ...(activity === undefined
      ? {}
      : {
          activity: {
            name: activity.name,
            arguments: activity.arguments,
            attempt: activity.attempt,
          },
        }),
    active,
    task: activity?.pointer ?? active.at(-1) ?? state?.position ?? '',
  };
}

/** What led to a record. */
export function becauseOf(cause: Cause): string {
  switch (cause.kind) {
    case 'start':
      return cause.by === undefined ? 'it was started' : `run ${cause.by.run} began it`;
    case 'activity':
      return cause.error === undefined
        ? `attempt ${cause.attempt} answered`
        : `attempt ${cause.attempt} failed: ${wordsOf(cause.error)}`;
    case 'timer':
      return 'its time came';
    case 'joined': {
      const ended = Object.keys(cause.ends).join(', ');
      const by = cause.last === undefined ? '' : ` (${becauseOf(cause.last.cause)})`;
      return ended === '' ? 'its branches ended' : `branch ${ended} ended${by}`;
    }
    case 'branch':
      return `branch ${cause.branch} began`;
    case 'continue':
      return 'it went on';
    case 'events':
      return `${cause.events.length} ${cause.events.length === 1 ? 'event' : 'events'} came: ${cause.events.map(({ type }) => type).join(', ')}`;
    case 'control':
      return `somebody asked: ${cause.verb}`;
  }
}

function heardIn(cause: Cause): unknown {
  switch (cause.kind) {
    case 'activity':
      return cause.error ?? cause.result ?? null;
    case 'joined':
      return cause.ends;
    case 'events':
      return cause.events;
    case 'start':
      return cause.input;
    default:
      return undefined;
  }
}

/** What the strand does or waits for, and until when. */
export function nowOf({ joins }: RecordHeader, body: RecordBody): string {
  if (!isHop(body)) return body.kind;
  if (body.kind === 'END') {
    const { cancelled, error, output } = body.end;
    if (cancelled === true) return 'cancelled';
    return error === undefined
      ? `ended with ${shortened(output ?? null, 60)}`
      : `failed: ${wordsOf(error)}`;
  }
  if (body.kind === 'CANCELLING') return 'is being cancelled, and waits for its activity';
  const deadline = deadlineOf(body.state);
  const bound = deadline === undefined ? '' : `; times out ${instant(deadline)}`;
  const { activity } = body;
  if (body.kind === 'PARK') {
    const due = body.due === undefined ? 'somebody resumes it' : instant(body.due);
    if (body.why === 'dead') return `parked as dead: ${body.reason ?? 'no reason is given'}`;
    if (body.why === 'suspend') return 'put aside until somebody resumes it';
    if (body.why === 'listen') return `listens for events${bound}`;
    const what = activity === undefined ? '' : ` to call ${activity.name} again`;
    return `parked until ${due}${what}`;
  }
  if (activity !== undefined) {
    const held = body.notBefore === undefined ? '' : `, not before ${instant(body.notBefore)}`;
    return `calls ${activity.name}, attempt ${activity.attempt}${held}${bound}`;
  }
  if (joins > 0) {
    const node = body.state.frames.at(-1)?.node;
    const total = node?.kind === 'fork' ? node.total : 0;
    return `waits for ${total === 1 ? 'a strand' : `${total} strands`}${bound}`;
  }
  if (body.notBefore !== undefined) return `waits until ${instant(body.notBefore)}`;
  return 'goes on at once';
}

function deadlineOf({ deadline, frames }: State): number | undefined {
  const all = [deadline, ...frames.map((frame) => frame.deadline)];
  const known = all.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function wordsOf({ detail, status, title }: WorkflowError): string {
  return `${status} ${title}${detail === undefined ? '' : `, ${shortened(detail, 80)}`}`;
}

/** The tasks of a document, indented as they nest. */
function outlineOf({ byPointer }: Plan): OutlineTask[] {
  return [...byPointer]
    .filter(([pointer]) => /\/\d+\/[^/]+$/.test(pointer))
    .map(([pointer, { kind }]) => ({
      pointer,
      name: pointer
        .slice(pointer.lastIndexOf('/') + 1)
        .replaceAll('~1', '/')
        .replaceAll('~0', '~'),
      kind,
      depth: (pointer.match(/\/\d+\//g)?.length ?? 1) - 1,
    }));
}
