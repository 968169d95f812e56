/*
 * P7: compensations run in reverse order, once each, for every step that completed or may have; what
 * fails is kept as deferred. Looked at from outside: what the Log recorded of the steps, which
 * compensations it scheduled afterwards, and what the END of the run tells.
 *
 * Order is judged among the steps of one strand by the strand that undoes them; between branches it
 * follows from the order of their ENDs (R18), which the differential oracle compares.
 */
import type { Task, WorkflowDocument } from '../../dsl/document.ts';
import type { Json } from '../../wire/json.ts';
import type { Compensation } from '../../wire/state.ts';
import type { Effect } from './effects.ts';
import type { Entry, Run } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { checkScopes } from './p7-scopes.ts';

const COMPENSATE = '/metadata/compensate';

export const compensations: Oracle = {
  name: 'p7-compensations',
  promise: 'P7',
  says: 'what was done is undone once, newest first, and what could not be undone is listed',
  check(view, verdict) {
    const { reading, scenario } = view;
    // Histories made by hand stand for a part of a workflow only.
    const { document, workflows = [] } = (scenario ?? {}) as Partial<NonNullable<typeof scenario>>;
    if (document === undefined) return;
    const others = workflows.some((one) => compensates(one.document.do));
    if (!others && !compensates(document.do)) return;
    const byRun = effectsByRun(view);
    for (const run of reading.runs.values()) checkScopes(run, byRun.get(run.run), view, verdict);
    if (!compensates(document.do)) return;
    const whole = document.document.metadata?.saga === true;
    // Whose tasks are extended may be asked for again because of what an extension does.
    const extended = document.use?.extensions !== undefined;
    const taskAt = tasksOf(document as unknown as Json);
    for (const run of reading.runs.values()) {
      checkRun(run, byRun.get(run.run) ?? [], whole, extended, taskAt, verdict);
    }
  },
};

function effectsByRun({ effects }: View): ReadonlyMap<string, readonly Effect[]> {
  const byRun = new Map<string, Effect[]>();
  for (const effect of effects.values()) {
    const run = effect.scheduled[0]?.entry.header.run;
    if (run === undefined) continue;
    const known = byRun.get(run);
    if (known === undefined) byRun.set(run, [effect]);
    else known.push(effect);
  }
  return byRun;
}

const known = new WeakMap<object, boolean>();

/** Whether any of these tasks says how it is undone; documents do not change. */
function compensates(tasks: WorkflowDocument['do']): boolean {
  let answer = known.get(tasks);
  if (answer === undefined) {
    answer = JSON.stringify(tasks).includes('"compensate":');
    known.set(tasks, answer);
  }
  return answer;
}

function checkRun(
  run: Run,
  effects: readonly Effect[],
  whole: boolean,
  extended: boolean,
  taskAt: (pointer: string) => Task | undefined,
  verdict: Verdict,
): void {
  const [last] = run.ends;
  const body = last?.body;
  if (last === undefined || body?.kind !== 'END') return;
  const told = body.end.compensations ?? [];
  for (const entry of told) {
    verdict.expect(
      entry.outcome !== undefined,
      () => `run ${run.run} has ended and ${entry.pointer} is neither undone nor deferred`,
      at(last),
    );
  }
  checkOnce(run, effects, told, extended ? () => undefined : taskAt, last, verdict);
  const left = body.end.error !== undefined || body.end.cancelled === true;
  if (!whole || !left) return;
  checkAllUndone(run, effects, told, taskAt, last, verdict);
  checkOrder(run, effects, told, last, verdict);
}

/** Each compensation that was scheduled belongs to one entry; no more of a task than entries of it. */
function checkOnce(
  run: Run,
  effects: readonly Effect[],
  told: readonly Compensation[],
  taskAt: (pointer: string) => Task | undefined,
  last: Entry,
  verdict: Verdict,
): void {
  const asked = new Map<string, Set<string>>();
  for (const { key, scheduled } of effects) {
    const activity = scheduled[0]?.activity;
    // An extension of a compensation does what it does besides.
    if (activity?.role !== 'compensate' || !activity.pointer.includes(COMPENSATE)) continue;
    const keys = asked.get(activity.pointer) ?? new Set();
    asked.set(activity.pointer, keys.add(key));
  }
  for (const [pointer, keys] of asked) {
    const step = pointer.slice(0, pointer.indexOf(COMPENSATE));
    const within = pointer.slice(step.length + COMPENSATE.length);
    if (within !== '' && asksOften(taskAt(step)?.metadata?.compensate, within)) continue;
    const entries = told.filter((entry) => entry.pointer === step).length;
    verdict.expect(
      keys.size <= entries,
      () => `run ${run.run} undid ${step} ${keys.size} times and has ${entries} such steps`,
      at(last),
    );
  }
}

