/*
 * One member of the group of runners. The group is used for assignment only: no offsets are committed in
 * it, and the protocol does not rely on it (B4).
 *
 * G1. What stays assigned through a rebalance is not revoked: work goes on, the Log decides (R3, R4).
 * G2. `assigned` is said after each join and again after each heartbeat that the coordinator has
 *     accepted: that is the confirmation which R9 asks for.
 * G3. Losing touch revokes nothing by itself: nobody can know whether others have taken over. When the
 *     coordinator says that the membership is over, everything is revoked at once.
 * G4. What this process declines it says when it joins, and gives up at once (R21).
 * G5. A member that has left is never called again; it tells the coordinator so as soon as it can.
 */
import type { Member } from '../../ports/index.ts';
import { assign } from './assigner.ts';
import type { Cluster, Lane } from './cluster.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './group-words.ts';
import { check, isComing, KAFKA, nameOf } from './kafka-error.ts';
import { RECONNECT_MS_FIRST, RECONNECT_MS_MAX, REQUEST_MS_MAX } from './limits.ts';
import { type Link, reasonOf } from './link.ts';
import type { Notices } from './notices.ts';

export interface GroupOptions {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  /** the newest record format that this process reads */
  readonly reader: number;
}

const PROTOCOL = 'waybill';

interface Joined {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { memberId: string; memberMetadata: Buffer }[];
}

export class Membership {
  readonly #cluster: Cluster;
  readonly #options: GroupOptions;
  readonly #notices: Notices;
  readonly #lane: Lane;
  #member: Member | undefined;
  #owned: readonly number[] = [];
  readonly #declined: Set<number>;
  #memberId = '';
  #generation = -1;
  #isMember = false;
  #link: Link | undefined;
  #wake: (() => void) | undefined;
  #lowestReader = 0;
  /** resolves when the coordinator has been told */
  readonly gone: Promise<void>;

  constructor(
    cluster: Cluster,
    options: GroupOptions,
    notices: Notices,
    lane: Lane,
    member: Member,
    declined: Iterable<number> = [],
  ) {
    this.#declined = new Set(declined);
    this.#cluster = cluster;
    this.#options = options;
    this.#notices = notices;
    this.#lane = lane;
    this.#member = member;
    this.gone = this.#run();
  }

  /** What every member can read (R21); 0 = not known. */
  get lowestReader(): number {
    return this.#lowestReader;
  }

