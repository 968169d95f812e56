/*
 * Gate: the way from a process to a simulated server and back. Every port call passes it, so it is
 * the one place where latency is drawn and where faults strike.
 *
 * Invariants:
 *  - a call of a dead Life does nothing and is never answered;
 *  - a call of a paused Life goes out when it is resumed;
 *  - an answer is an event of its own, delivered through the Life that asked;
 *  - a request that is on its way lands, whatever becomes of its sender.
 */
import type { WorkflowError } from '../../wire/index.ts';
import {
  type Effect,
  type FaultPoints,
  OutcomeUnknown,
  type Point,
  type Refusal,
  Unavailable,
} from './faults.ts';
import { Later } from './later.ts';
import type { Life } from './process.ts';
import { type Random, stream } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** How the server answers; only the first answer counts. */
export interface Reply<T> {
  ok(value: T): void;
  fail(error: unknown): void;
}

export interface Call<T> {
  readonly point: Point;
  /** What the server does when the request arrives; once per copy that arrives. */
  readonly perform: (reply: Reply<T>, twist: Twist | undefined) => void;
  /** What the caller hears when the call is refused. */
  readonly refusal?: (why: Refusal | undefined) => unknown;
  /** How an injected error is answered (activities). */
  readonly errorAnswer?: (error: WorkflowError) => T;
}

/** What is done to the answer of a service. */
export type Twist = Extract<Effect, { kind: 'answer' }>;
type Unknown = Extract<Effect, { kind: 'unknown' }>;

interface Fate {
  unknown?: Unknown;
  refused?: { readonly why: Refusal | undefined };
  error?: WorkflowError;
  twist?: Twist;
  slow: number;
  pausedFirst?: boolean;
  crashAfter?: number;
  pauseAfter?: Extract<Effect, { kind: 'pause' }>;
}

/** A broken connection is noticed so soon; without a sign, a client gives up after the longer time. */
const BROKEN_MS = 20;
const GIVE_UP_MS = 30_000;
/** A database looks for deadlocks among those who have waited so long. */
const DEADLOCK_MS = 1_000;

const REFUSALS: { readonly [why in Refusal]: string } = {
  'no-space': 'there is no room on the device',
  unauthorised: 'the caller is not allowed to',
  serialization: 'the transaction could not be serialized and was rolled back',
  deadlock: 'the transaction was rolled back to end a deadlock',
};

const CALM: Fate = { slow: 0 };

export class Gate {
  readonly scheduler: Scheduler;
  /** who is asked at every call; undefined = calm */
  faults: FaultPoints | undefined;
  /** whether a server that is down answers so when a request arrives; undefined = all are up */
  down: ((point: Point) => Error | undefined) | undefined;
  /** of each group: moves partitions around */
  readonly rebalances: (() => void)[] = [];
  /** when the last call under way will have arrived and been answered, virtual ms */
  busyUntil = 0;
  private readonly seed: number | string;
  private readonly streams = new WeakMap<Life, Map<string, Random[]>>();

  constructor(scheduler: Scheduler, seed: number | string) {
    this.scheduler = scheduler;
    this.seed = seed;
  }

  request<T>(life: Life, call: Call<T>): Later<T> {
    const later = new Later<T>(life.soon);
    if (!life.alive) return later;
    if (life.paused) life.deliver(() => this.send(life, call, later));
    else this.send(life, call, later);
    return later;
  }

  /** Consults the plan where no request goes out (a timer): false = the process did not get further. */
  pass(life: Life, point: Point, go: () => void): void {
    const fate = this.strike(life, point);
    if (!life.alive) return;
    if (fate.slow > 0) {
      this.busy(fate.slow);
      this.scheduler.after(fate.slow, () => life.deliver(go));
    } else if (life.paused) life.deliver(go);
    else go();
    this.aftermath(life, fate);
  }

  /** A stream of draws for one kind of call of one life. */
  random(life: Life, name: string, partition = -1): Random {
    let own = this.streams.get(life);
    if (own === undefined) {
      own = new Map();
      this.streams.set(life, own);
    }
    let ofName = own.get(name);
    if (ofName === undefined) own.set(name, (ofName = []));
    let random = ofName[partition + 1];
    if (random === undefined) {
      const key = partition < 0 ? name : `${name}:${partition}`;
      random = stream(this.seed, life.process.name, life.incarnation, key);
      ofName[partition + 1] = random;
    }
    return random;
  }

  private send<T>(life: Life, call: Call<T>, later: Later<T>): void {
    const fate = this.strike(life, call.point);
    if (!life.alive) return;
    // Frozen before the call went out: it is the first thing that happens on resume.
    if (fate.pausedFirst) life.deliver(() => this.dispatch(life, call, later, fate));
    else this.dispatch(life, call, later, fate);
    this.aftermath(life, fate);
  }

  private strike(life: Life, point: Point): Fate {
    const effects = this.faults?.at(point);
    if (effects === undefined || effects.length === 0) return CALM;
    const fate: Fate = { slow: 0 };
    for (const effect of effects) {
      this.apply(life, point, effect, fate);
      if (!life.alive) break;
    }
    return fate;
  }

