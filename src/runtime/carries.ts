/*
 * Which open records are carried forward next (PROTOCOL.md R11): oldest first, a batch at a time, each
 * once its distance from the head has doubled. What is not in memory is fetched before (R8).
 */
import type { Batch } from './batch.ts';
import { carryNeeds, carryUnit } from './carry.ts';
import type { Bodies } from './held-bodies.ts';
import type { Refetch } from './refetch.ts';
import type { Entry, LogView } from './view.ts';

export class Carries {
  private readonly view: LogView;
  private readonly refetch: Refetch;
  /** Something that was fetched can be carried now. */
  private readonly ready: () => void;
  /** offset of the head at which something is due to be carried forward */
  private next = 0;
  /** what is being fetched, or was, by whom */
  private readonly fetched = new Map<Entry, Bodies>();
  /** of these, what has come, in order */
  private come: Entry[] = [];

  constructor(view: LogView, refetch: Refetch, ready: () => void) {
    this.view = view;
    this.refetch = refetch;
    this.ready = ready;
  }

  /** Something is due when the head stands at `at`. */
  note(at: number): void {
    if (at < this.next) this.next = at;
  }

  /** Adds what is due and fits. */
  addTo(batch: Batch): void {
    while (this.come.length > 0) {
      if (this.add(batch, this.come[0]!) === 'full') return;
      this.come.shift();
    }
    if (this.view.offset < this.next) return;
    this.next = Infinity;
    for (const entry of this.view.open.all()) {
      if (this.view.offset < entry.carryAt) this.note(entry.carryAt);
      else if (!this.isTaken(entry) && this.add(batch, entry) === 'full') {
        this.note(this.view.offset + 1);
        break;
      }
    }
  }

  /** On its way already; the end of a branch may go with its join. */
  private isTaken(entry: Entry): boolean {
    if (this.fetched.has(entry)) return true;
    const { kind, run, strand } = entry.header;
    const join = kind === 'END' ? this.view.open.joinOf(run, strand) : undefined;
    return join !== undefined && this.fetched.has(join);
  }

  private add(batch: Batch, entry: Entry): 'full' | 'done' {
    const { open } = this.view;
    const fetched = this.fetched.get(entry);
    const isOpen = open.get(entry.identity) === entry;
    if (isOpen && !batch.targets.has(entry.identity)) {
      const needs = carryNeeds(this.view, entry, fetched);
      if (needs.length > 0) {
        this.load(entry, needs, fetched ?? new Map());
        return 'done';
      }
      const added = this.addUnit(batch, entry, fetched);
      if (added === 'full') return 'full';
      if (added) {
        batch.targets.add(entry.identity);
        batch.note(entry.header.run, entry.header.joins > 0, undefined);
      }
    }
    if (fetched !== undefined) {
      this.fetched.delete(entry);
      this.refetch.release(fetched);
    }
    return 'done';
  }

  private load(entry: Entry, needs: readonly Entry[], into: Bodies): void {
    this.fetched.set(entry, into);
    this.refetch.load(needs, into, () => {
      this.come.push(entry);
      this.ready();
    });
  }

  /** A join that cannot take the ends so far into one record is carried without them. */
  private addUnit(batch: Batch, entry: Entry, fetched: Bodies | undefined): boolean | 'full' {
    for (const folding of [true, false]) {
      const unit = carryUnit(this.view, entry, fetched, folding);
      const added = unit === undefined ? undefined : batch.add(unit);
      if (added === 'full' || added === 'added') return added === 'full' ? added : true;
    }
    return false;
  }
}