  /** G4 */
  decline(partition: number): void {
    this.#declined.add(partition);
    if (!this.#owned.includes(partition)) return;
    this.#owned = this.#owned.filter((one) => one !== partition);
    this.#member?.revoked([partition]);
    this.#isMember = false;
    this.#wake?.();
  }

  leave(): void {
    this.#member = undefined;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let delay = RECONNECT_MS_FIRST;
    const about = `group ${this.#options.group}`;
    // nobody is called back before `join` has returned
    await this.#pause(0);
    while (this.#member !== undefined) {
      try {
        if (this.#isMember) {
          await this.#pause(this.#options.heartbeatMs);
          if (this.#member !== undefined) await this.#heartbeat();
        } else await this.#join();
        delay = RECONNECT_MS_FIRST;
        if (this.#isMember) this.#notices.over(about);
      } catch (error) {
        this.#link = undefined;
        this.#cluster.stale();
        if (!isComing(error)) this.#notices.trouble(about, reasonOf(error));
        await this.#pause(delay);
        delay = Math.min(RECONNECT_MS_MAX, delay * 2);
      }
    }
    await this.#sayLeave();
    this.#cluster.dropLane(this.#lane);
  }

  async #ask<T>(api: string, args: object, requestMs?: number): Promise<T> {
    this.#link ??= await this.#cluster.coordinator(this.#options.group, this.#lane);
    return this.#link.send<T>(api, { groupId: this.#options.group, ...args }, requestMs);
  }

  // -- joining -----------------------------------------------------------------------------------

  async #join(): Promise<void> {
    const { topic, reader, sessionMs } = this.#options;
    const said = {
      reader,
      owned: this.#owned,
      generation: this.#generation,
      declined: [...this.#declined],
    };
    const joined = await this.#ask<Joined>(
      'JoinGroup',
      {
        memberId: this.#memberId,
        sessionTimeout: sessionMs,
        rebalanceTimeout: sessionMs,
        protocolType: 'consumer',
        groupProtocols: [{ name: PROTOCOL, metadata: encodeSubscription(topic, said) }],
      },
      // the answer waits for the other members
      sessionMs + REQUEST_MS_MAX,
    );
    if (joined.errorCode === KAFKA.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      return;
    }
    if (this.#over(joined.errorCode)) return;
    check('joining', joined.errorCode);
    this.#memberId = joined.memberId;
    if (this.#member === undefined) return;
    await this.#sync(joined);
  }

  async #sync({ generationId, leaderId, memberId, members }: Joined): Promise<void> {
    const answer = await this.#ask<{ errorCode: number; memberAssignment: Buffer }>('SyncGroup', {
      generationId,
      memberId,
      groupAssignment: leaderId === memberId ? this.#assignments(members) : [],
    });
    if (answer.errorCode === KAFKA.REBALANCE_IN_PROGRESS) return;
    if (this.#over(answer.errorCode)) return;
    check('joining', answer.errorCode);
    const { partitions, reader } = decodeAssignment(answer.memberAssignment);
    this.#generation = generationId;
    this.#isMember = true;
    this.#lowestReader = reader;
    this.#take(partitions);
  }

  /** By the one member whom the coordinator has chosen to do it. */
  #assignments(members: Joined['members']): readonly object[] {
    const { topic, partitions } = this.#options;
    const all = members.map(({ memberId, memberMetadata }) => ({
      id: memberId,
      ...decodeSubscription(memberMetadata),
    }));
    const reader = Math.min(...all.map((one) => one.reader));
    return [...assign(all, partitions)].map(([memberId, share]) => ({
      memberId,
      memberAssignment: encodeAssignment(topic, { partitions: share, reader }),
    }));
  }

  /** G1 */
  #take(given: readonly number[]): void {
    const partitions = given.filter((one) => !this.#declined.has(one));
    // declined while the group was joined: it is to be said as well
    if (partitions.length < given.length) this.#isMember = false;
    const now = new Set(partitions);
    const lost = this.#owned.filter((partition) => !now.has(partition));
    this.#owned = partitions;
    if (lost.length > 0) this.#member?.revoked(lost);
    this.#confirm();
  }

  #confirm(): void {
    if (this.#owned.length > 0) this.#member?.assigned(this.#owned, this.#lowestReader);
  }

  // -- being a member ----------------------------------------------------------------------------

  async #heartbeat(): Promise<void> {
    const { errorCode } = await this.#ask<{ errorCode: number }>('Heartbeat', {
      groupGenerationId: this.#generation,
      memberId: this.#memberId,
    });
    if (errorCode === KAFKA.REBALANCE_IN_PROGRESS) this.#isMember = false;
    else if (!this.#over(errorCode)) {
      check('heartbeat', errorCode);
      this.#confirm();
    }
  }

  /** G3 */
  #over(errorCode: number): boolean {
    if (errorCode !== KAFKA.UNKNOWN_MEMBER_ID && errorCode !== KAFKA.ILLEGAL_GENERATION)
      return false;
    if (errorCode === KAFKA.UNKNOWN_MEMBER_ID) this.#memberId = '';
    this.#isMember = false;
    const lost = this.#owned;
    this.#owned = [];
    if (lost.length > 0) {
      this.#notices.tell(
        `group ${this.#options.group}: this member was out (${nameOf(errorCode)}) and joins anew`,
      );
      this.#member?.revoked(lost);
    }
    return true;
  }

  /** G5 */
  async #sayLeave(): Promise<void> {
    const memberId = this.#memberId;
    if (memberId === '') return;
    try {
      await this.#ask('LeaveGroup', { memberId, members: [{ memberId }] });
    } catch {
      // the session ends by itself
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#wake = end;
    });
  }
}
