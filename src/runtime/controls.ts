/*
 * Control requests (PROTOCOL.md R15, R18): what people ask of a run is carried out by the owner of its
 * partition alone, in one unit that names the request, or refused with the reason.
 *
 * C1. A request stays open until a unit names it: a crash loses none.
 * C2. It is carried out on the run as it stands when the unit is made; if that has moved on meanwhile,
 *     the request is looked at again.
 */
import { isCancellable } from '../core/index.ts';
import type { ParkedRow, Store } from '../ports/index.ts';
import type { ControlBody } from '../wire/index.ts';
import type { Offer, Offers } from './offers.ts';
import type { Plans } from './plans.ts';
import type { Timers } from './timers.ts';
import type { Entry, LogView } from './view.ts';

const AGAIN_MS = 1_000;

export interface ControlEvents {
  writes(): boolean;
  now(): number;
  offer(offer: Offer): void;
  pump(): void;
  guard(act: () => void): void;
  /** Looks at an open record again. */
  wake(entry: Entry): void;
}

export class Controls {
  private readonly view: LogView;
  private readonly offers: Offers;
  private readonly plans: Plans;
  private readonly store: Store;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly events: ControlEvents;

  constructor(
    view: LogView,
    offers: Offers,
    plans: Plans,
    store: Store,
    partition: number,
    timers: Timers,
    events: ControlEvents,
  ) {
    this.view = view;
    this.offers = offers;
    this.plans = plans;
    this.store = store;
    this.partition = partition;
    this.timers = timers;
    this.events = events;
  }

  /** Looks at an open request. */
  look(entry: Entry): void {
    const { body } = entry;
    if (body?.kind !== 'CONTROL' || !this.isOpen(entry)) return;
    if (body.verb !== 'cancel') return this.refuse(entry, `${body.verb} is not supported yet`);
    const root = this.rootOf(entry.header.run);
    if (root !== undefined) this.onRoot(entry, body, root);
    else this.onParked(entry, body);
  }

  private rootOf(run: string): Entry | undefined {
    for (const entry of this.view.open.ofRun(run)) {
      const { kind, strand } = entry.header;
      if (strand === '' && kind !== 'CONTROL') return entry;
    }
    return undefined;
  }

  private onRoot(entry: Entry, body: ControlBody, root: Entry): void {
    const { body: state } = root;
    if (state?.kind === 'CANCELLING' || (state?.kind === 'STEP' && !isCancellable(state.state))) {
      return this.refuse(entry, 'it is being cancelled, or undone, already');
    }
    if (hasMovedOn(body, root.header.hop)) return this.refuse(entry, movedOn(body));
    if (root.header.kind === 'START') {
      return this.events.offer(this.offers.cancelStart(root, entry, () => this.again(entry)));
    }
    this.withPlan(entry, root.header.definition, () => {
      // Whatever is queued for it already comes first.
      if (root.work?.queued === true) return this.again(entry);
      if (root.work !== undefined) root.work.queued = true;
      this.events.offer(
        this.offers.cancel(root, 'run', {
          entry,
          gone: () => this.gone(entry, root),
        }),
      );
    });
  }

  /** It did not come to it: the root has moved on meanwhile, or goes on as it was. */
  private gone(entry: Entry, root: Entry): void {
    if (root.work !== undefined && this.isOpen(root)) {
      root.work.queued = false;
      this.events.wake(root);
    }
    this.again(entry);
  }

  private onParked(entry: Entry, body: ControlBody): void {
    const { run } = entry.header;
    for (const { change } of this.view.changes) {
      if (change.kind !== 'park' || change.row.run !== run || change.row.strand !== '') continue;
      if (!this.view.resumed.has(change.row.identity)) return this.onRow(entry, body, change.row);
    }
    this.store.parked(this.partition, run).then(
      (rows) =>
        this.events.guard(() => {
          if (!this.events.writes() || !this.isOpen(entry)) return;
          if (this.rootOf(run) !== undefined) return this.look(entry);
          const row = rows.find(
            ({ strand, identity }) => strand === '' && !this.view.resumed.has(identity),
          );
          if (row === undefined) this.refuse(entry, 'there is no such run here, or it has ended');
          else this.onRow(entry, body, row);
          this.events.pump();
        }),
      () => this.again(entry),
    );
  }

  private onRow(entry: Entry, body: ControlBody, row: ParkedRow): void {
    if (hasMovedOn(body, row.hop)) return this.refuse(entry, movedOn(body));
    this.withPlan(entry, row.definition, () =>
      this.events.offer(
        this.offers.cancelRow(row, 'run', () => undefined, {
          entry,
          gone: () => this.again(entry),
        }),
      ),
    );
  }

  private withPlan(entry: Entry, hash: string, act: () => void): void {
    const known = this.plans.cached(hash);
    if (known !== undefined && 'plan' in known) return act();
    this.plans.get(
      hash,
      (answer) =>
        this.events.guard(() => {
          if (!this.events.writes() || !this.isOpen(entry)) return;
          if ('plan' in answer) this.look(entry);
          else if ('unfit' in answer) {
            this.refuse(entry, `its definition cannot run here: ${answer.unfit}`);
          } else this.again(entry);
          this.events.pump();
        }),
      () => this.again(entry),
    );
  }

  private again(entry: Entry): void {
    this.timers.at(this.events.now() + AGAIN_MS, () =>
      this.events.guard(() => {
        if (!this.events.writes()) return;
        this.look(entry);
        this.events.pump();
      }),
    );
  }

  private refuse(entry: Entry, reason: string): void {
    this.events.offer(this.offers.refuseControl(entry, reason));
  }

  private isOpen(entry: Entry): boolean {
    return this.view.open.get(entry.identity) === entry;
  }
}

function hasMovedOn({ hop }: ControlBody, now: number): boolean {
  return hop !== undefined && hop !== now;
}

function movedOn({ hop }: ControlBody): string {
  return `the run has moved on since hop ${hop}`;
}
