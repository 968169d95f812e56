/*
 * Embedded: one process, one SQLite file, the whole engine. The composition root of `waybill run` and
 * of programs that use Waybill as a library.
 */
import { type Embedded, openEmbedded } from '../adapters/sqlite/index.ts';
import { cronNext } from '../adapters/system/calendar.ts';
import { systemClock, systemEntropy } from '../adapters/system/index.ts';
import type { HostFunctions } from '../activities/function.ts';
import { activitiesOf } from '../activities/index.ts';
import type { Transition } from '../core/index.ts';
import type { Definition } from '../dsl/index.ts';
import type { Activities, ResultRow, Secrets } from '../ports/index.ts';
import {
  type ControlOutcome,
  inTime,
  type Lifecycle,
  lookUp,
  planCompiler,
  Runner,
  type RuntimeLimits,
  startedIn,
  startRecord,
  type Whereabouts,
} from '../runtime/index.ts';
import {
  CLOCK_SKEW_MAX_MS,
  type CloudEvent,
  encodeRecord,
  type EndBody,
  homeOf,
  type Json,
  START_LATE_MAX_MS,
  timeOfRunId,
  uuidv7,
} from '../wire/index.ts';
import { pinned, type PinOptions } from './pin.ts';
import { control, schedule, unschedule } from './controls.ts';
import { deployable } from './deployable.ts';
import { emit } from './emit.ts';
import { loadSchemas, schemas } from './schemas.ts';
import { systemSecrets } from './secrets.ts';

/** How often a result that is on its way into the Store is looked for, ms. */
const FOLD_POLL_MS = 2;
/** How often it is looked whether this process runs the file by now, ms, and when that is worth a word. */
const OWNER_POLL_MS = 5;
const OWNER_PATIENCE = 60;

export interface EngineOptions {
  /** path of the file, or ':memory:' */
  readonly file: string;
  /** host functions by name: what `call: name` means */
  readonly functions?: HostFunctions;
  /** default: those of the environment (WAYBILL_SECRET_NAME) */
  readonly secrets?: Secrets;
  /** instead of functions and secrets: any implementation of the port */
  readonly activities?: Activities;
  /** FULL (default): survives power loss; NORMAL: survives a crash of the process */
  readonly synchronous?: 'FULL' | 'NORMAL';
  readonly partitions?: number;
  /** keep an index of runs for `waybill list`, with those that ended up to so long ago, ms (no) */
  readonly index?: { readonly historyMs: number };
  /** which lifecycle events are published, in the events log of the file (none) */
  readonly lifecycle?: Lifecycle;
  readonly limits?: Partial<RuntimeLimits>;
  readonly onTransition?: (run: string, transition: Transition) => void;
  readonly onComplaint?: (said: string) => void;
}

export interface StartRequest {
  readonly definition: Definition;
  readonly input?: Json;
  /** Starts at most one run under this key until it is forgotten; the same key gives the same run. */
  readonly once?: string;
}

/** How a run has ended. */
export type Result =
  | { readonly ended: 'completed'; readonly output: Json }
  | { readonly ended: 'faulted'; readonly error: Json }
  | { readonly ended: 'cancelled' };

