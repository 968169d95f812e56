/*
 * Client: starts the instances of a workload as a careful client does (PROTOCOL.md R17) and remembers
 * what it heard: acknowledged, refused, or nothing sure.
 *
 * Invariants: a start that was not answered is sent again with the same run id, well within D;
 * `done` is true once nothing will be sent any more.
 */
import {
  EPOCH_MS,
  type Life,
  type SimPorts,
  type SimProcess,
  type Simulation,
} from '../adapters/sim/index.ts';
import { type Appended, AppendRefused } from '../ports/index.ts';
import { controlRecord, inTime, lookUp, startRecord } from '../runtime/index.ts';
import {
  type ControlVerb,
  type DefinitionRef,
  encodeEvent,
  encodeRecord,
  homeOfEvent,
  type Json,
} from '../wire/index.ts';
import type { ClientEntry, ControlEntry, LookUpEntry, SentEntry } from './history.ts';
import type { PlannedInstance } from './plan.ts';
import type { PlannedEvent } from './subject.ts';

export interface ClientStart extends PlannedInstance {
  readonly run: string;
  readonly input: Json;
  readonly partition: number;
}

interface Asked {
  readonly start: ClientStart;
  entry: ClientEntry | undefined;
  tries: number;
  /** it may have been appended */
  maybe: boolean;
  over: boolean;
}

const TRIES_MAX = 4;
const RETRY_MS = 1_500;
/** Somebody who has put a run aside asks so often for it to go on, and how often at most. */
const RESUME_AGAIN_MS = 20_000;
const RESUMES_MAX = 60;
/** Somebody asks where a run is so long after it was asked for, ms. */
const LOOKS_AFTER_MS = [200, 1_000, 5_000, 30_000, 300_000] as const;

export class Client {
  private readonly simulation: Simulation;
  private readonly process: SimProcess;
  private readonly definition: DefinitionRef;
  private readonly asked: readonly Asked[];
  private ports: SimPorts | undefined;
  private life: Life | undefined;
  private open: number;
  private readonly requests: ControlEntry[] = [];
  private readonly told: SentEntry[] = [];
  readonly lookUps: LookUpEntry[] = [];
  private readonly isOpen: (run: string) => boolean;

  constructor(
    simulation: Simulation,
    process: SimProcess,
    definition: DefinitionRef,
    starts: readonly ClientStart[],
    /** the run has begun and not ended, as a person could see */
    isOpen: (run: string) => boolean,
  ) {
    this.isOpen = isOpen;
    this.simulation = simulation;
    this.process = process;
    this.definition = definition;
    this.open = starts.length;
    this.asked = starts.map((start) => ({
      start,
      entry: undefined,
      tries: 0,
      // If somebody else sends it as well, a refusal says nothing.
      maybe: start.again !== undefined,
      over: false,
    }));
  }

  get done(): boolean {
    return this.open === 0;
  }

  /** What was asked of runs besides starting them. */
  get controls(): readonly ControlEntry[] {
    return this.requests;
  }

  /** Asks for the run to be cancelled. Nobody sends it again: it was heard, or it may have been. */
  private cancel(start: ClientStart): void {
    this.control(start, 'cancel', `cancel-${start.run}`);
    this.open -= 1;
  }

  /** Puts the run aside; later somebody sees to it that it goes on, and asks until it has ended. */
  private suspend(start: ClientStart, forMs: number): void {
    const { scheduler } = this.simulation;
    this.control(start, 'suspend', `suspend-${start.run}`);
    let asked = 0;
    const goOn = (): void => {
      if (asked >= RESUMES_MAX || (asked > 0 && !this.isOpen(start.run))) {
        this.open -= 1;
        return;
      }
      asked += 1;
      this.control(start, 'resume', `resume-${asked}-${start.run}`);
      scheduler.after(RESUME_AGAIN_MS, goOn);
    };
    scheduler.after(forMs, goOn);
  }

  private control({ run, partition }: ClientStart, verb: ControlVerb, id: string): void {
    const { scheduler } = this.simulation;
    const index = this.requests.length;
    const asked = { at: scheduler.now, run, partition, id, verb } as const;
    this.requests.push({ ...asked, outcome: 'refused' });
    const settle = (outcome: ControlEntry['outcome']): void => {
      this.requests[index] = { ...asked, outcome };
    };
    this.now(() => {
      const { ports } = this;
      if (ports === undefined) return;
      settle('unknown');
      const record = controlRecord({ run, id, verb, time: ports.clock.now() });
      ports.broker.append(partition, [encodeRecord(record)]).then(
        () => settle('acknowledged'),
        (error: unknown) => settle(error instanceof AppendRefused ? 'refused' : 'unknown'),
      );
    });
  }

  /** Asks now and then where each run is. Who hears nothing does not ask again. */
  lookForRuns(): void {
    for (const { start } of this.asked) {
      for (const after of LOOKS_AFTER_MS) {
        this.simulation.scheduler.at(EPOCH_MS + start.at + after, () =>
          this.now(() => this.lookFor(start)),
        );
      }
    }
  }

  private lookFor({ partition, run }: ClientStart): void {
    const { ports, simulation } = this;
    if (ports === undefined) return;
    const at = simulation.scheduler.now;
    const found = ({ status }: { readonly status: string }): void => {
      this.lookUps.push({ at, run, partition, told: { at: simulation.scheduler.now, status } });
    };
    lookUp(ports, run, found, () => undefined);
  }

