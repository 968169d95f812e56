/*
 * SimServices: the outside world. Each activity reaches a service model, which takes its time, applies
 * an effect or does not, and answers; a ledger keeps what truly happened.
 *
 * Owns: the ledger, the answers by effect key. Invariants:
 *  - an effect is applied at most once per effect key: a request whose key has an answer gets that
 *    answer again, whatever it asks (the ledger shows both requests, an oracle compares them);
 *  - what a call does depends on (seed, run, name, request, attempt) alone, so neither crashes nor
 *    faults elsewhere change it, and a reference that knows no effect keys can ask the same models;
 *  - once a request has arrived it is carried out, whether or not its caller still listens, unless the
 *    model is stoppable: then what is not done when the caller wants no answer any more is not done.
 */
import type { Activities, ActivityAnswer, ActivityContext } from '../../ports/index.ts';
import {
  type Activity,
  anyJson,
  type Json,
  type JsonObject,
  type WorkflowError,
} from '../../wire/index.ts';
import type { Gate, Reply, Twist } from './gate.ts';
import type { Life } from './process.ts';
import { type Random, stream } from './random.ts';

export interface ServiceCall {
  readonly name: string;
  readonly request: Json;
  /** effect key */
  readonly key: string;
  readonly role: 'do' | 'compensate';
  /** attempt by the engine's count: a call repeated after a crash has the number of the first */
  readonly attempt: number;
  readonly run: string;
  /** seeded by (seed, run, name, request, attempt) */
  readonly random: Random;
  /** how many calls with this key the service has seen, this one included */
  readonly nthForKey: number;
}

export interface ServiceVerdict {
  /** virtual ms that the service takes */
  readonly latency: number;
  readonly outcome: { readonly result: Json } | { readonly error: WorkflowError };
  /** the effect is applied (true with an error: it did it and then failed to say so) */
  readonly applied: boolean;
  /** with an error and `applied`: what a repetition of the request hears */
  readonly stored?: Json;
  /** how often it says that it is at work still, virtual ms; absent = never */
  readonly heartbeat?: number;
  /** It obeys its caller's wish to have no answer any more, which hears that it was stopped. */
  readonly stoppable?: true;
}

export interface ServiceModel {
  call(call: ServiceCall): ServiceVerdict;
}

/** One call as the service saw it; the same shape as LedgerEntry of the History. */
export interface ServedCall {
  readonly at: number;
  readonly key: string;
  readonly role: 'do' | 'compensate';
  readonly name: string;
  readonly request: Json;
  readonly run: string;
  readonly strand: string;
  readonly attempt: number;
  readonly runner: string;
  /** the newest record format that its build reads */
  readonly reader: number;
  applied: boolean;
  appliedAt?: number;
  heard: 'result' | 'error' | 'nothing';
  answer?: Json;
  /** when its caller had an answer, or wanted none any more */
  leftAt?: number;
}

/** The random stream of one call, for whoever has to know what the service will do. */
export function serviceRandom(
  seed: number | string,
  call: {
    readonly run: string;
    readonly name: string;
    readonly request: Json;
    readonly attempt: number;
  },
): Random {
  return stream(seed, 'service', call.run, call.name, anyJson(call.request), call.attempt);
}

const UNKNOWN_FUNCTION: WorkflowError = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/configuration',
  status: 400,
  title: 'No such function',
};

/** What a function says that looks at its signal, as the adapters pass it on. */
const STOPPED: WorkflowError = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
  status: 500,
  title: 'The call was stopped',
};

export class SimServices {
  /** what every service model saw and did, in order of arrival */
  readonly ledger: ServedCall[] = [];
  /** when the last call that has arrived will be answered, virtual ms */
  busyUntil = 0;
  private readonly gate: Gate;
  private readonly seed: number | string;
  private readonly models: ReadonlyMap<string, ServiceModel>;
  private readonly answers = new Map<string, { readonly result: Json }>();
  private readonly seen = new Map<string, number>();

  constructor(gate: Gate, seed: number | string, models: ReadonlyMap<string, ServiceModel>) {
    this.gate = gate;
    this.seed = seed;
    this.models = models;
  }

  portFor(life: Life): Activities {
    return { run: (activity, context) => this.run(life, activity, context) };
  }

  /** What was asked and answered before the world began. */
  remember(entry: ServedCall): void {
    this.ledger.push(entry);
    this.seen.set(entry.key, (this.seen.get(entry.key) ?? 0) + 1);
    if (entry.applied) this.answers.set(entry.key, { result: entry.answer ?? null });
  }

