/*
 * Membership: who runs the partitions of a file. One member of one process at a time has all of them.
 *
 * M1. A member is assigned the partitions only while this process holds the owner's lock.
 * M2. Members are served in the order in which they joined; a member that leaves is never called again.
 * M3. An assignment is confirmed again and again: an owner that met a foreign CLAIM waits for that (R9).
 * M4. A file goes as a whole: who cannot run one partition leaves all of them to another process, once
 *     what is still to be written had its time (R21).
 * M5. Waiting for another process is a poll whose timers do not keep this one alive.
 */
import type { Member } from '../../ports/index.ts';
import { READER } from '../../wire/index.ts';

const POLL_MS = 100;
const CONFIRM_MS = 3_000;
/** What closing the partitions may take before the lock is given up, ms. */
const DECLINE_MS = 2_000;

export interface MembershipOptions {
  readonly partitions: readonly number[];
  /** gives back how to unlock; undefined when another process has the lock */
  readonly lock: () => (() => void) | undefined;
  /** called when this process has become the owner, in the turn of the assignment */
  readonly owning: () => void;
  /** writes what is submitted: the next owner's CLAIM comes after it */
  readonly settle: () => void;
}

export class Membership {
  readonly #options: MembershipOptions;
  /** the first one is, or is to be, assigned */
  #members: Member[] = [];
  #assigned: Member | undefined;
  #unlock: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;
  #declined = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  get isOwner(): boolean {
    return this.#assigned !== undefined;
  }

  join(member: Member): () => void {
    // a wrapper, so that the same object can join twice
    const joined: Member = {
      assigned: (partitions, reader) => member.assigned(partitions, reader),
      revoked: (partitions) => member.revoked(partitions),
    };
    this.#members.push(joined);
    this.#trySoon();
    return () => this.#leave(joined);
  }

  /** M4 */
  decline(): void {
    if (this.#declined) return;
    this.#declined = true;
    const member = this.#assigned;
    if (member === undefined) return;
    this.#assigned = undefined;
    clearTimeout(this.#timer);
    member.revoked(this.#options.partitions);
    this.#timer = setTimeout(() => {
      this.#options.settle();
      this.#release();
    }, DECLINE_MS).unref();
  }

  close(): void {
    this.#members = [];
    this.#release();
    clearTimeout(this.#timer);
  }

  #leave(member: Member): void {
    this.#members = this.#members.filter((other) => other !== member);
    if (this.#assigned === member) {
      this.#options.settle();
      this.#assigned = undefined;
      clearTimeout(this.#timer);
    }
    if (this.#members.length === 0 || this.#declined) this.#release();
    else this.#trySoon();
  }

  #release(): void {
    this.#assigned = undefined;
    this.#unlock?.();
    this.#unlock = undefined;
  }

  /** Not at once: nobody is called back before `join` has returned. */
  #trySoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#try();
    });
  }

  #try(): void {
    const member = this.#members[0];
    if (member === undefined || this.#assigned !== undefined || this.#declined) return;
    this.#unlock ??= this.#lock();
    if (this.#unlock === undefined) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#try(), POLL_MS).unref();
      return;
    }
    this.#assigned = member;
    this.#options.owning();
    this.#confirm(member);
  }

  /** A lock that cannot even be asked for (out of file handles) is asked for again, like one that is taken. */
  #lock(): (() => void) | undefined {
    try {
      return this.#options.lock();
    } catch {
      return undefined;
    }
  }

  /** M3 */
  #confirm(member: Member): void {
    if (this.#assigned !== member) return;
    // one process at a time
    member.assigned(this.#options.partitions, READER);
    this.#timer = setTimeout(() => this.#confirm(member), CONFIRM_MS).unref();
  }
}
