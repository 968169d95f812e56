/*
 * Control requests (PROTOCOL.md R15, R18): what people ask of a run is carried out by the owner of its
 * partition alone, in one unit that names the request, or refused with the reason.
 *
 * C1. A request stays open until a unit names it: a crash loses none.
 * C2. It is carried out on the run as it stands when the unit is made; if that has moved on meanwhile,
 *     the request is looked at again.
 */
import { isCancellable } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import { compareVersions, type ParkedRow } from '../ports/index.ts';
import type { Cause, ControlBody, ScheduleRule } from '../wire/index.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import type { Plans } from './plans.ts';
import { eventRuleOf } from './event-schedules.ts';
import { type CronNext, firstDue, ruleOf } from './schedules.ts';
import type { SoundRows } from './sound-rows.ts';
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
  private readonly stored: SoundRows;
  /** questions to the Store that are under way, and rows resumed since the first of them */
  private asked = 0;
  private readonly resumedSince = new Set<number>();
  /** ... and runs of which something was parked: no answer need know of that */
  private readonly parkedSince = new Set<string>();
  private readonly timers: Timers;
  private readonly events: ControlEvents;
  private readonly cron: CronNext;
  /** runs that are to be put aside when what they do has ended, and who asked for it */
  private readonly suspends = new Map<string, Entry>();

  constructor(
    view: LogView,
    offers: Offers,
    plans: Plans,
    stored: SoundRows,
    timers: Timers,
    events: ControlEvents,
    cron: CronNext,
  ) {
    this.view = view;
    this.offers = offers;
    this.plans = plans;
    this.stored = stored;
    this.timers = timers;
    this.events = events;
    this.cron = cron;
  }

  /** Looks at an open request. */
  look(entry: Entry): void {
    const { body } = entry;
    if (body?.kind !== 'CONTROL' || !this.isOpen(entry)) return;
    if (body.verb === 'schedule' || body.verb === 'unschedule') return this.onSchedule(entry, body);
    if (this.view.backlog.has(entry.header.run)) return this.again(entry);
    if (body.verb === 'resume') return this.onResume(entry);
    if (body.verb !== 'cancel' && body.verb !== 'suspend') {
      return this.refuse(entry, `${body.verb} is not supported yet`);
    }
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
    const isStart = root.header.kind === 'START';
    if (!isStart && root.wants?.cancellable !== true) {
      return this.refuse(entry, 'it is being cancelled, or undone, already');
    }
    if (hasMovedOn(body, root.header.hop)) return this.refuse(entry, movedOn(body));
    if (body.verb === 'suspend') return this.suspend(entry, root);
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

  private suspend(entry: Entry, root: Entry): void {
    if (root.header.kind === 'START') return this.refuse(entry, 'it has not begun');
    if (root.header.joins > 0) {
      return this.refuse(entry, 'its branches are under way; ask again when they have ended');
    }
    this.withPlan(entry, root.header.definition, () => {
      const { work } = root;
      // What is under way may end first: the run is put aside with the answer.
      this.suspends.set(entry.header.run, entry);
      if (work === undefined || work.queued || this.isRunning(root)) return;
      work.queued = true;
      this.events.offer(this.offers.suspend(root, { entry, gone: () => this.gone(entry, root) }));
    });
  }

  /** What the next hop of a run is to be instead: it is put aside with what it has heard. */
  insteadOf(root: Entry, cause: Cause, at: number): Offer | undefined {
    const { run, strand } = root.header;
    const entry = strand === '' ? this.suspends.get(run) : undefined;
    if (entry === undefined) return undefined;
    this.suspends.delete(run);
    if (!this.isOpen(entry)) return undefined;
    const asked = { entry, gone: () => this.gone(entry, root) };
    return cause.kind === 'activity'
      ? this.offers.suspend(root, asked, { cause, at })
      : this.offers.suspend(root, asked);
  }

  /** Something of a run is resolved. Whoever asked to put it aside, and was not named, is looked at again. */
  forget({ header }: Entry): void {
    const request = header.strand === '' ? this.suspends.get(header.run) : undefined;
    if (request === undefined) return;
    if (this.isOpen(request)) this.again(request);
    else this.suspends.delete(header.run);
  }

  /** Everything of the run that was put aside, or is dead, goes on. */
  private onResume(entry: Entry): void {
    const { run } = entry.header;
    this.rowsOf(entry, run, (rows, moved) => {
      const asleep = rows.filter(({ why }) => why === 'suspend' || why === 'dead');
      const last = asleep.at(-1);
      if (last === undefined && moved) return this.again(entry);
      if (last === undefined) return this.refuse(entry, 'nothing of it is suspended or dead');
      const others = asleep.slice(0, -1);
      // From now on: one that is brought back while the plan is fetched would be waited for in vain.
      const hands = others.map(({ identity }) => this.view.hands.take(identity));
      this.withPlan(entry, last.definition, () => {
        const asked = { entry, gone: () => this.again(entry) };
        for (const row of others) this.events.offer(this.offers.revive(row));
        this.events.offer(this.offers.revive(last, asked, hands));
      });
    });
  }

  /** A PARK of the run is known valid. */
  parked(run: string): void {
    if (this.asked > 0) this.parkedSince.add(run);
  }

  /** A RESUME of these rows is known valid: the answers under way may still have them. */
  resumed(identities: readonly number[]): void {
    if (this.asked > 0) for (const identity of identities) this.resumedSince.add(identity);
  }

  /** `then` hears whether the run was parked meanwhile: it may be there although no row is. */
  private ask(
    run: string,
    then: (rows: readonly ParkedRow[], moved: boolean) => void,
    failed: (error: unknown) => void,
    unfolded: readonly ParkedRow[] = [],
  ): void {
    const answered = (): void => {
      this.asked--;
      if (this.asked > 0) return;
      this.resumedSince.clear();
      this.parkedSince.clear();
    };
    this.asked++;
    this.stored(
      run,
      (rows) => {
        const there = [...unfolded, ...rows].filter(
          ({ identity }) => !this.resumedSince.has(identity),
        );
        const moved = this.parkedSince.has(run);
        answered();
        then(there, moved);
      },
      (error) => {
        answered();
        failed(error);
      },
    );
  }

  /** The rows of a run, those included that the Store has not folded yet. */
  private rowsOf(
    entry: Entry,
    run: string,
    then: (rows: readonly ParkedRow[], moved: boolean) => void,
  ): void {
    // What is folded while the Store is asked may be neither in its answer nor in the view by then; nor is it
    // in the view any more that it was resumed before.
    const unfolded = this.view.changes.flatMap(({ change }) =>
      change.kind === 'park' &&
      change.row.run === run &&
      !this.view.resumed.has(change.row.identity)
        ? [change.row]
        : [],
    );
    this.ask(
      run,
      (stored, moved) =>
        this.events.guard(() => {
          if (!this.events.writes() || !this.isOpen(entry)) return;
          const rows = new Map(stored.map((row) => [row.identity, row]));
          for (const { change } of this.view.changes) {
            if (change.kind === 'park' && change.row.run === run) {
              rows.set(change.row.identity, change.row);
            }
          }
          then(
            [...rows.values()].filter(({ identity }) => !this.view.resumed.has(identity)),
            moved,
          );
          this.events.pump();
        }),
      () => this.again(entry),
      unfolded,
    );
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
    this.ask(
      run,
      (rows, moved) =>
        this.events.guard(() => {
          if (!this.events.writes() || !this.isOpen(entry)) return;
          if (this.rootOf(run) !== undefined) return this.look(entry);
          const row = rows.find(
            ({ strand, identity }) => strand === '' && !this.view.resumed.has(identity),
          );
          if (row !== undefined) this.onRow(entry, body, row);
          else if (moved) this.again(entry);
          else this.refuse(entry, 'there is no such run here, or it has ended');
          this.events.pump();
        }),
      () => this.again(entry),
    );
  }

  // -- schedules -------------------------------------------------------------------------------------

  private onSchedule(entry: Entry, body: ControlBody): void {
    const hash = hashOf(body);
    if (body.verb === 'schedule' && hash === undefined) {
      return this.refuse(entry, 'it does not say which definition');
    }
    const { run } = entry.header;
    const seen = this.view.schedules.get(run);
    const decide = (row: ParkedRow | undefined): void => {
      if (body.verb === 'schedule') this.schedule(entry, hash!, seen, row);
      else if (row === undefined) this.refuse(entry, 'it is not scheduled');
      else this.events.offer(this.offers.unschedule(entry, row.identity, () => this.again(entry)));
    };
    const pending = this.pendingRow(run);
    if (pending !== undefined) return decide(pending);
    this.ask(
      run,
      (rows) =>
        this.events.guard(() => {
          if (!this.events.writes() || !this.isOpen(entry)) return;
          if (this.view.schedules.get(run) === seen) {
            decide(rows.find(({ identity }) => !this.isGoing(identity)));
          } else this.look(entry);
          this.events.pump();
        }),
      () => this.again(entry),
    );
  }

  private schedule(
    entry: Entry,
    hash: string,
    seen: number | undefined,
    row: ParkedRow | undefined,
  ): void {
    if (row?.definition === hash) return this.answer(entry, 'done', 'it is scheduled already');
    this.withPlan(entry, hash, (plan) => {
      const { definition } = plan;
      const { namespace, name, version } = definition;
      const before = row?.record.body;
      if (
        before?.kind === 'SCHEDULE' &&
        compareVersions(before.definition.version ?? '', version) > 0
      ) {
        const newer = before.definition.version;
        return this.refuse(entry, `version ${newer} is scheduled, which is newer`);
      }
      const now = this.events.now();
      let rule: ScheduleRule | undefined;
      let due: number | undefined;
      try {
        rule = ruleOf(definition.document, now);
        due = rule && firstDue(rule, now, this.cron);
        // What came for the version before, and has begun nothing yet, is for this one.
        const since = before?.kind === 'SCHEDULE' ? before.rule.on?.since : undefined;
        const on = eventRuleOf(plan, since ?? entry.time);
        if (on !== undefined) rule = { ...rule, on };
      } catch (error) {
        // Times and calendars of documents are foreign: what they say must not stop a partition (P10).
        const said = error instanceof Error ? error.message : String(error);
        return this.refuse(entry, `its schedule cannot be read: ${said}`);
      }
      if (rule === undefined) return this.refuse(entry, 'its definition has no such schedule');
      if (due === undefined && rule.on === undefined) {
        return this.refuse(entry, 'it would never be due');
      }
      const body = {
        kind: 'SCHEDULE',
        definition: { namespace, name, version },
        rule,
        ...(due === undefined ? {} : { due }),
      } as const;
      const request = { body, hash, replaces: row?.identity, seen };
      this.events.offer(this.offers.schedule(entry, request, () => this.again(entry)));
    });
  }

  /** The row of a run that the Store has not folded yet. */
  private pendingRow(run: string): ParkedRow | undefined {
    let row: ParkedRow | undefined;
    for (const { change } of this.view.changes) {
      if (change.kind === 'park' && change.row.run === run) row = change.row;
      else if (change.kind === 'resume' && row !== undefined) {
        if (change.identities.includes(row.identity)) row = undefined;
      }
    }
    return row;
  }

  /** A RESUME of the row is on its way to the Store. */
  private isGoing(identity: number): boolean {
    return this.view.changes.some(
      ({ change }) => change.kind === 'resume' && change.identities.includes(identity),
    );
  }

  private onRow(entry: Entry, body: ControlBody, row: ParkedRow): void {
    if (hasMovedOn(body, row.hop)) return this.refuse(entry, movedOn(body));
    if (body.verb === 'suspend') {
      if (row.why === 'suspend') return this.answer(entry, 'done', 'it is suspended already');
      if (row.why === 'dead') return this.refuse(entry, 'it is dead, and goes nowhere');
      return this.withPlan(entry, row.definition, () => {
        const asked = { entry, gone: () => this.again(entry) };
        this.events.offer(this.offers.suspendRow(row, asked));
      });
    }
    const { body: parked } = row.record;
    if (parked.kind === 'PARK' && !isCancellable(parked.state)) {
      const stands = row.why === 'dead' ? ', and is dead: let it go on' : '';
      return this.refuse(entry, `it is being cancelled, or undone, already${stands}`);
    }
    this.withPlan(entry, row.definition, () =>
      this.events.offer(
        this.offers.cancelRow(row, 'run', () => undefined, {
          entry,
          gone: () => this.again(entry),
        }),
      ),
    );
  }

  private withPlan(entry: Entry, hash: string, act: (plan: Plan) => void): void {
    const known = this.plans.cached(hash);
    if (known !== undefined && 'plan' in known) return act(known.plan);
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
    this.answer(entry, 'refused', reason);
  }

  private answer(entry: Entry, outcome: 'done' | 'refused', reason: string): void {
    this.events.offer(this.offers.answerControl(entry, outcome, reason));
  }

  private isRunning({ work }: Entry): boolean {
    return work?.running === true;
  }

  private isOpen(entry: Entry): boolean {
    return this.view.open.get(entry.identity) === entry;
  }
}

/** The definition that a request names. */
function hashOf({ arguments: args }: ControlBody): string | undefined {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  const { hash } = args as { readonly hash?: unknown };
  return typeof hash === 'string' ? hash : undefined;
}

function hasMovedOn({ hop }: ControlBody, now: number): boolean {
  return hop !== undefined && hop !== now;
}

function movedOn({ hop }: ControlBody): string {
  return `the run has moved on since hop ${hop}`;
}
