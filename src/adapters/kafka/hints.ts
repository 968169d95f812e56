/*
 * Hints (R10) as committed offsets of a group that nobody is a member of. Written together and late; a
 * hint that is lost or stale costs reading, never correctness: saving one is never an error.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { check, isComing, KafkaError } from './kafka-error.ts';
import { AGAIN_MS, HINT_MS, MOVING_MS_MAX } from './limits.ts';
import type { Link } from './link.ts';

interface Answer {
  readonly responses: readonly {
    readonly partitions: readonly { partition: number; errorCode: number; offset: string }[];
  }[];
}

export class Hints {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #topic: string;
  readonly #unsaved = new Map<number, number>();
  #link: Link | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, group: string, topic: string) {
    this.#cluster = cluster;
    this.#group = group;
    this.#topic = topic;
  }

  save(partition: number, offset: number): void {
    this.#unsaved.set(partition, offset);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, HINT_MS);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsaved.size === 0) return;
    const partitions = [...this.#unsaved].map(([partition, offset]) => ({
      partition,
      offset: String(offset),
      metadata: null,
    }));
    this.#unsaved.clear();
    try {
      const answer = await this.#ask<Answer>('OffsetCommit', {
        groupId: this.#group,
        groupGenerationId: -1,
        memberId: '',
        topics: [{ topic: this.#topic, partitions }],
      });
      for (const { errorCode } of answer.responses[0]?.partitions ?? []) check('hints', errorCode);
    } catch {
      this.#link = undefined;
    }
  }

  async get(partition: number): Promise<number | undefined> {
    const unsaved = this.#unsaved.get(partition);
    if (unsaved !== undefined) return unsaved;
    const until = performance.now() + MOVING_MS_MAX;
    for (;;) {
      try {
        return await this.#get(partition);
      } catch (error) {
        this.#link = undefined;
        if (error instanceof KafkaError && error.code === 'not-authorised') return undefined;
        // without a hint all is read from the begin: worth waiting for a coordinator that is just coming
        if (!isComing(error) || performance.now() > until) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }

  async #get(partition: number): Promise<number | undefined> {
    const answer = await this.#ask<Answer & { errorCode?: number }>('OffsetFetch', {
      groupId: this.#group,
      topics: [{ topic: this.#topic, partitions: [{ partition }] }],
    });
    check('hints', answer.errorCode ?? 0);
    const found = answer.responses[0]?.partitions[0];
    check('hints', found?.errorCode ?? 0);
    const offset = Number(found?.offset ?? -1);
    return offset < 0 ? undefined : offset;
  }

  async #ask<T>(api: string, args: unknown): Promise<T> {
    this.#link ??= await this.#cluster.coordinator(this.#group, 'control');
    return this.#link.send<T>(api, args);
  }
}
