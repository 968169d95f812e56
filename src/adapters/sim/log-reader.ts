/*
 * Reader: a place in a simulated Log, and whoever reads on from there. Answers come in pieces of any
 * size, as they do over a network.
 */
import type { LogReader, StoredRecord } from '../../ports/index.ts';
import type { Point } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import { Later } from './later.ts';
import type { Log } from './log.ts';
import type { Life } from './process.ts';

/** Records that one answer to a reader holds at most. */
const READ_RECORDS_MAX = 500;

export class Reader implements LogReader {
  position: number;
  private readonly log: Log;
  private readonly gate: Gate;
  private readonly life: Life;
  private readonly point: Point;
  private closed = false;
  private asking = false;

  constructor(log: Log, gate: Gate, life: Life, point: Point, offset: number) {
    this.log = log;
    this.gate = gate;
    this.life = life;
    this.point = point;
    this.position = offset;
  }

  next(): PromiseLike<readonly StoredRecord[]> {
    if (this.asking) throw new Error('one call of next at a time');
    this.asking = true;
    const answer = new Later<readonly StoredRecord[]>(this.life.soon);
    this.ask(answer);
    return answer;
  }

  skipTo(offset: number): void {
    if (offset > this.position) this.position = offset;
  }

  close(): void {
    this.closed = true;
  }

  private ask(answer: Later<readonly StoredRecord[]>): void {
    if (this.closed) return;
    const { gate, life, point } = this;
    const heard = gate.request<readonly StoredRecord[]>(life, {
      point,
      perform: (reply) => this.poll(reply),
    });
    heard.then(
      (records) => this.take(records, answer),
      (error: unknown) => {
        this.asking = false;
        if (!this.closed) answer.reject(error);
      },
    );
  }

  /** The server's side: answers as soon as there is something, with more or less of it. */
  private poll(reply: Reply<readonly StoredRecord[]>): void {
    const { log, position } = this;
    if (this.closed) return;
    if (log.leaderless > 0) {
      // As a real client does, it finds the next leader by itself and asks again.
      log.waiting.push(() => this.poll(reply));
      return;
    }
    const outside = log.check(position);
    if (outside !== undefined) {
      reply.fail(outside);
    } else if (position < log.end) {
      const { partition, point: call } = this.point;
      const chunk = call === 'next' ? 'chunk' : 'events-chunk';
      const draw = this.gate.random(this.life, chunk, partition)();
      const most = draw < 0.15 ? 1 + Math.floor(draw * 40) : READ_RECORDS_MAX;
      reply.ok(log.slice(position, Math.min(log.end, position + most)));
    } else {
      log.waiting.push(() => this.poll(reply));
    }
  }

  private take(records: readonly StoredRecord[], answer: Later<readonly StoredRecord[]>): void {
    if (this.closed) return;
    // The caller may have passed over some of them while they were on their way.
    const fresh = records.filter((record) => record.offset >= this.position);
    const last = fresh.at(-1);
    if (last === undefined) {
      this.ask(answer);
      return;
    }
    this.asking = false;
    this.position = last.offset + 1;
    answer.resolve(fresh);
  }
}
