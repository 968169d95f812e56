/*
 * LogWatch: follows every record as it lands, to know when a world has come to rest and what the Log
 * shows of the faults: void records of zombies, takeovers. It reads headers only, by rule R4.
 *
 * Does not own: any verdict - oracles read the History afresh, with code of their own.
 */
import type { SimRecord } from '../adapters/sim/index.ts';
import { isInbox, type RecordHeader } from '../wire/index.ts';

interface Followed {
  /** offset of the latest CLAIM; -1 before the first */
  claim: number;
  n: number;
  claimants: number;
}

export interface WatchCounts {
  /** valid records that resolve something: hops */
  hops: number;
  /** valid owner records */
  owned: number;
  /** CLAIMs in a partition that had one */
  takeovers: number;
  /** void records of an older tenure after a foreign CLAIM */
  zombies: number;
  /** void owner records of any other kind: duplicates, and what followed a lost one */
  duplicates: number;
}

export class LogWatch {
  readonly counts: WatchCounts = { hops: 0, owned: 0, takeovers: 0, zombies: 0, duplicates: 0 };
  /** runs that a valid START, a schedule or another run began and no valid root END has ended */
  readonly open = new Set<string>();
  readonly begun = new Set<string>();
  /** a CLAIM landed in a partition that somebody had claimed before */
  onTakeover: ((partition: number) => void) | undefined;
  /** valid records that say that somebody gets on: all but CLAIM, MARK, CLOSE, CARRY */
  progress = 0;
  private readonly partitions: readonly Followed[];
  /** runs and partitions of which nobody promises anything */
  private readonly ignored = new Set<string>();
  private readonly givenUp = new Set<number>();

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => ({ claim: -1, n: 0, claimants: 0 }));
  }

  landed(partition: number, record: SimRecord): void {
    const followed = this.partitions[partition];
    if (followed === undefined || this.givenUp.has(partition)) return;
    let header: RecordHeader;
    try {
      header = record.header;
    } catch {
      return;
    }
    if (header.kind === 'CLAIM') this.claimed(followed, partition, record.offset);
    else if (isInbox(header.kind)) this.started(header);
    else this.written(followed, header);
  }

  /** A stranger's run: it is not waited for. */
  ignore(run: string): void {
    this.ignored.add(run);
  }

  /** The partition has lost records: what becomes of its runs is not waited for. */
  giveUp(partition: number, isOf: (run: string) => boolean): void {
    this.givenUp.add(partition);
    for (const run of this.open) if (isOf(run)) this.open.delete(run);
  }

  private claimed(followed: Followed, partition: number, offset: number): void {
    followed.claim = offset;
    followed.n = 0;
    followed.claimants += 1;
    if (followed.claimants === 1) return;
    this.counts.takeovers += 1;
    this.onTakeover?.(partition);
  }

  private started(header: RecordHeader): void {
    this.progress += 1;
    if (header.kind !== 'START' || this.begun.has(header.run)) return;
    if (this.ignored.has(header.run)) return;
    this.begun.add(header.run);
    this.open.add(header.run);
  }

  private written(followed: Followed, header: RecordHeader): void {
    if (header.tenure !== followed.claim || header.n !== followed.n + 1) {
      if (header.tenure < followed.claim) this.counts.zombies += 1;
      else this.counts.duplicates += 1;
      return;
    }
    followed.n = header.n;
    this.counts.owned += 1;
    if (header.targets.length > 0) this.counts.hops += 1;
    const { kind } = header;
    if (kind !== 'MARK' && kind !== 'CLOSE' && kind !== 'CARRY') this.progress += 1;
    // What no START began, a schedule or another run did.
    const { run, strand } = header;
    if (header.hop === 1 && strand === '' && !this.begun.has(run) && !this.ignored.has(run)) {
      this.begun.add(header.run);
      this.open.add(header.run);
    }
    if (kind === 'END' && header.strand === '') this.open.delete(header.run);
  }
}
