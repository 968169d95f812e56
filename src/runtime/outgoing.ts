/*
 * What an owner writes: offers become units, units a batch, one batch is in flight (PROTOCOL.md R5-R7,
 * R10, R11).
 *
 * G1. A batch is made only when nothing is in flight: everything sent before is known valid then.
 * G2. A batch is known valid by its answer if its offset is the next one to be read; else only once
 *     the reader has passed it.
 */
import type { Transition } from '../core/index.ts';
import type { Appended, Broker, Clock } from '../ports/index.ts';
import type { Mark, RecordBody, RecordHeader } from '../wire/index.ts';
import { Batch, type Numbering } from './batch.ts';
import { Carries } from './carries.ts';
import { outputUnit } from './carry.ts';
import { bodyOf } from './held-bodies.ts';
import type { Lacks } from './learnt.ts';
import type { Made, Offer } from './offer.ts';
import type { RuntimeLimits } from './options.ts';
import type { Refetch } from './refetch.ts';
import type { Timers } from './timers.ts';
import { draft } from './unit.ts';
import type { Admitted, Entry, LogView, Position } from './view.ts';
import { type InFlight, Writer } from './writer.ts';

interface Sent extends InFlight {
  readonly offers: readonly Offer[];
  readonly transitions: readonly Transition[];
}

export interface OutgoingEvents {
  /** The record format in force (R21). */
  format(): number;
  /** Whether batches may be made now. */
  mayWrite(): boolean;
  /** A CLOSE is to end the next batch. */
  closing(): boolean;
  /** Lets in what there is room for, right before a batch is made. */
  beforeBatch(): void;
  /** Whether what is far behind may be carried forward: it is in no hurry. */
  carries(): boolean;
  admitted(admitted: Admitted, offset: number): void;
  afterAdmission(): void;
  /** Activities that the next MARK must list. */
  running(): readonly number[];
  applied(): Position;
  skipTo(offset: number): void;
  transition(transition: Transition): void;
  bury(entry: Entry, reason: string): Offer;
  /** The offer cannot be made before a definition is here. */
  lacks(lacking: Lacks, offer: Offer): void;
  /** An append has failed: says `again` once nothing speaks against another one. */
  mayAppend(again: () => void): void;
  guard(act: () => void): void;
  stop(reason: string): void;
}

export class Outgoing {
  private readonly view: LogView;
  private readonly limits: RuntimeLimits;
  private readonly clock: Clock;
  private readonly events: OutgoingEvents;
  private readonly writer: Writer;
  private readonly refetch: Refetch;
  private numbering: Numbering = { tenure: -1, nonce: 0, n: 0 };
  private sent: Sent | undefined;
  private ready: Offer[] = [];
  /** offers that wait for what is being fetched for them */
  private loading = 0;
  private making = false;
  private again = false;
  private markDue = false;
  private readonly carries: Carries;
  /** the last mark was held back by events that were not published yet */
  markWaits = false;

  constructor(
    broker: Broker,
    partition: number,
    view: LogView,
    limits: RuntimeLimits,
    clock: Clock,
    timers: Timers,
    refetch: Refetch,
    events: OutgoingEvents,
  ) {
    this.view = view;
    this.refetch = refetch;
    this.limits = limits;
    this.clock = clock;
    this.events = events;
    this.carries = new Carries(view, refetch, () => this.pump());
    this.writer = new Writer(broker, partition, timers, {
      now: () => clock.now(),
      answered: (batch, answer) => events.guard(() => this.answered(batch, answer)),
      mayAppend: (again) => events.mayAppend(again),
      refused: (_batch, reason) => events.stop(`an append was refused: ${reason.message}`),
    });
  }

  get tenure(): number {
    return this.numbering.tenure;
  }

  push(offer: Offer): void {
    this.ready.push(offer);
  }

  wantMark(): void {
    this.markDue = true;
  }

  noteCarry(at: number): void {
    this.carries.note(at);
  }

  /** Sends a CLAIM; it has no number and is learned by reading (R3). */
  sendClaim(claim: InFlight): void {
    this.writer.send(claim);
  }