  /** Begins a schedule at once and ends it after `ms`: each is sent until it is known to have landed. */
  schedule(run: string, partition: number, hash: string, ms: number): void {
    this.insist('schedule', run, partition, hash, EPOCH_MS);
    this.insist('unschedule', run, partition, hash, EPOCH_MS + ms);
  }

  private insist(
    verb: 'schedule' | 'unschedule',
    run: string,
    partition: number,
    hash: string,
    at: number,
  ): void {
    this.untilLanded(at, ({ broker, clock }) => {
      const id = `${verb}-${run}`;
      const record = controlRecord({ run, id, verb, arguments: { hash }, time: clock.now() });
      return broker.append(partition, [encodeRecord(record)]);
    });
  }

  private untilLanded(
    at: number,
    act: (ports: SimPorts) => PromiseLike<unknown>,
    then: () => void = () => undefined,
  ): void {
    const { scheduler } = this.simulation;
    let over = false;
    this.open += 1;
    const landed = (): void => {
      if (over) return;
      over = true;
      this.open -= 1;
      then();
    };
    const send = (): void => {
      if (over) return;
      // Whatever becomes of this try, there will be another one.
      scheduler.after(RETRY_MS, send);
      this.now(() => {
        if (this.ports !== undefined) act(this.ports).then(landed, () => undefined);
      });
    };
    scheduler.at(at, send);
  }

  // -- events ----------------------------------------------------------------------------------------

  /** Sends these, each until it is known to have landed. */
  emit(planned: readonly PlannedEvent[]): void {
    for (const { at, event } of planned) {
      const due = EPOCH_MS + Math.max(0, at);
      const index = this.told.push({ at: due, event, outcome: 'unknown' }) - 1;
      this.untilLanded(
        due,
        ({ clock, events }) =>
          events.append(homeOfEvent(event, events.partitions), [encodeEvent(event, clock.now())]),
        () => {
          this.told[index] = { at: due, event, outcome: 'acknowledged' };
        },
      );
    }
  }

  get sent(): readonly SentEntry[] {
    return this.told;
  }

  /** When the last event is to be sent, ms; 0 = there is none. */
  get sendsUntil(): number {
    return this.told.reduce((last, { at }) => Math.max(last, at), 0);
  }

  /** In the order of the workload; what was never sent is not there. */
  get entries(): readonly ClientEntry[] {
    return this.asked.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  }

  begin(): void {
    this.boot();
    const { scheduler } = this.simulation;
    for (const asked of this.asked) {
      scheduler.at(EPOCH_MS + asked.start.at, () => this.now(() => this.submit(asked)));
      const { again, cancel, suspend } = asked.start;
      if (suspend !== undefined) {
        this.open += 1;
        scheduler.at(EPOCH_MS + asked.start.at + suspend.after, () =>
          this.suspend(asked.start, suspend.for),
        );
      }
      if (cancel !== undefined) {
        this.open += 1;
        scheduler.at(EPOCH_MS + asked.start.at + cancel, () => this.cancel(asked.start));
      }
      if (again === undefined) continue;
      // Somebody else sends the same start: what becomes of it is nobody's business.
      scheduler.at(EPOCH_MS + asked.start.at + again, () =>
        this.now(() => {
          this.send(asked);
        }),
      );
    }
  }

  /** It crashed: another one goes on, which does not know what became of the starts under way. */
  again(): void {
    for (const asked of this.asked) {
      if (asked.tries > 0 && !asked.over) this.settle(asked, 'unknown');
    }
    this.simulation.scheduler.after(0, () => this.boot());
  }

  private boot(): void {
    this.process.start((life) => {
      this.life = life;
      this.ports = this.simulation.portsFor(life);
    });
  }

  private now(fn: () => void): void {
    this.life?.deliver(fn);
  }

  private submit(asked: Asked): void {
    if (asked.over) return;
    asked.tries += 1;
    const { at, input, partition, run } = { ...asked.start, at: this.simulation.scheduler.now };
    asked.entry ??= { at, run, partition, input, outcome: 'unknown' };
    const answer = this.send(asked);
    answer?.then(
      // R17: out of range, it counts for nobody, and its sender knows.
      ({ time }) =>
        this.settle(
          asked,
          inTime(run, time) ? 'acknowledged' : asked.maybe ? 'unknown' : 'refused',
        ),
      (error: unknown) => this.failed(asked, error),
    );
  }

  private send(asked: Asked): PromiseLike<Appended> | undefined {
    const { input, keep, partition, run } = asked.start;
    const { ports } = this;
    if (ports === undefined) return undefined;
    const time = ports.clock.now();
    const caller = keep === undefined ? {} : { caller: { keep } };
    const record = startRecord({ run, definition: this.definition, input, time, ...caller });
    return ports.broker.append(partition, [encodeRecord(record)]);
  }

  private failed(asked: Asked, error: unknown): void {
    const refused = error instanceof AppendRefused;
    asked.maybe ||= !refused;
    if (asked.tries >= TRIES_MAX || (refused && !error.retriable)) {
      this.settle(asked, asked.maybe ? 'unknown' : 'refused');
      return;
    }
    const { ports } = this;
    ports?.clock.at(ports.clock.now() + RETRY_MS, () => this.submit(asked));
  }

  private settle(asked: Asked, outcome: ClientEntry['outcome']): void {
    if (asked.over || asked.entry === undefined) return;
    asked.over = true;
    asked.entry = { ...asked.entry, outcome };
    this.open -= 1;
  }
}
