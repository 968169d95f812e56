/*
 * A client of a running engine, whatever it runs on: deploys, starts, looks up, waits for results. It
 * writes inbox records and reads; it owns nothing.
 *
 * C1. `start` resolves only once the START is durable. It sends one run id, again and again if need be,
 *     well within the time in which a copy counts (PROTOCOL.md R17). Whatever else becomes of it is
 *     said: refused surely, or unknown with the id to look up.
 * C2. `result` sees an END whenever it is written: the tail of the partition is followed from a place
 *     at or before the one up to which the look-up has read.
 */
import { systemClock, systemEntropy } from '../adapters/system/index.ts';
import type { Definition } from '../dsl/index.ts';
import {
  AppendRefused,
  type Broker,
  type Definitions,
  type RunIndex,
  type RunQuery,
  type RunRow,
  type Store,
  type StoredDefinition,
} from '../ports/index.ts';
import {
  type ControlOutcome,
  lookUp,
  type RunEnd,
  startRecord,
  type Whereabouts,
} from '../runtime/index.ts';
import {
  type Caller,
  type CloudEvent,
  CLOCK_SKEW_MAX_MS,
  type DefinitionRef,
  encodeRecord,
  homeOf,
  type Json,
  START_LATE_MAX_MS,
  timeOfRunId,
  uuidv7,
} from '../wire/index.ts';
import { pinned, type PinOptions } from './pin.ts';
import { control, isScheduled, schedule, unschedule } from './controls.ts';
import { deployable } from './deployable.ts';
import { emit } from './emit.ts';
import { Inbox } from './inbox.ts';
import { Tails } from './result-tails.ts';

/** A START is not sent again once so little of its time is left, ms. */
const START_MARGIN_MS = 30_000;
const AGAIN_FIRST_MS = 100;
const AGAIN_MAX_MS = 5_000;
const TAIL_AGAIN_MS = 500;

export interface ClientPorts {
  readonly broker: Broker;
  /** the events log */
  readonly events: Broker;
  readonly definitions: Definitions;
  readonly store?: Store;
  /** of runs, if the runners keep one: an empty one does no harm */
  readonly index?: RunIndex;
}

export interface ClientStart {
  readonly definition: DefinitionRef;
  readonly input?: Json;
  /** at most one run under this key until it is forgotten; needs a Store */
  readonly once?: string;
  /** how long to try, ms */
  readonly patience?: number;
}

export interface Client {
  /**
   * Makes a definition known, with all that it refers to outside itself. Gives it as it was deployed.
   * Rejects with PinFailed when a resource cannot be had.
   */
  deploy(definition: Definition, options?: PinOptions): Promise<Definition>;
  /** The latest version deployed under that name, or the one that is named. */
  find(ref: DefinitionRef): Promise<StoredDefinition | undefined>;
  /** `again`: the run had been started with this once-key before. */
  start(request: ClientStart): Promise<{ readonly run: string; readonly again: boolean }>;
  /** Asks for a run to be cancelled: resolves once that is under way, or refused with the reason. */
  cancel(run: string): Promise<ControlOutcome>;
  /** Puts a run aside until it is resumed; refused while it has branches. */
  suspend(run: string): Promise<ControlOutcome>;
  /** Lets go on what was put aside, or parked as dead. */
  resume(run: string): Promise<ControlOutcome>;
  /** The schedule of a workflow ends; the runs that it has begun go on. */
  unschedule(ref: DefinitionRef): Promise<ControlOutcome>;
  /** Sends an event: resolves once it is durable. Rejects with EventRefused if it can never be. */
  emit(event: CloudEvent): Promise<void>;
  lookUp(run: string): Promise<Whereabouts>;
  /** What the index has, newest first; it comes a second or so after the Log. */
  list(query: RunQuery): Promise<readonly RunRow[]>;
  /** Resolves when the run has ended; rejects if nobody has started it. */
  result(run: string): Promise<RunEnd>;
  close(): void;
}

/** It surely was not started, and trying again as it is cannot help. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/** It may have been started, or may yet be: the run id tells, once it is looked up. */
export class StartUnknown extends Error {
  override readonly name = 'StartUnknown';
  readonly run: string;
  constructor(run: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`it is not known whether run ${run} was started: ${why}`, { cause });
    this.run = run;
  }
}

export class UnknownWorkflow extends Error {
  override readonly name = 'UnknownWorkflow';
  constructor({ namespace, name, version }: DefinitionRef) {
    const at = version === undefined ? '' : ` in version ${version}`;
    super(`no workflow ${namespace}/${name} has been deployed${at}`);
  }
}

export class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
}

