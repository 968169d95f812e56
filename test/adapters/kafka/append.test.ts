/* What an answer of the broker, or none, means to the runtime: refused needs proof (append.ts, A1, A2). */
import { describe, expect, test } from 'vitest';
import { Appender, outcomeOf, unanswered } from '../../../src/adapters/kafka/append.ts';
import type { Cluster } from '../../../src/adapters/kafka/cluster.ts';
import { NotSent } from '../../../src/adapters/kafka/connection.ts';
import type { Produced } from '../../../src/adapters/kafka/hot-requests.ts';
import { KafkaError } from '../../../src/adapters/kafka/kafka-error.ts';
import { Notices } from '../../../src/adapters/kafka/notices.ts';
import { AppendRefused } from '../../../src/ports/index.ts';

const REFUSED: readonly (readonly [code: number, AppendRefused['code'], retriable: boolean])[] = [
  [3, 'not-leader', true],
  [6, 'not-leader', true],
  [10, 'too-large', false],
  [18, 'too-large', false],
  [19, 'not-leader', true],
  [29, 'unauthorised', false],
  [31, 'unauthorised', false],
];

describe('an answer', () => {
  test.each(REFUSED)('%i without an offset is refused', (errorCode, code, retriable) => {
    const outcome = outcomeOf({ errorCode, base: -1, time: -1 }, 'here');
    expect(outcome).toBeInstanceOf(AppendRefused);
    expect(outcome).toMatchObject({ code, retriable });
  });

  test.each(REFUSED)('%i with an offset came after the append: unknown', (errorCode) => {
    expect(outcomeOf({ errorCode, base: 7, time: -1 }, 'here')).toBeInstanceOf(KafkaError);
  });

  test('every other code is unknown, those of an append that was made among them', () => {
    const refused = new Set(REFUSED.map(([code]) => code));
    for (let errorCode = -1; errorCode <= 130; errorCode++) {
      if (errorCode === 0 || refused.has(errorCode)) continue;
      const outcome = outcomeOf({ errorCode, base: -1, time: -1 }, 'here');
      expect(outcome, `code ${errorCode}`).toBeInstanceOf(Error);
      expect(outcome, `code ${errorCode}`).not.toBeInstanceOf(AppendRefused);
    }
    for (const errorCode of [7, 20]) {
      expect(outcomeOf({ errorCode, base: -1, time: -1 }, 'here')).toBeInstanceOf(KafkaError);
    }
  });

  test('a success without an offset is unknown', () => {
    expect(outcomeOf({ errorCode: 0, base: -1, time: 5 }, 'here')).toBeInstanceOf(KafkaError);
    expect(outcomeOf({ errorCode: 0, base: 0, time: 5 }, 'here')).toEqual({ base: 0, time: 5 });
  });
});

describe('no answer', () => {
  test('is unknown', () => {
    const lost = new Error('Closed connection');
    expect(unanswered(lost)).toBe(lost);
    const late = new Error('Request Produce(key: 0, version: 7) timed out');
    expect(unanswered(late)).toBe(late);
  });

  test('is refused, for now, if the request never left', () => {
    for (const error of [
      new NotSent('no connection'),
      new NotSent('x', { cause: new KafkaError('unreachable', 'x') }),
    ]) {
      expect(unanswered(error)).toBeInstanceOf(AppendRefused);
      expect(unanswered(error)).toMatchObject({ code: 'not-leader', retriable: true });
    }
  });

  test('is refused for good if this user may not even ask', () => {
    const error = new NotSent('x', { cause: new KafkaError('not-authorised', 'x') });
    expect(unanswered(error)).toMatchObject({ code: 'unauthorised', retriable: false });
  });
});

/** A cluster of one node that answers what it is told to. */
function appender(answers: readonly (Produced | Error)[]): {
  readonly appender: Appender;
  readonly said: string[];
  readonly stale: { count: number };
  readonly sent: number[];
} {
  const said: string[] = [];
  const stale = { count: 0 };
  const sent: number[] = [];
  let next = 0;
  const cluster = {
    leaderNow: () => 1,
    leader: () => Promise.resolve(1),
    stale: () => void stale.count++,
    moved: () => void stale.count++,
    link: () => ({
      hot: (_request: unknown, { batch }: { batch: Buffer }) => {
        sent.push(batch.length);
        const answer = answers[next++] as Produced | Error;
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    }),
  };
  const notices = new Notices((one) => said.push(one));
  const made = new Appender(cluster as unknown as Cluster, 'topic', notices);
  return { appender: made, said, stale, sent };
}

function answer(errorCode: number, base = -1, time = -1): Produced {
  return { errorCode, base, time, clientSideThrottleTime: 0 };
}

const BATCH = [Uint8Array.of(1), Uint8Array.of(2)];

describe('an append', () => {
  test('is sent once, whatever comes of it', async () => {
    const { appender: one, sent } = appender([answer(7), answer(0, 3, 99)]);
    await expect(one.append(0, BATCH)).rejects.toBeInstanceOf(KafkaError);
    expect(sent).toHaveLength(1);
    expect(await one.append(0, BATCH)).toEqual({ base: 3, time: 99 });
    expect(sent).toHaveLength(2);
  });

  test('has the leaders looked up anew when they have moved, and when the line was lost', async () => {
    const { appender: one, stale } = appender([answer(6), new Error('gone'), answer(10)]);
    await expect(one.append(0, BATCH)).rejects.toMatchObject({ code: 'not-leader' });
    expect(stale.count).toBe(1);
    await expect(one.append(0, BATCH)).rejects.toThrow('gone');
    expect(stale.count).toBe(2);
    await expect(one.append(0, BATCH)).rejects.toMatchObject({ code: 'too-large' });
    expect(stale.count).toBe(2);
  });

  test('tells of trouble once, and once when it is over', async () => {
    const { appender: one, said } = appender([answer(7), answer(7), answer(20), answer(0, 0, 1)]);
    for (let i = 0; i < 3; i++) await expect(one.append(0, BATCH)).rejects.toThrow('(');
    expect(said).toHaveLength(1);
    await one.append(0, BATCH);
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/fine again/);
  });

  test('without LogAppendTime has the time at which it was made', async () => {
    const before = Date.now();
    const { time } = await appender([answer(0, 0, -1)]).appender.append(0, BATCH);
    expect(time).toBeGreaterThanOrEqual(before);
  });
});