  /** One's own CLAIM has been read. A second copy is simply the newer tenure: what was in flight under
   *  the first and has not been read is void. */
  claimed(offset: number, nonce: number): void {
    this.numbering = { tenure: offset, nonce, n: 0 };
    this.writer.settle();
    const { sent } = this;
    this.sent = undefined;
    for (const offer of sent?.offers ?? []) {
      if (offer.entry === undefined || this.view.open.get(offer.entry.identity) === offer.entry) {
        this.ready.push(offer);
      }
    }
    if (sent !== undefined) this.markDue = true;
    this.carries.note(0);
  }

  close(): void {
    this.writer.close();
  }

  /** A last word, if nothing is in flight: nobody waits for its answer. */
  sayClose(): void {
    if (this.sent !== undefined || this.making || this.numbering.tenure < 0) return;
    const numbering = { ...this.numbering };
    const batch = new Batch(numbering, this.limits, this.clock.now(), this.events.format());
    batch.add({ targets: [], records: [draft('CLOSE', { kind: 'CLOSE' })] });
    const { records, bytes } = batch;
    this.writer.send({ records, bytes });
  }

  /** offers that wait for a batch, or for what they need for it */
  get queued(): number {
    return this.ready.length + this.loading;
  }

  /** Makes the next batch if nothing is in flight (G1). */
  pump(): void {
    this.again = true;
    if (this.making) return;
    this.making = true;
    while (this.again && this.sent === undefined && this.events.mayWrite()) {
      this.again = false;
      this.events.beforeBatch();
      this.make();
    }
    this.making = false;
  }

  private make(): void {
    const numbering = { ...this.numbering };
    const batch = new Batch(numbering, this.limits, this.clock.now(), this.events.format());
    const offers: Offer[] = [];
    this.addMark(batch);
    if (this.events.carries()) this.carries.addTo(batch);
    this.addOutput(batch);
    const queue = this.ready;
    this.ready = [];
    for (let i = 0; i < queue.length; i++) {
      if (!this.addOffer(batch, queue[i]!, offers)) {
        // Not `push(...)`: there may be more of them than a call may have arguments.
        this.ready = this.ready.concat(queue.slice(i + 1));
        break;
      }
    }
    if (this.queued === 0 && this.events.closing()) {
      batch.add({ targets: [], records: [draft('CLOSE', { kind: 'CLOSE' })] });
    }
    // A unit that could not be written may have ended the tenure.
    if (batch.empty || !this.events.mayWrite()) return;
    this.numbering = numbering;
    const { records, bytes, transitions } = batch;
    this.sent = { records, bytes, offers, transitions };
    this.writer.send(this.sent);
  }

  /** Reading has come so far: what was in flight may be known valid by now. */
  settleByReading(): void {
    const { sent } = this;
    if (sent === undefined) return;
    const { tenure, nonce, n } = this.view.position;
    const last = sent.records.at(-1)!.header;
    if (tenure !== this.numbering.tenure || nonce !== this.numbering.nonce || n < last.n) return;
    this.settled(sent);
  }

  private answered(batch: InFlight, { base, time }: Appended): void {
    if (this.isLate(batch, base)) {
      return this.events.stop(
        `the broker has appended at ${base} what follows record ${this.view.offset - 1}: the Log has lost its tail`,
      );
    }
    const { sent } = this;
    if (sent !== batch || base !== this.view.offset) return;
    // Contiguous with what has been read: nothing can stand in between (R7).
    const { records } = sent;
    for (let i = 0; i < records.length; i++) {
      this.events.admitted(this.view.own(base + i, time, records[i]!), base + i);
    }
    this.events.skipTo(this.view.offset);
    this.settled(sent);
    this.events.afterAdmission();
  }

  /** Read as it landed, the batch would be settled: what was read there is something else (R12). */
  private isLate({ records }: InFlight, base: number): boolean {
    return this.sent?.records === records && base + records.length <= this.view.offset;
  }

  /** What was in flight, if that is what has been read: then it is known what it says (R7). */
  sentAs({ tenure, nonce, n }: RecordHeader, bytes: Uint8Array): RecordBody | undefined {
    const { numbering, sent } = this;
    if (sent === undefined || tenure !== numbering.tenure || nonce !== numbering.nonce)
      return undefined;
    const index = n - sent.records[0]!.header.n;
    const same = sent.bytes[index];
    if (same === undefined || Buffer.compare(same, bytes) !== 0) return undefined;
    return sent.records[index]!.body;
  }