export function openClient(ports: ClientPorts): Client {
  const { broker, definitions, store, index } = ports;
  const look = {
    broker,
    clock: systemClock,
    ...(store === undefined ? {} : { store }),
    ...(index === undefined ? {} : { index }),
  };
  const inbox = new Inbox(broker);
  const tails = new Tails(broker, systemClock, TAIL_AGAIN_MS);
  const where = (run: string): Promise<Whereabouts> =>
    new Promise((found, failed) => lookUp(look, run, found, failed));

  /** Before anything is sent: what fails here was surely not started. */
  const find = async ({
    definition,
    patience = START_LATE_MAX_MS,
  }: ClientStart): Promise<StoredDefinition> => {
    const until = systemClock.now() + patience;
    for (let delay = AGAIN_FIRST_MS; ; delay = Math.min(2 * delay, AGAIN_MAX_MS)) {
      try {
        const stored = await within(definitions.find(definition), until - systemClock.now());
        if (stored === undefined) throw new UnknownWorkflow(definition);
        return stored;
      } catch (error) {
        if (error instanceof UnknownWorkflow) throw error;
        if (systemClock.now() + delay >= until) throw notStarted(error);
        await sleep(delay);
      }
    }
  };

  /** One START under one run id, until it is durable (C1). */
  const append = async (
    run: string,
    made: number,
    { input, patience = START_LATE_MAX_MS }: ClientStart,
    stored: StoredDefinition,
    caller?: Caller,
  ): Promise<void> => {
    const { namespace, name, version, hash } = stored;
    const record = startRecord({
      run,
      definition: { namespace, name, version },
      hash,
      time: made,
      ...(input === undefined ? {} : { input }),
      ...(caller === undefined ? {} : { caller }),
    });
    const bytes = encodeRecord(record);
    const until = Math.min(
      systemClock.now() + patience,
      made + START_LATE_MAX_MS - START_MARGIN_MS,
    );
    const home = homeOf(run, broker.partitions);
    let unsure = false;
    for (let delay = AGAIN_FIRST_MS; ; delay = Math.min(2 * delay, AGAIN_MAX_MS)) {
      try {
        const { time } = await within(inbox.append(home, bytes), until - systemClock.now());
        if (counts(made, time)) return;
        // A copy that was sent before may have come in time.
        if (unsure && (await where(run)).status !== 'unknown') return;
        throw new StartRefused(
          `the clocks of this machine and of the broker differ by ${time - made} ms, too much for a start to count`,
        );
      } catch (error) {
        if (error instanceof StartRefused) throw error;
        const refused = error instanceof AppendRefused;
        unsure ||= !refused;
        if (refused && !error.retriable && !unsure) throw new StartRefused(error.message);
        if (systemClock.now() + delay < until) await sleep(delay);
        else if (unsure) throw new StartUnknown(run, error);
        else throw notStarted(error);
      }
    }
  };

  const newRun = (): { run: string; made: number } => {
    const made = systemClock.now();
    return { run: uuidv7(made, () => systemEntropy.uint32() / 2 ** 32), made };
  };

  return {
    async deploy(definition, options) {
      const whole = await pinned(definition, options);
      await definitions.put(await deployable(whole));
      if (isScheduled(whole)) await schedule(broker, whole);
      return whole;
    },
    async find(ref) {
      return definitions.find(ref);
    },
    async start(request) {
      const stored = await find(request);
      const { run, made } = newRun();
      const { once: key } = request;
      if (key === undefined) {
        await append(run, made, request, stored);
        return { run, again: false };
      }
      if (store === undefined) throw new StartRefused('a once-key needs a Store');
      // R17: the row comes first. A row whose START is not there may be one that is still on its way:
      // as long as it could count it is sent again under its own id, and a second copy is void. Only
      // when it can count no more is the key claimed anew.
      const caller = { keep: true, onceKey: key };
      let owner = await store.once(key, run);
      if (owner !== run) {
        if ((await where(owner)).status !== 'unknown') return { run: owner, again: true };
        const madeThen = timeOfRunId(owner) ?? 0;
        const age = systemClock.now() - madeThen;
        if (age < START_LATE_MAX_MS - START_MARGIN_MS) {
          await append(owner, madeThen, request, stored, caller);
          return { run: owner, again: true };
        }
        if (age < START_LATE_MAX_MS + CLOCK_SKEW_MAX_MS) {
          throw new StartUnknown(
            owner,
            new Error('it may still be on its way; ask again in a minute'),
          );
        }
        owner = await store.once(key, run, owner);
        if (owner !== run) return { run: owner, again: true };
      }
      await append(run, made, request, stored, caller);
      return { run, again: false };
    },
    cancel: (run) => control(broker, run, 'cancel'),
    suspend: (run) => control(broker, run, 'suspend'),
    resume: (run) => control(broker, run, 'resume'),
    unschedule: (ref) => unschedule(broker, ref),
    emit: (event) => emit(ports.events, event),
    lookUp: where,
    async list(query) {
      return index === undefined ? [] : index.list(query);
    },
    async result(run) {
      return tails.result(run, homeOf(run, broker.partitions), (found) =>
        lookUp(look, run, found.told, found.failed),
      );
    },
    close() {
      tails.close();
    },
  };
}

function notStarted(error: unknown): StartRefused {
  return new StartRefused(error instanceof Error ? error.message : String(error));
}

function counts(made: number, appended: number): boolean {
  return appended - made <= START_LATE_MAX_MS && made - appended <= CLOCK_SKEW_MAX_MS;
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => systemClock.at(systemClock.now() + ms, done));
}

/** An answer that does not come in time is an unknown outcome. */
function within<T>(answer: PromiseLike<T>, ms: number): Promise<T> {
  return new Promise((done, failed) => {
    const cancel = systemClock.at(systemClock.now() + Math.max(0, ms), () =>
      failed(new Error('there was no answer in time')),
    );
    answer.then(
      (value) => {
        cancel();
        done(value);
      },
      (error: unknown) => {
        cancel();
        failed(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