export interface Engine {
  /**
   * Makes a definition known, with all that it refers to outside itself; safe to repeat. Gives it as it
   * was deployed. Rejects with PinFailed when a resource cannot be had.
   */
  deploy(definition: Definition, options?: PinOptions): Promise<Definition>;
  /** Acknowledged means durable: resolves with the run id once the START is in the Log. */
  start(request: StartRequest): Promise<string>;
  /** Asks for a run to be cancelled: resolves once that is under way, or refused with the reason. */
  cancel(run: string): Promise<ControlOutcome>;
  /** Sends an event: resolves once it is durable. Rejects with EventRefused if it can never be. */
  emit(event: CloudEvent): Promise<void>;
  /** The schedule of a deployed definition begins, unless it or a newer version runs already. */
  schedule(definition: Definition): Promise<void>;
  /** ... and ends; the runs that it has begun go on. */
  unschedule(definition: Definition): Promise<ControlOutcome>;
  /**
   * How a run has ended, or ends while this engine is open. Of one that ended long ago without a key, the
   * Log must still have the end, and is looked through for it.
   */
  result(run: string): Promise<Result>;
  /** Runs that were started with `once` and whose caller has not forgotten the key yet. */
  claimed(): Promise<readonly { readonly key: string; readonly run: string }[]>;
  /** Forgets a once-key and the result kept for it. */
  forget(once: string): Promise<void>;
  /**
   * Resolves once this process runs the file. Another process may run it now: then its runs go on there,
   * and `waiting` is told which process that is.
   */
  owned(waiting?: (pid: number | undefined) => void): Promise<void>;
  /** Graceful: lets running activities end, within limits. */
  close(): Promise<void>;
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { file, synchronous, partitions } = options;
  if (options.activities === undefined && options.functions === undefined) await loadSchemas();
  const embedded = await openEmbedded(file, {
    ...(synchronous === undefined ? {} : { synchronous }),
    ...(partitions === undefined ? {} : { partitions }),
  });
  return engineOn(embedded, options);
}

