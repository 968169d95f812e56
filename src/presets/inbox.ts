/*
 * What a client appends: single records, from whoever starts runs at the moment. Those that come while an
 * append to their partition is under way share the next one: a request for each start costs client and
 * broker more than the run does.
 *
 * I1. Nothing waits but for appends that are under way: who comes alone is sent at once.
 * I2. Records are refused or lost together only for reasons that they share: a record that is too large, or
 *     makes a batch too large, travels alone.
 */
import type { Appended, Broker } from '../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../wire/index.ts';

/** Appends to one partition at once: the answers of a cluster may be far. */
const UNDER_WAY_MAX = 2;

interface Waiting {
  readonly record: Uint8Array;
  readonly landed: (appended: Appended) => void;
  readonly failed: (error: unknown) => void;
}

interface Queue {
  underWay: number;
  waiting: Waiting[];
}

export class Inbox {
  private readonly broker: Pick<Broker, 'append'>;
  private readonly queues = new Map<number, Queue>();

  constructor(broker: Pick<Broker, 'append'>) {
    this.broker = broker;
  }

  append(partition: number, record: Uint8Array): Promise<Appended> {
    const queue = this.queues.get(partition) ?? { underWay: 0, waiting: [] };
    this.queues.set(partition, queue);
    const appended = new Promise<Appended>((landed, failed) => {
      queue.waiting.push({ record, landed, failed });
    });
    this.send(partition, queue);
    return appended;
  }

  private send(partition: number, queue: Queue): void {
    while (queue.underWay < UNDER_WAY_MAX && queue.waiting.length > 0) {
      const together = take(queue.waiting);
      queue.waiting = queue.waiting.slice(together.length);
      queue.underWay++;
      const over = (): void => {
        queue.underWay--;
        this.send(partition, queue);
      };
      this.broker
        .append(
          partition,
          together.map(({ record }) => record),
        )
        .then(
          ({ base, time }) => {
            for (const [nth, { landed }] of together.entries()) landed({ base: base + nth, time });
            over();
          },
          (error: unknown) => {
            for (const { failed } of together) failed(error);
            over();
          },
        );
    }
  }
}

/** I2. The first ones, at least one. */
function take(waiting: readonly Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { record } of waiting) {
    bytes += record.length;
    const fits = bytes <= BATCH_BYTES_MAX && record.length <= RECORD_BYTES_MAX;
    if (count > 0 && (!fits || count === BATCH_RECORDS_MAX)) break;
    count++;
    if (!fits) break;
  }
  return waiting.slice(0, count);
}