  private apply(life: Life, point: Point, effect: Effect, fate: Fate): void {
    const { process } = life;
    switch (effect.kind) {
      case 'crash':
        if (effect.when === 'before') process.crash(`before ${point.point}`, effect.down);
        else fate.crashAfter = effect.down;
        break;
      case 'pause':
        if (effect.when === 'before') {
          this.pause(life, effect);
          fate.pausedFirst = true;
        } else {
          fate.pauseAfter = effect;
        }
        break;
      case 'unknown':
        fate.unknown = effect;
        break;
      case 'refused':
        fate.refused = { why: effect.why };
        if (effect.why === 'deadlock') fate.slow += DEADLOCK_MS;
        break;
      case 'slow':
        fate.slow += effect.ms;
        break;
      case 'error':
        fate.error = effect.error;
        break;
      case 'answer':
        fate.twist = effect;
        break;
      case 'rebalance':
        for (const rebalance of this.rebalances) rebalance();
        break;
      case 'jump':
        process.jump(effect.ms);
        break;
    }
  }

  private aftermath(life: Life, fate: Fate): void {
    if (fate.pauseAfter !== undefined) this.pause(life, fate.pauseAfter);
    if (fate.crashAfter !== undefined) life.process.crash('after a call', fate.crashAfter);
  }

  private pause(life: Life, effect: Extract<Effect, { kind: 'pause' }>): void {
    if (life.paused) return;
    life.process.pause(effect.expel);
    this.scheduler.after(effect.ms, () => {
      if (life.alive) life.process.resume();
    });
  }

  private dispatch<T>(life: Life, call: Call<T>, later: Later<T>, fate: Fate): void {
    const random = this.random(life, call.point.point, call.point.partition);
    const out = transit(random) + fate.slow;
    const back = transit(random);
    this.busy(out + back);
    const { refusal, errorAnswer } = call;
    if (fate.refused !== undefined) {
      const { why } = fate.refused;
      const said = `${call.point.point} was refused${why === undefined ? '' : `: ${REFUSALS[why]}`}`;
      const error = refusal?.(why) ?? new Unavailable(said);
      this.hear(life, out + back, () => later.reject(error));
      return;
    }
    if (fate.error !== undefined && errorAnswer !== undefined) {
      const answer = errorAnswer(fate.error);
      this.hear(life, out + back, () => later.resolve(answer));
      return;
    }
    const heard: Reply<T> = {
      ok: (value) => this.hear(life, back, () => later.resolve(value)),
      fail: (error) => this.hear(life, back, () => later.reject(error)),
    };
    if (fate.unknown === undefined)
      this.scheduler.after(out, () => this.arrive(call, heard, fate.twist));
    else this.dispatchUnknown(life, call, later, fate, fate.unknown, out, heard);
  }

  private arrive<T>(call: Call<T>, reply: Reply<T>, twist: Twist | undefined): void {
    const down = this.down?.(call.point);
    if (down === undefined) call.perform(reply, twist);
    else reply.fail(down);
  }

  private dispatchUnknown<T>(
    life: Life,
    call: Call<T>,
    later: Later<T>,
    { twist }: Fate,
    unknown: Unknown,
    out: number,
    heard: Reply<T>,
  ): void {
    const copies = copiesOf(unknown);
    copies.forEach((delay, index) => {
      this.busy(out + delay);
      const last = index === copies.length - 1;
      const reply = last && unknown.hears === 'answer' ? heard : DEAF;
      this.scheduler.after(out + delay, () => this.arrive(call, reply as Reply<T>, twist));
    });
    if (unknown.hears === 'answer' && copies.length > 0) return;
    const error = new OutcomeUnknown(`no answer to ${call.point.point}`);
    if (unknown.hears === 'nothing') {
      // An activity has a deadline of its own; every other client gives up by itself.
      if (call.errorAnswer === undefined) this.hear(life, GIVE_UP_MS, () => later.reject(error));
      return;
    }
    const answer = call.errorAnswer?.(CONNECTION_LOST);
    this.hear(life, out + BROKEN_MS, () =>
      answer === undefined ? later.reject(error) : later.resolve(answer),
    );
  }

  private busy(ms: number): void {
    this.busyUntil = Math.max(this.busyUntil, this.scheduler.now + ms);
  }

  private hear(life: Life, delay: number, settle: () => void): void {
    this.scheduler.after(delay, () => life.deliver(settle));
  }
}

/** What a workflow is told when the connection to a service broke in the middle of a call. */
const CONNECTION_LOST: WorkflowError = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
  status: 503,
  title: 'Connection lost',
  detail: 'The service did not answer; whether it did what it was asked is not known.',
};

const DEAF: Reply<unknown> = { ok: () => {}, fail: () => {} };

function copiesOf(unknown: Unknown): readonly number[] {
  switch (unknown.fate) {
    case 'lost':
      return [];
    case 'landed':
      return [0];
    case 'late':
      return [unknown.ms];
    case 'twice':
      return [0, unknown.ms];
  }
}

/** One way through the network, ms: mostly short, now and then ten times that. */
function transit(random: Random): number {
  const draw = random();
  return 0.1 + draw * draw * draw * 1.4;
}