/** The engine of a file that is open; closing it closes the file. JSON Schemas have been prepared for. */
export function engineOn(
  embedded: Embedded,
  options: Omit<EngineOptions, 'file' | 'synchronous' | 'partitions'>,
): Engine {
  const { broker, events, store, definitions } = embedded;
  const waiting = new Map<string, ((result: Result) => void)[]>();
  /** runs that were started here and have not ended: no result of theirs is anywhere yet */
  const underWay = new Set<string>();
  /** by the hash of the definition as it was given: the same with its resources */
  const deployed = new Map<string, Definition>();
  const ended = (run: string, { end }: EndBody): void => {
    underWay.delete(run);
    const tell = waiting.get(run);
    if (tell === undefined) return;
    waiting.delete(run);
    for (const resolve of tell) resolve(resultOf(end));
  };
  const { onTransition, onComplaint, limits, functions = {}, secrets = systemSecrets() } = options;
  const activities = options.activities ?? activitiesOf({ functions, secrets });
  const runner = new Runner(
    {
      broker,
      events,
      store,
      definitions,
      ...(options.index === undefined ? {} : { index: embedded.index }),
      clock: systemClock,
      entropy: systemEntropy,
      activities,
    },
    {
      name: `embedded-${process.pid}`,
      prefix: 'embedded',
      compile: planCompiler(schemas),
      cron: cronNext,
      onEnd: ended,
      ...options.index,
      ...(limits === undefined ? {} : { limits }),
      ...(options.lifecycle === undefined ? {} : { lifecycle: options.lifecycle }),
      ...(onTransition === undefined ? {} : { onTransition }),
      ...(onComplaint === undefined ? {} : { onComplaint }),
    },
  );
  runner.start();
  const kept = async (run: string): Promise<Result | undefined> => {
    const row = await store.result(run);
    return row === undefined ? undefined : rowResult(row);
  };

  /** Waits until the Store has the result of `run`. */
  const folded = async (run: string): Promise<void> => {
    while ((await kept(run)) === undefined) await sleep(FOLD_POLL_MS);
  };
  /** How `run` has ended, says the Log; undefined while it has not. */
  const found = async (run: string): Promise<Result | undefined> => {
    const where = await new Promise<Whereabouts>((told, failed) =>
      lookUp({ broker, clock: systemClock, store }, run, told, failed),
    );
    const { error = null, output = null, status } = where;
    if (status === 'completed') return { ended: status, output };
    if (status === 'faulted') return { ended: status, error };
    return status === 'cancelled' ? { ended: status } : undefined;
  };
  /** Whether the START of `run` is in the Log. */
  const landed = async (run: string): Promise<boolean> => {
    const partition = homeOf(run, broker.partitions);
    const made = timeOfRunId(run) ?? 0;
    const { end } = await broker.range(partition);
    for (let at = await broker.offsetAt(partition, made - CLOCK_SKEW_MAX_MS); at < end;) {
      const records = await broker.fetch(partition, at, Math.min(end, at + 1_000));
      for (const { bytes, time } of records) {
        // One that came too late is void, as if it had never landed.
        if (startedIn(bytes) === run) return inTime(run, time);
      }
      const last = records.at(-1);
      if (last === undefined || last.time > made + START_LATE_MAX_MS) return false;
      at = last.offset + 1;
    }
    return false;
  };

  return {
    async owned(waitingFor) {
      for (let polls = 0; !embedded.isOwner; polls++) {
        if (polls === OWNER_PATIENCE) waitingFor?.(embedded.lastOwner()?.pid);
        await sleep(OWNER_POLL_MS);
      }
    },
    async deploy(definition, options) {
      const whole = await pinned(definition, options);
      await definitions.put(await deployable(whole));
      deployed.set(definition.hash, whole);
      return whole;
    },
    cancel: (run) => control(broker, run, 'cancel'),
    emit: (event) => emit(events, event),
    schedule: (definition) => schedule(broker, deployed.get(definition.hash) ?? definition),
    unschedule: (definition) => unschedule(broker, definition),
    async start({ definition: given, input, once }) {
      const definition = deployed.get(given.hash) ?? given;
      const time = systemClock.now();
      const run = uuidv7(time, () => systemEntropy.uint32() / 2 ** 32);
      const { namespace, name, version, hash } = definition;
      const append = async (id: string, at: number): Promise<void> => {
        const record = startRecord({
          run: id,
          definition: { namespace, name, version },
          hash,
          time: at,
          ...(input === undefined ? {} : { input }),
          ...(once === undefined ? {} : { caller: { keep: true, onceKey: once } }),
        });
        if (embedded.isOwner) underWay.add(id);
        let begins = false;
        try {
          const appended = await broker.append(homeOf(id, broker.partitions), [
            encodeRecord(record),
          ]);
          // R17: what is out of range is void, and its client is told.
          begins = inTime(id, appended.time);
        } finally {
          if (!begins) underWay.delete(id);
        }
        if (begins) return;
        throw new Error(
          `run ${id} was not started: the clock was set, or the machine slept, while it was being written; start it again`,
        );
      };
      if (once === undefined) {
        await append(run, time);
        return run;
      }
      // R17: the row comes first. If it was there already, its START is in the Log, or was lost in a
      // crash between the two; then the key is claimed anew. A second copy of a START is void.
      const owner = await store.once(once, run);
      if (owner === run) await append(run, time);
      else if ((await kept(owner)) === undefined && !(await landed(owner))) {
        const now = await store.once(once, run, owner);
        if (now === run) await append(run, time);
        return now;
      }
      return owner;
    },
    async result(run) {
      const told = new Promise<Result>((resolve) => {
        const others = waiting.get(run);
        if (others === undefined) waiting.set(run, [resolve]);
        else others.push(resolve);
      });
      if (underWay.has(run)) return told;
      const already = (await kept(run)) ?? (await found(run));
      if (already === undefined) return told;
      waiting.delete(run);
      return already;
    },
    async claimed() {
      return store.claimed();
    },
    async forget(once) {
      // The result may not have been folded yet, and must not come after it was forgotten.
      for (const { key, run } of await store.claimed()) {
        if (key === once) await folded(run);
      }
      await store.forget(once);
    },
    async close() {
      await runner.stop();
      embedded.close();
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => systemClock.at(systemClock.now() + ms, done));
}

function resultOf(end: EndBody['end']): Result {
  if (end.cancelled) return { ended: 'cancelled' };
  return end.error === undefined
    ? { ended: 'completed', output: end.output ?? null }
    : { ended: 'faulted', error: { ...end.error } };
}

function rowResult({ ended, value }: ResultRow): Result {
  if (ended === 'cancelled') return { ended };
  return ended === 'completed' ? { ended, output: value } : { ended, error: value };
}