  private settled(sent: Sent): void {
    this.sent = undefined;
    this.writer.settle();
    for (const transition of sent.transitions) this.events.transition(transition);
  }

  /** False when the batch is full; the offer is kept then. */
  private addOffer(batch: Batch, wanted: Offer, offers: Offer[]): boolean {
    const { offer, made } = this.madeOf(wanted, batch);
    const { hopped } = made;
    if (hopped === 'later') {
      this.ready.push(offer);
      return true;
    }
    if (hopped !== 'gone' && 'needs' in hopped) {
      this.load(offer, hopped.needs);
      return true;
    }
    if (hopped !== 'gone' && 'lacks' in hopped) {
      this.events.lacks(hopped, offer);
      return true;
    }
    const added = hopped === 'gone' ? 'gone' : batch.add(hopped);
    if (added === 'full') {
      this.ready.push(offer);
      return false;
    }
    this.refetch.release(offer.fetched);
    if (hopped === 'gone' || added === 'gone') return true;
    if (added !== 'added') {
      const instead = offer.refused?.(added.refused, made.left);
      if (instead !== undefined) return this.addOffer(batch, instead, offers);
      this.events.stop(`a unit cannot be written: ${added.refused}`);
      return false;
    }
    batch.note(hopped.run, made.closing, made.joinWaits);
    for (const transition of hopped.transitions) batch.transitions.push(transition);
    offers.push(offer);
    return true;
  }

  /** R8: it comes back once that is there. Who has it and asks again would ask for ever. */
  private load(offer: Offer, needs: readonly Entry[]): void {
    if (needs.every((entry) => bodyOf(entry, offer.fetched) !== undefined)) {
      const what = needs.map(({ position }) => position.offset).join(', ');
      return this.events.stop(`an offer asks again for what was fetched for it: ${what}`);
    }
    this.loading++;
    this.refetch.load(needs, offer.fetched, () => {
      this.loading--;
      this.ready.push(offer);
      this.pump();
    });
  }

  /** What the engine fails to step is parked with the reason; it must not block others (P10). */
  private madeOf(offer: Offer, batch: Batch): { readonly offer: Offer; readonly made: Made } {
    try {
      return { offer, made: offer.make(batch) };
    } catch (error) {
      const { entry } = offer;
      const said = error instanceof Error ? error.message : String(error);
      const reason = `the engine could not step it: ${said}`;
      // A run that has not begun has no State to be parked with.
      const instead =
        entry?.header.kind === 'STEP'
          ? this.events.bury(entry, reason)
          : (offer.broken?.(reason) ?? offer.refused?.(reason, undefined));
      if (instead === undefined) throw error;
      this.refetch.release(offer.fetched);
      return { offer: instead, made: instead.make(batch) };
    }
  }

  private addMark(batch: Batch): void {
    if (!this.markDue) return;
    this.markDue = false;
    const running = this.events.running();
    batch.add({
      targets: [],
      records: [draft('MARK', { kind: 'MARK', mark: this.mark(), running })],
    });
  }

  /** R10, as of what has been read so far. */
  private mark(): Mark {
    let at = this.view.position;
    const computedAt = at.offset;
    const oldest = this.view.oldest();
    if (oldest !== undefined && oldest.offset < at.offset) at = oldest;
    const applied = this.events.applied();
    if (applied.offset < at.offset) at = applied;
    const unsent = this.view.unsent.oldest();
    this.markWaits = unsent !== undefined && unsent.offset < at.offset;
    if (unsent !== undefined && this.markWaits) at = unsent;
    at = this.view.markPlace(at);
    return { ...at, computedAt };
  }

  /** R19: while the events log is away, what waits for it stays near the head. */
  private addOutput(batch: Batch): void {
    if (this.view.unsent.size === 0) return;
    const unit = outputUnit(this.view, this.limits.recordBytesMax / 2);
    if (unit !== undefined) batch.add(unit);
  }
}
