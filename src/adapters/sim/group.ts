/*
 * Group: who is told to own which partition. It does what the group coordinator of a real broker does
 * to its members: it finds out late that one is gone, tells a paused one nothing until it is back, and
 * lets two of them believe that they own the same partition for a while (port rule B4).
 *
 * Invariants:
 *  - each partition has at most one seat in the coordinator's eyes;
 *  - a member hears of changes in their order, through its Life;
 *  - `assigned` always gives the full list, after every rebalance and at every heartbeat that follows,
 *    so that an owner who lost a tenure to a zombie's late CLAIM hears the confirmation that R9 asks for;
 *  - what a process has declined is dealt to others, or to nobody;
 *  - a seat whose process has been dead or paused for the session timeout is taken away.
 */
import type { Member } from '../../ports/index.ts';
import type { PointName } from './faults.ts';
import type { Gate } from './gate.ts';
import type { Life, SimProcess } from './process.ts';
import type { Random } from './random.ts';
import { type Scheduled, type Scheduler } from './scheduler.ts';

export interface GroupOptions {
  /** how long a silent member keeps its partitions, ms */
  readonly sessionMs: number;
  /** how often a member hears from the coordinator that what it owns is still its own, ms */
  readonly heartbeatMs: number;
}

interface Seat {
  readonly life: Life;
  readonly member: Member;
  owned: readonly number[];
  /** taken away by the coordinator, which the member may not know yet */
  expelled: boolean;
  left: boolean;
  /** notices are heard in order: none before this time */
  heardAt: number;
  expulsion: Scheduled | undefined;
}

/** The coordinator collects changes for so long before it deals anew, ms. */
const SETTLE_MS = 5;
/** Slowest heartbeat of a group in which nothing changes, ms. */
const HEARTBEAT_MAX_MS = 60_000;

export class Group {
  private readonly scheduler: Scheduler;
  private readonly gate: Gate;
  private readonly partitions: number;
  private readonly options: GroupOptions & { readonly join: PointName };
  private readonly random: Random;
  private seats: Seat[] = [];
  /** partitions that a process cannot run */
  private readonly declined = new Map<Life, Set<number>>();
  /** seats taken from members that do not know it yet */
  private lost: Seat[] = [];
  private readonly watched = new Set<SimProcess>();
  private pending: Scheduled | undefined;
  private heartbeat: Scheduled | undefined;
  /** interval of the heartbeat since the last change, ms */
  private beatMs = 0;
  /** partitions are dealt from a different seat on after a forced rebalance */
  private turn = 0;

  constructor(
    gate: Gate,
    partitions: number,
    options: GroupOptions & { readonly join: PointName },
    random: Random,
  ) {
    this.scheduler = gate.scheduler;
    this.gate = gate;
    this.partitions = partitions;
    this.options = options;
    this.random = random;
    gate.rebalances.push(() => this.shake());
  }

  /** The coordinator's view: owner by partition. */
  get owners(): readonly (string | undefined)[] {
    const owners: (string | undefined)[] = Array.from({ length: this.partitions });
    for (const seat of this.seats) {
      for (const partition of seat.owned) owners[partition] = seat.life.process.name;
    }
    return owners;
  }

  join(life: Life, member: Member): () => void {
    if (!this.watched.has(life.process)) {
      this.watched.add(life.process);
      life.process.watch((_, who, change) => {
        if (change.event === 'paused') this.silent(who, change.expel ? 0 : this.options.sessionMs);
        else if (change.event === 'resumed') this.back(who);
        else if (change.event !== 'started' && change.event !== 'jumped') {
          const left = change.event === 'crashed' && change.left;
          this.silent(who, left ? 0 : this.options.sessionMs);
        }
      });
    }
    let seat: Seat | undefined;
    let left = false;
    this.gate.request<undefined>(life, {
      point: {
        point: this.options.join,
        process: life.process.name,
        incarnation: life.incarnation,
      },
      perform: () => {
        if (!left) seat = this.sit(life, member);
      },
    });
    return () => {
      left = true;
      // A zombie that leaves does so under the seat it was given since.
      for (const own of this.seats.filter((one) => one.life === life && one.member === member)) {
        own.left = true;
        this.remove(own);
      }
      for (const own of this.lost) if (own.life === life && own.member === member) own.left = true;
      if (seat !== undefined) seat.left = true;
    };
  }

  decline(life: Life, partition: number): void {
    const declined = this.declined.get(life);
    if (declined === undefined) this.declined.set(life, new Set([partition]));
    else declined.add(partition);
    this.change();
  }

  /** Moves partitions on to other members although nothing happened to their owners. */
  shake(): void {
    this.turn += 1;
    this.deal();
  }

  private sit(life: Life, member: Member): Seat {
    const seat: Seat = {
      life,
      member,
      owned: [],
      expelled: false,
      left: false,
      heardAt: 0,
      expulsion: undefined,
    };
    this.seats.push(seat);
    if (!life.alive || life.paused) this.silent(life, this.options.sessionMs);
    this.change();
    this.beat();
    return seat;
  }

  private remove(seat: Seat): void {
    this.seats = this.seats.filter((other) => other !== seat);
    if (seat.expulsion !== undefined) this.scheduler.cancel(seat.expulsion);
    this.change();
  }