  private run(
    life: Life,
    activity: Activity,
    context: ActivityContext,
  ): PromiseLike<ActivityAnswer> {
    const { attempt, name, pointer, role } = activity;
    // The request as it is on the wire: the service never shares a value with the engine.
    const text = JSON.stringify(activity.arguments);
    const heard: { entry: ServedCall | undefined } = { entry: undefined };
    // The network may bring more than one copy of the request.
    const copies: ServedCall[] = [];
    /** what ends those that can be stopped */
    const stops: (() => void)[] = [];
    let wanted = true;
    let left: number | undefined;
    const leave = (): void => {
      left ??= this.gate.scheduler.now;
      for (const copy of copies) copy.leftAt ??= left;
    };
    const answer = this.gate.request<ActivityAnswer>(life, {
      point: {
        point: 'activity',
        process: life.process.name,
        incarnation: life.incarnation,
        activity: { name, run: context.run, pointer, attempt, role },
      },
      perform: (reply, twist) => {
        const asked = JSON.parse(text) as Json;
        heard.entry = this.arrive(life, activity, context, asked, reply, twist, stops);
        copies.push(heard.entry);
        if (!wanted) for (const stop of stops) stop();
        if (left !== undefined || !life.alive) leave();
      },
      errorAnswer: (error) => ({ error }),
    });
    context.onAbort(() => {
      wanted = false;
      leave();
      for (const stop of stops) stop();
    });
    answer.then((outcome) => {
      leave();
      if (!wanted || heard.entry === undefined) return;
      heard.entry.heard = 'error' in outcome ? 'error' : 'result';
    });
    return answer;
  }

  private arrive(
    life: Life,
    activity: Activity,
    context: ActivityContext,
    request: Json,
    reply: Reply<ActivityAnswer>,
    twist: Twist | undefined,
    stops: (() => void)[],
  ): ServedCall {
    const { attempt, key, name, role } = activity;
    const nthForKey = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, nthForKey);
    const { run, strand } = context;
    const random = serviceRandom(this.seed, { run, name, request, attempt });
    const modelled = this.models
      .get(name)
      ?.call({ name, request, key, role, attempt, run, random, nthForKey }) ?? {
      latency: 0,
      outcome: { error: { ...UNKNOWN_FUNCTION, detail: `No service is called ${name}.` } },
      applied: false,
    };
    const verdict = twist === undefined ? modelled : twisted(modelled, twist);
    const at = this.gate.scheduler.now;
    const entry: ServedCall = {
      at,
      key,
      role,
      name,
      request,
      run,
      strand,
      attempt,
      runner: life.process.name,
      reader: life.reader,
      applied: false,
      heard: 'nothing',
    };
    this.ledger.push(entry);
    const { scheduler } = this.gate;
    this.busyUntil = Math.max(this.busyUntil, scheduler.now + verdict.latency);
    let stopped = false;
    scheduler.after(verdict.latency, () => {
      if (!stopped) reply.ok(this.finish(entry, verdict));
    });
    const { heartbeat, stoppable } = verdict;
    if (stoppable) {
      // It is the caller who says so: the service has said nothing, and of two answers the first counts.
      stops.push(() => {
        stopped = true;
        reply.ok({ error: { ...STOPPED } });
      });
    }
    if (heartbeat !== undefined) this.beat(life, context, at + verdict.latency, heartbeat);
    return entry;
  }

  /** A function that heartbeats does so in the process that has called it, for as long as that lives. */
  private beat(life: Life, context: ActivityContext, end: number, every: number): void {
    const { scheduler } = this.gate;
    if (scheduler.now + every >= end || !life.alive) return;
    scheduler.after(every, () => {
      life.deliver(() => context.heartbeat());
      this.beat(life, context, end, every);
    });
  }

  /** The service's work is done: the effect is there, or the answer that it gave for this key before. */
  private finish(entry: ServedCall, verdict: ServiceVerdict): ActivityAnswer {
    const known = this.answers.get(entry.key);
    if (known !== undefined) {
      entry.answer = known.result;
      return { result: clone(known.result) };
    }
    if (verdict.applied) {
      entry.applied = true;
      entry.appliedAt = this.gate.scheduler.now;
    }
    const { outcome } = verdict;
    if ('error' in outcome) {
      entry.answer = { ...outcome.error };
      // Applied, and yet an error: the next request with this key must find the effect.
      if (verdict.applied) this.answers.set(entry.key, { result: verdict.stored ?? null });
      return { error: { ...outcome.error } };
    }
    entry.answer = outcome.result;
    this.answers.set(entry.key, { result: outcome.result });
    return { result: clone(outcome.result) };
  }
}

/** JSON that has hurt programs: keys of prototypes, half a character, numbers at the edge, depth. */
const ODD = JSON.parse(
  `{"__proto__": {"polluted": true}, "constructor": 1, "": "\\ud800", "a/b~c": "\\u0000", "whole": 9007199254740991,
    "large": 1.7976931348623157e308, "small": -5e-324, "deep": ${'['.repeat(300)}null${']'.repeat(300)}}`,
) as Json;

/** The name of what is added to an answer. */
const ADDED = '__proto__ ';

/** The answer with something more in it; one that is no object has no room for that. */
function twisted(verdict: ServiceVerdict, { bytes, how }: Twist): ServiceVerdict {
  const { outcome } = verdict;
  if (!('result' in outcome)) return verdict;
  const { result } = outcome;
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return verdict;
  const more = how === 'odd' ? ODD : 'ü'.repeat(bytes / 2);
  return { ...verdict, outcome: { result: { ...(result as JsonObject), [ADDED]: more } } };
}

function clone(value: Json): Json {
  return typeof value === 'object' && value !== null
    ? (JSON.parse(JSON.stringify(value)) as Json)
    : value;
}
