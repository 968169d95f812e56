/*
 * A runner: one process's share of the work. It joins the group and owns the partitions that the group
 * suggests, each by a tenure of its own. Stateless: everything can be had again from the Log.
 */
import {
  BATCH_BYTES_MAX,
  BATCH_RECORDS_MAX,
  CARRY_DISTANCE,
  FORMAT,
  FORMAT_FIRST,
  MARK_EVERY_MS,
  MARK_EVERY_RECORDS,
  RECORD_BYTES_MAX,
  ROOM_TO_END_BYTES,
} from '../wire/index.ts';
import type { Answered } from './attempts.ts';
import { Correlator } from './correlator.ts';
import type { Ports, RunnerOptions, RuntimeLimits } from './options.ts';
import { Owner, type OwnerStatus } from './owner.ts';
import { Plans } from './plans.ts';
import { Slots } from './slots.ts';

const MIB = 1_048_576;

export const DEFAULT_LIMITS: RuntimeLimits = {
  activeMax: 20_000,
  activeBytesMax: 128 * MIB,
  unfoldedMax: 20_000,
  unfoldedBytesMax: 32 * MIB,
  bodiesMax: 10_000,
  bodiesBytesMax: 32 * MIB,
  startsMax: 2_000,
  refetchMax: 500,
  refetchBytesMax: 8 * MIB,
  inheritedFirst: 500,
  drainMs: 5_000,
  listenPollMsMax: 15_000,
  batchRecordsMax: BATCH_RECORDS_MAX,
  batchBytesMax: BATCH_BYTES_MAX,
  recordBytesMax: RECORD_BYTES_MAX - ROOM_TO_END_BYTES,
  lastBytesMax: RECORD_BYTES_MAX,
  markEveryMs: MARK_EVERY_MS,
  markEveryRecords: MARK_EVERY_RECORDS,
  carryDistance: CARRY_DISTANCE,
};

const CLAIM_AGAIN_FIRST_MS = 1_000;
const CLAIM_AGAIN_MAX_MS = 30_000;

/** What a runner knows of a partition across its tenures. */
interface Share {
  owner: Owner | undefined;
  assigned: boolean;
  /** after a lost tenure: the group must confirm the assignment after this time, ms (R9) */
  claimNotBefore: number;
  claimAgainMs: number;
  readonly answers: Map<number, Answered>;
  /** why a tenure of this process went no further */
  stopped: string | undefined;
  /** this build cannot run it: it is for others */
  declined: boolean;
  /** R14: the Store has lost what it had above this offset */
  foldFrom: number | undefined;
}

/** What a runner does for a partition that the group has suggested to it. */
export interface PartitionStatus extends Partial<OwnerStatus> {
  readonly partition: number;
  /** the group suggests it to this runner now */
  readonly assigned: boolean;
  /** why this process has given it up, until it owns it again */
  readonly stopped?: string;
}

export class Runner {
  private readonly ports: Ports;
  private readonly options: RunnerOptions;
  private readonly limits: RuntimeLimits;
  private readonly plans: Plans;
  private readonly slots: Slots;
  private readonly shares = new Map<number, Share>();
  /** the newest record format that every runner reads; 0 = not known */
  private lowestReader = 0;
  /** of partitions of the events log that its group suggests */
  private readonly correlators = new Map<number, Correlator>();
  private leave: (() => void) | undefined;
  private leaveEvents: (() => void) | undefined;
  private stopping: (() => void) | undefined;
  private stopped = false;

  constructor(ports: Ports, options: RunnerOptions) {
    this.ports = ports;
    this.options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.slots = new Slots(ports.clock);
    this.plans = new Plans(ports.definitions, options.compile, (said) =>
      options.onComplaint?.(said),
    );
  }

  start(): void {
    this.leave = this.ports.broker.join({
      assigned: (partitions, reader) => {
        this.lowestReader = reader;
        for (const partition of partitions) this.assigned(partition);
      },
      revoked: (partitions) => {
        for (const partition of partitions) this.revoked(partition);
      },
    });
    this.leaveEvents = this.ports.events.join({
      assigned: (partitions) => {
        for (const partition of partitions) this.correlate(partition);
      },
      revoked: (partitions) => {
        for (const partition of partitions) this.correlateNoMore(partition);
      },
    });
  }

  private correlate(partition: number): void {
    if (this.stopped || this.correlators.has(partition)) return;
    const correlator = new Correlator(partition, this.ports, {
      matched: (homes) => {
        for (const home of homes) this.shares.get(home)?.owner?.poke();
      },
      complain: (said) => this.options.onComplaint?.(said),
    });
    this.correlators.set(partition, correlator);
    correlator.begin();
  }