/** Loops, functions and retries of more than one call may ask for the same more than once. */
function asksOften(task: Task | undefined, within: string): boolean {
  if (task === undefined || within.includes('/call/')) return true;
  const text = JSON.stringify(task);
  const calls = text.match(/"(?:call|run)":/g) ?? [];
  return calls.length > 1 || /"(?:for|switch|listen)":/.test(text);
}

/** Every call that completed, or may have, of a task that says how it is undone. */
function checkAllUndone(
  run: Run,
  effects: readonly Effect[],
  told: readonly Compensation[],
  taskAt: (pointer: string) => Task | undefined,
  last: Entry,
  verdict: Verdict,
): void {
  const done = new Map<string, { certain: number; untold: number }>();
  for (const { calls, kept, recorded, scheduled } of effects) {
    const { pointer = '', role } = scheduled[0]?.activity ?? {};
    if (role !== 'do' || taskAt(pointer)?.metadata?.compensate === undefined) continue;
    // What came after the end was on its way; a service that refuses says that it has done nothing.
    const applied = calls.some((call) => call.applied && call.at <= last.landed);
    const refused = recorded.some(({ error }) => error !== undefined && isRefusal(error.status));
    verdict.expect(
      !applied || refused || told.some((entry) => entry.pointer === pointer),
      () => `run ${run.run} does not know that it has done ${pointer}, which nobody undid`,
      at(last),
    );
    const known = done.get(pointer) ?? { certain: 0, untold: 0 };
    done.set(pointer, known);
    // Heard in time, put aside with the answer, and out of time when it went on: what it did is not certain then.
    if (kept.some(({ entry }) => hasDeadline(entry))) known.untold++;
    else if ([...kept, ...recorded].some(({ error }) => error === undefined)) known.certain++;
    // The end of a strand that is merged into its join (R6) does not say what it heard last.
    else if (attempts(recorded) < attempts(scheduled.map(({ activity }) => activity)))
      known.untold++;
  }
  for (const [pointer, { certain, untold }] of done) {
    const entries = told.filter((entry) => entry.pointer === pointer && entry.certain).length;
    verdict.expect(
      entries >= certain && entries <= certain + untold,
      () => `run ${run.run} completed ${pointer} ${certain} times and undid ${entries} of them`,
      at(last),
    );
  }
}

function hasDeadline({ body }: Entry): boolean {
  if (body.kind !== 'PARK') return false;
  const { deadline, frames } = body.state;
  const isTimed = ({ deadline: own, node }: (typeof frames)[number]): boolean =>
    own !== undefined || (node.kind === 'try' && node.attemptDeadline !== undefined);
  return deadline !== undefined || frames.some(isTimed);
}

function isRefusal(status: number): boolean {
  return status !== 408 && status >= 400 && status < 500;
}

/** Put aside and resumed, one attempt has several records. */
function attempts(all: readonly { readonly attempt: number }[]): number {
  return new Set(all.map(({ attempt }) => attempt)).size;
}

/**
 * Among entries of one strand, what came later in the undo log was undone first - unless the other had
 * been undone before that was even begun, when its own scope was left.
 */
function checkOrder(
  run: Run,
  effects: readonly Effect[],
  told: readonly Compensation[],
  last: Entry,
  verdict: Verdict,
): void {
  const firstOffset = new Map<string, number>();
  const begunAt = new Map<string, number>();
  for (const { scheduled } of effects) {
    const one = scheduled[0];
    if (one?.activity.role === 'do') begunAt.set(one.activity.pointer, one.entry.offset);
    if (one?.activity.role !== 'compensate') continue;
    if (!one.activity.pointer.includes(COMPENSATE)) continue;
    const step = one.activity.pointer.slice(0, one.activity.pointer.indexOf(COMPENSATE));
    const known = firstOffset.get(step);
    if (known === undefined || one.entry.offset < known) firstOffset.set(step, one.entry.offset);
  }
  for (const [strand, entries] of Map.groupBy(told, (entry) => entry.strand)) {
    const once = entries.filter(
      ({ pointer }) => entries.filter((other) => other.pointer === pointer).length === 1,
    );
    const undone = once.flatMap(({ pointer }) => {
      const offset = firstOffset.get(pointer);
      return offset === undefined ? [] : [{ offset, begun: begunAt.get(pointer) ?? Infinity }];
    });
    verdict.expect(
      undone.every(({ begun, offset }, index) => {
        const before = undone[index - 1];
        return before === undefined || offset < before.offset || begun > before.offset;
      }),
      () => `run ${run.run} did not undo strand "${strand}" newest first`,
      at(last),
    );
  }
}

/** Looks tasks of a document up by their pointers. */
function tasksOf(document: Json): (pointer: string) => Task | undefined {
  return (pointer) => {
    let value: Json | undefined = document;
    for (const step of pointer.split('/').slice(1)) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as { readonly [key: string]: Json })[key];
    }
    return value as Task | undefined;
  };
}