  private silent(life: Life, after: number): void {
    for (const seat of this.seats) {
      if (seat.life !== life || seat.expulsion?.fn !== undefined) continue;
      seat.expulsion = this.scheduler.after(after, () => {
        seat.expelled = true;
        this.lost.push(seat);
        this.remove(seat);
      });
    }
  }

  private back(life: Life): void {
    for (const seat of this.seats) {
      if (seat.life === life && seat.expulsion !== undefined) this.scheduler.cancel(seat.expulsion);
    }
    // It goes on as the owner it was until its next heartbeat tells it otherwise; then it joins again.
    for (const seat of this.lost.filter((one) => one.life === life)) {
      this.lost = this.lost.filter((other) => other !== seat);
      this.scheduler.after(this.random() * this.options.heartbeatMs, () => {
        if (seat.left) return;
        const { owned } = seat;
        seat.owned = [];
        if (owned.length > 0) life.deliver(() => seat.member.revoked(owned));
        if (life.alive && life.paused) this.lost.push(seat);
        else if (life.alive) this.sit(life, seat.member);
      });
    }
  }

  private change(): void {
    this.beatMs = 0;
    if (this.pending?.fn !== undefined) return;
    this.pending = this.scheduler.after(SETTLE_MS, () => this.deal());
  }

  /** Deals the partitions: as even as can be, moving no more than is needed; then tells everyone. */
  private deal(): void {
    const { seats } = this;
    if (seats.length === 0) {
      this.turn = 0;
      return;
    }
    const dealt = this.withoutDeclined(this.turn > 0 ? this.rotated() : this.balanced());
    this.turn = 0;
    let settled = this.scheduler.now;
    for (const seat of seats) {
      const next = dealt.get(seat) ?? [];
      const gone = seat.owned.filter((partition) => !next.includes(partition));
      seat.owned = next;
      if (gone.length === 0) continue;
      const at = this.notice(seat, this.scheduler.now, () => seat.member.revoked(gone));
      // A dead or frozen member is not waited for.
      if (seat.life.alive && !seat.life.paused) settled = Math.max(settled, at);
    }
    for (const seat of seats) this.confirm(seat, settled);
  }

  private balanced(): Map<Seat, readonly number[]> {
    const { seats, partitions } = this;
    const most = Math.ceil(partitions / seats.length);
    const dealt = new Map<Seat, number[]>();
    const free = new Set(Array.from({ length: partitions }, (_, partition) => partition));
    // As many seats as the remainder says may hold one more than the others.
    let larger = partitions % seats.length === 0 ? seats.length : partitions % seats.length;
    for (const seat of seats) {
      const allowed = larger > 0 ? most : most - 1;
      const kept = seat.owned.slice(0, allowed);
      if (kept.length === most) larger -= 1;
      for (const partition of kept) free.delete(partition);
      dealt.set(seat, kept);
    }
    for (const partition of free) {
      const poorest = seats.reduce((least, seat) =>
        (dealt.get(seat) ?? []).length < (dealt.get(least) ?? []).length ? seat : least,
      );
      dealt.get(poorest)?.push(partition);
    }
    return dealt;
  }

  private rotated(): Map<Seat, readonly number[]> {
    const { seats } = this;
    const dealt = this.balanced();
    return new Map(
      seats.map((seat, index) => {
        const from = seats[(index + this.turn) % seats.length] as Seat;
        return [seat, dealt.get(from) ?? []];
      }),
    );
  }

  private withoutDeclined(dealt: Map<Seat, readonly number[]>): Map<Seat, readonly number[]> {
    if (this.declined.size === 0) return dealt;
    const declines = (seat: Seat, partition: number): boolean =>
      this.declined.get(seat.life)?.has(partition) === true;
    for (const [seat, share] of dealt) {
      for (const partition of share.filter((one) => declines(seat, one))) {
        dealt.set(
          seat,
          dealt.get(seat)!.filter((one) => one !== partition),
        );
        const others = this.seats.filter((other) => !declines(other, partition));
        const sizeOf = (other: Seat): number => dealt.get(other)?.length ?? 0;
        const [poorest] = others.toSorted((a, b) => sizeOf(a) - sizeOf(b));
        if (poorest !== undefined) dealt.set(poorest, [...(dealt.get(poorest) ?? []), partition]);
      }
    }
    return dealt;
  }

  private confirm(seat: Seat, from: number): void {
    const { owned } = seat;
    if (owned.length === 0) return;
    const reader = this.seats.reduce((least, { life }) => Math.min(least, life.reader), Infinity);
    this.notice(seat, from, () => {
      if (!seat.left) seat.member.assigned(owned, reader);
    });
  }

  private notice(seat: Seat, from: number, tell: () => void): number {
    const at = Math.max(seat.heardAt, from + 0.2 + this.random() * 2);
    seat.heardAt = at;
    this.scheduler.at(at, () => seat.life.deliver(tell));
    return at;
  }

  /** Days in which nothing happens are not worth a heartbeat every few seconds: it slows down. */
  private beat(): void {
    const { heartbeatMs } = this.options;
    if (heartbeatMs <= 0 || this.heartbeat?.fn !== undefined) return;
    this.beatMs = Math.min(Math.max(heartbeatMs, this.beatMs * 1.2), HEARTBEAT_MAX_MS);
    this.heartbeat = this.scheduler.after(this.beatMs, () => {
      for (const seat of this.seats) {
        if (seat.life.alive && !seat.life.paused) this.confirm(seat, this.scheduler.now);
      }
      if (this.seats.length > 0) this.beat();
    });
  }
}
