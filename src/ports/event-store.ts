/*
 * EventStore: the part of the Store in which events meet those who listen (PROTOCOL.md R16): events that
 * are kept, subscriptions beside the parked rows, and a row for each event that fits a subscription.
 *
 * M1. A subscription comes and goes with its parked row, in the fold. What had been matched with it goes
 *     too, but for the events that its RESUME names, or a FIRE of it has named: those rows stay as long
 *     as the event is kept, and say that the run has consumed it. They are matches no more.
 * M2. A match is made only for a subscription that is there when it is committed, once for each event.
 * M3. Matches of one home partition are numbered in the order in which they are committed: who has seen
 *     a number has seen all below it.
 * M4. `keep` and `match` compare before they set; either may reject although it was committed, and may be
 *     called again: what is there already stays as it is.
 * M5. Each question sees all that was committed before it was asked.
 */
import type { CloudEvent, EventPlace, Subscription } from '../wire/index.ts';

/** Where a subscription is found from an event that fits it; texts of less than 1,000 bytes. */
export interface Lookup {
  /** type of the event; '' = any, or too long to be looked up */
  readonly type: string;
  /** what is drawn from the event to be compared with `key`, as text; '' = nothing */
  readonly from: string;
  readonly key: string;
}

/** One lookup of the subscription of a parked strand: a row each. */
export interface ListenRow {
  readonly lookup: Lookup;
  /** events that came before then are not for it, ms */
  readonly since: number;
  /** the filters that are found by this lookup */
  readonly subscription: Subscription;
}

/** Which row of a subscription: the lookups of one identity are counted from 0. */
export interface SubscriptionPlace {
  /** home of the run */
  readonly partition: number;
  /** of the parked row */
  readonly identity: number;
  readonly nth: number;
}

export interface SubscriptionRow extends ListenRow, SubscriptionPlace {
  readonly run: string;
  readonly strand: string;
}

export interface KeptEvent {
  /** of its first copy */
  readonly place: EventPlace;
  /** when that was appended, ms */
  readonly time: number;
  readonly event: CloudEvent;
  /** one by which it can be found: kept beside it, for those who listen later */
  readonly lookup: Lookup;
}

/** A parked strand and an event that fits its subscription. */
export interface Match {
  /** home of the run */
  readonly partition: number;
  readonly identity: number;
  readonly event: EventPlace;
}

/** What a run was matched with before: it is not to hear that again. */
export interface Heard {
  readonly run: string;
  readonly strand: string;
  readonly event: EventPlace;
}

export interface NumberedMatch {
  readonly number: number;
  readonly identity: number;
  readonly kept: KeptEvent;
}

/** What `match` moves, if it stands at `from`. */
export type Progress =
  /** the correlator of a partition of the events log has got to `to` */
  | { readonly events: number; readonly from: number | undefined; readonly to: number }
  /** subscriptions of a home partition below `to` have been compared with what was kept before them */
  | { readonly looked: number; readonly from: number; readonly to: number };

export interface EventStore {
  /** Where the correlator of that partition of the events log goes on; undefined = nobody began yet. */
  correlated(partition: number): PromiseLike<number | undefined>;
  /**
   * Keeps events of one partition of the events log, if its correlator stands at `from`. Copies are told
   * by (source, id): answers with the offsets of those that are first copies, now or from an earlier call.
   */
  keep(
    partition: number,
    from: number | undefined,
    events: readonly KeptEvent[],
  ): PromiseLike<ReadonlySet<number> | 'stale'>;
  /** By what subscriptions for events of these types, or of any type, are found. */
  lookups(types: readonly string[]): PromiseLike<readonly Omit<Lookup, 'key'>[]>;
  /** For each of these, the subscriptions that it finds, in order of place and beyond `after`, at most
   *  `limit` each. */
  subscribed(
    lookups: readonly (Lookup & { readonly after?: SubscriptionPlace })[],
    limit: number,
  ): PromiseLike<readonly (readonly SubscriptionRow[])[]>;
  /** Matches of these runs with these events. */
  heard(runs: readonly string[], events: readonly EventPlace[]): PromiseLike<readonly Heard[]>;
  /** Makes matches and moves `progress`, or neither. */
  match(matches: readonly Match[], progress?: Progress): PromiseLike<'matched' | 'stale'>;
  /** Subscriptions of a home partition that have not been compared with what was kept before them: all
   *  rows of the next `limit` identities, in order of place; and the progress that these make. */
  unlooked(
    partition: number,
    limit: number,
  ): PromiseLike<{
    readonly from: number;
    readonly to: number;
    readonly rows: readonly SubscriptionRow[];
  }>;
  /** Kept events that may fit a subscription with this lookup, from `since` on and beyond `after`, in the
   *  order of their arrival. */
  kept(
    lookup: Lookup,
    since: number,
    after: { readonly time: number; readonly place: EventPlace } | undefined,
    limit: number,
  ): PromiseLike<readonly KeptEvent[]>;
  /**
   * Matches with numbers beyond `after` of subscriptions that are there, by number, and up to which number
   * that is; undefined = all of them. `listening`: the partition has subscriptions.
   */
  matches(
    partition: number,
    after: number | undefined,
    limit: number,
  ): PromiseLike<{
    readonly matches: readonly NumberedMatch[];
    readonly upTo: number;
    readonly listening: boolean;
  }>;
  /** Forgets events of that partition of the events log that came before `before` (ms), with their
   *  matches; not those that somebody has yet to hear, nor those that were not correlated. Says how many. */
  purge(partition: number, before: number, limit: number): PromiseLike<number>;
}