  private correlateNoMore(partition: number): void {
    this.correlators.get(partition)?.close();
    this.correlators.delete(partition);
  }

  /** Graceful: drains, says CLOSE on every partition, then leaves the group. */
  stop(): Promise<void> {
    this.stopped = true;
    for (const partition of this.correlators.keys()) this.correlateNoMore(partition);
    this.leaveEvents?.();
    return new Promise((resolve) => {
      const stopped = (): void => {
        this.leave?.();
        this.leave = undefined;
        resolve();
      };
      this.stopping = stopped;
      for (const share of this.shares.values()) share.owner?.close();
      this.checkStopped();
    });
  }

  /** How far each partition is that is, or ought to be, owned here. */
  status(): readonly PartitionStatus[] {
    const found: PartitionStatus[] = [];
    for (const [partition, { owner, assigned, stopped, declined }] of this.shares) {
      if (owner === undefined && !assigned && !declined) continue;
      const status = owner?.status();
      const over = stopped !== undefined && status?.phase !== 'owning';
      found.push({ partition, assigned, ...status, ...(over ? { stopped } : {}) });
    }
    return found.sort((a, b) => a.partition - b.partition);
  }

  /** Partitions of the events log that are correlated here, and up to where. */
  correlating(): readonly { readonly partition: number; readonly offset?: number }[] {
    return [...this.correlators]
      .map(([partition, { offset }]) =>
        offset === undefined ? { partition } : { partition, offset },
      )
      .sort((a, b) => a.partition - b.partition);
  }

  private checkStopped(): void {
    if (this.stopping === undefined) return;
    for (const { owner } of this.shares.values()) if (owner !== undefined) return;
    const { stopping } = this;
    this.stopping = undefined;
    stopping();
  }

  private assigned(partition: number): void {
    let share = this.shares.get(partition);
    if (share === undefined) {
      share = {
        owner: undefined,
        assigned: true,
        claimNotBefore: 0,
        claimAgainMs: CLAIM_AGAIN_FIRST_MS,
        answers: new Map(),
        stopped: undefined,
        declined: false,
        foldFrom: undefined,
      };
      this.shares.set(partition, share);
    }
    if (share.declined) return;
    share.assigned = true;
    if (share.owner === undefined && this.ports.clock.now() >= share.claimNotBefore) {
      this.claim(partition, share);
    }
  }

  private revoked(partition: number): void {
    const share = this.shares.get(partition);
    if (share === undefined) return;
    share.assigned = false;
    share.owner?.close();
  }

  private claim(partition: number, share: Share): void {
    if (this.stopped) return;
    const { clock, entropy } = this.ports;
    const gone = (): void => {
      share.owner = undefined;
      this.checkStopped();
    };
    // R9: claim again only once the group confirms it anew, later each time, with jitter.
    const begun = clock.now();
    const later = (): void => {
      // A tenure that lasted shows that nobody outbids it.
      if (clock.now() - begun > CLAIM_AGAIN_MAX_MS) share.claimAgainMs = CLAIM_AGAIN_FIRST_MS;
      const wait = share.claimAgainMs * (0.5 + entropy.uint32() / 2 ** 32);
      share.claimAgainMs = Math.min(2 * share.claimAgainMs, CLAIM_AGAIN_MAX_MS);
      share.claimNotBefore = clock.now() + wait;
    };
    const owner = new Owner(
      partition,
      this.ports,
      this.options,
      this.limits,
      this.plans,
      share.answers,
      this.slots,
      {
        sought: (lookups) => {
          for (const correlator of this.correlators.values()) correlator.sought(lookups);
        },
        closed: () => {
          gone();
          if (share.assigned) this.claim(partition, share);
        },
        stopped: (reason) => {
          gone();
          share.stopped = reason;
          // What has stopped it may be there still: each attempt interrupts everybody's activities.
          later();
          this.options.onComplaint?.(`partition ${partition} has stopped: ${reason}`);
        },
        // R14
        behind: (applied, reason) => {
          gone();
          share.foldFrom = applied;
          share.stopped = reason;
          later();
          this.options.onComplaint?.(
            `partition ${partition}: ${reason}; they are folded again from the Log`,
          );
        },
        // R21
        outdated: (reason) => {
          gone();
          share.assigned = false;
          share.declined = true;
          share.stopped = reason;
          this.options.onComplaint?.(`partition ${partition} is left to others: ${reason}`);
          this.ports.broker.decline(partition);
        },
        format: () => Math.max(FORMAT_FIRST, Math.min(FORMAT, this.lowestReader)),
        lost: () => {
          gone();
          later();
        },
      },
      share.foldFrom,
    );
    share.owner = owner;
    share.foldFrom = undefined;
    owner.begin();
  }
}
