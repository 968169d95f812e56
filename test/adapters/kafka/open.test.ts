/* Starting: what is wrong is one clear error, and nothing stays open. On a real broker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, ConfigResourceTypes, Kafka as Theirs, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  KafkaError,
  type KafkaOptions,
  openKafka,
  openKafkaAdmin,
} from '../../../src/adapters/kafka/index.ts';
import { AppendRefused } from '../../../src/ports/index.ts';
import { draft, numbered } from '../../../src/runtime/unit.ts';
import { encodeRecord, FORMAT } from '../../../src/wire/index.ts';
import { testBroker, USER } from '../../live/broker/index.ts';
import { freshPrefix, kafkaWorld } from './kafka-world.ts';

const found = await testBroker();

if ('missing' in found) {
  test('kafka', (context) => context.skip(found.missing));
} else {
  const { brokers, sasl } = found;
  /** an independent client, to make topics as they should not be */
  const admin: Admin = new Theirs({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(async () => {
    await admin.disconnect();
    await found.close();
  });

  const GOOD: Readonly<Record<string, string>> = {
    'retention.ms': '-1',
    'message.timestamp.type': 'LogAppendTime',
  };

  const GOOD_EVENTS = { 'retention.ms': '604800000', 'message.timestamp.type': 'LogAppendTime' };

  const make = async (
    prefix: string,
    commands: Readonly<Record<string, string>>,
    definitions: Readonly<Record<string, string>> = { 'cleanup.policy': 'compact' },
    events: Readonly<Record<string, string>> = GOOD_EVENTS,
  ): Promise<void> => {
    const entries = (of: Readonly<Record<string, string>>): { name: string; value: string }[] =>
      Object.entries(of).map(([name, value]) => ({ name, value }));
    await admin.createTopics({
      // the client gives up on a topic that the broker does not know for a moment
      waitForLeaders: false,
      topics: [
        { topic: `${prefix}.commands`, numPartitions: 2, configEntries: entries(commands) },
        { topic: `${prefix}.events`, numPartitions: 3, configEntries: entries(events) },
        { topic: `${prefix}.definitions`, numPartitions: 1, configEntries: entries(definitions) },
      ],
    });
    const made = ['commands', 'events', 'definitions'].map((name) => `${prefix}.${name}`);
    const known = (): Promise<unknown> => admin.fetchTopicMetadata({ topics: made });
    while (
      await known().then(
        () => false,
        () => true,
      )
    ) {
      await sleep(50);
    }
  };

  const refusal = async (options: Partial<KafkaOptions>): Promise<KafkaError> => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    const error: unknown = await openKafka({ brokers, prefix: freshPrefix(), ...options }).then(
      async (kafka) => {
        await kafka.close();
        return new Error('it was opened');
      },
      (reason: unknown) => reason,
    );
    await sleep(50);
    expect(sockets()).toBeLessThanOrEqual(before);
    expect(error).toBeInstanceOf(KafkaError);
    expect((error as KafkaError).message).toContain((error as KafkaError).remedy);
    return error as KafkaError;
  };

  describe('brokers and credentials', () => {
    test('nobody listens', async () => {
      expect(await refusal({ brokers: ['127.0.0.1:1'] })).toMatchObject({ code: 'unreachable' });
    });

    test('one of two listens: that is enough', async () => {
      const kafka = await openKafka({
        brokers: ['127.0.0.1:1', ...brokers],
        prefix: freshPrefix(),
        create: true,
      });
      await kafka.close();
    });

    test('addresses and names that are none', async () => {
      for (const options of [
        { brokers: ['localhost'] },
        { brokers: [] },
        { prefix: 'with space' },
      ]) {
        expect(await refusal(options)).toMatchObject({ code: 'wrong-option' });
      }
    });

    test('TLS where there is none', async () => {
      const { code } = await refusal({ tls: true, connectMs: 1_000 });
      expect(['tls', 'unreachable']).toContain(code);
    });

    test('the right user by each mechanism, and the wrong password', async (context) => {
      if (sasl === undefined) return context.skip('this broker has no SASL listener for tests');
      for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
        const prefix = freshPrefix();
        const kafka = await openKafka({
          brokers: sasl,
          prefix,
          sasl: { mechanism, ...USER },
          create: true,
          partitions: 1,
        });
        expect((await kafka.broker.append(0, [Uint8Array.of(1)])).base).toBe(0);
        await kafka.close();
        const wrong = { mechanism, ...USER, password: 'guessed' };
        const error = await refusal({ brokers: sasl, sasl: wrong });
        expect(error).toMatchObject({ code: 'credentials' });
        expect(error.message).toContain(mechanism);
        expect(error.message).not.toContain('guessed');
      }
    }, 30_000);

    test('no user where one is asked for', async (context) => {
      if (sasl === undefined) return context.skip('this broker has no SASL listener for tests');
      const { code } = await refusal({ brokers: sasl, connectMs: 2_000 });
      expect(['credentials', 'unreachable']).toContain(code);
    });
  });

  describe('topics', () => {
    test('are missing', async () => {
      const error = await refusal({});
      expect(error).toMatchObject({ code: 'missing-topic' });
      expect(error.message).toMatch(
        /commands does not exist.*events does not exist.*definitions does not exist/,
      );
    });

    test('are made as they must be, once', async () => {
      const prefix = freshPrefix();
      const own = await openKafkaAdmin({ brokers, prefix, partitions: 5 });
      expect((await own.checkTopics()).map(({ code }) => code)).toEqual([
        'missing-topic',
        'missing-topic',
        'missing-topic',
      ]);
      const { commands, events, definitions } = own.topics;
      expect(await own.createTopics()).toEqual([commands, events, definitions]);
      expect(await own.createTopics()).toEqual([]);
      const findings = await own.checkTopics();
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      own.close();
      const kafka = await openKafka({ brokers, prefix });
      expect(kafka.broker.partitions).toBe(5);
      expect(kafka.events.partitions).toBe(5);
      await kafka.close();
    });

    test('with more replicas than brokers', async (context) => {
      if (found.kind === 'given') return context.skip('who knows how many brokers there are');
      const error = await refusal({ create: true, replication: 9 });
      expect(error).toMatchObject({ code: 'replication' });
      return undefined;
    });

    test('on one broker are a warning, told once', async (context) => {
      if (found.kind === 'given') return context.skip('who knows how many brokers there are');
      const world = await kafkaWorld(brokers);
      await world.close();
      const about = world.notices.filter((said) => said.includes('on one broker only'));
      expect(about).toHaveLength(3);
      return undefined;
    });

    test('with another number of partitions', async () => {
      const prefix = freshPrefix();
      await make(prefix, GOOD);
      const error = await refusal({ prefix, partitions: 16 });
      expect(error).toMatchObject({ code: 'wrong-partitions' });
      expect(error.message).toContain('has 2 partitions, not 16');
    });

    test('with another number of partitions than the Log was begun with', async () => {
      const world = await kafkaWorld(brokers);
      const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
      const genesis = { prefix: world.prefix, partitions: 2, format: FORMAT };
      const body = { kind: 'CLAIM', mark, genesis, takeovers: new Map<number, number>() } as const;
      const place = { tenure: 0, nonce: 5, n: 0, unit: 0, unitSize: 1, targets: [] };
      const claim = numbered(draft('CLAIM', body), { ...place, time: Date.now() }, FORMAT);
      await world.kafka.broker.append(1, [Uint8Array.of(9)]);
      await world.kafka.broker.append(1, [encodeRecord(claim)]);
      const error = await refusal({ prefix: world.prefix });
      expect(error).toMatchObject({ code: 'wrong-partitions' });
      expect(error.message).toContain('with 2 partitions');
      await world.close();
    });

    const WRONG: readonly (readonly [name: string, value: string, code: string])[] = [
      ['max.message.bytes', '500000', 'record-limit'],
      ['retention.ms', '604800000', 'unsafe-topic'],
      ['retention.bytes', '1000000', 'unsafe-topic'],
      ['cleanup.policy', 'compact', 'unsafe-topic'],
      ['message.timestamp.type', 'CreateTime', 'unsafe-topic'],
      ['unclean.leader.election.enable', 'true', 'unsafe-topic'],
      ['compression.type', 'gzip', 'unsafe-topic'],
    ];
    test.each(WRONG)('with %s = %s', async (name, value, code) => {
      const prefix = freshPrefix();
      await make(prefix, { ...GOOD, [name]: value });
      const error = await refusal({ prefix });
      expect(error).toMatchObject({ code });
      expect(error.message).toContain(name);
    });

    test.each([
      ['retention.ms', '3600000'],
      ['cleanup.policy', 'compact'],
      ['message.timestamp.type', 'CreateTime'],
    ])('of events with %s = %s', async (name, value) => {
      const prefix = freshPrefix();
      await make(prefix, GOOD, undefined, { ...GOOD_EVENTS, [name]: value });
      const error = await refusal({ prefix });
      expect(error).toMatchObject({ code: 'unsafe-topic' });
      expect(error.message).toContain(`${prefix}.events ${name}`);
    });

    test('of events may be as many as they are', async () => {
      const prefix = freshPrefix();
      await make(prefix, GOOD);
      const kafka = await openKafka({ brokers, prefix, partitions: 2 });
      expect([kafka.broker.partitions, kafka.events.partitions]).toEqual([2, 3]);
      await kafka.close();
    });

    test('of Definitions that forget', async () => {
      const prefix = freshPrefix();
      await make(prefix, GOOD, {});
      const error = await refusal({ prefix });
      expect(error).toMatchObject({ code: 'unsafe-topic' });
      expect(error.message).toContain('definitions cleanup.policy is delete');
    });

    test('whose limit was lowered since: the broker refuses, and that is certain', async () => {
      const world = await kafkaWorld(brokers);
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: world.kafka.topics.commands,
            configEntries: [{ name: 'max.message.bytes', value: '1000' }],
          },
        ],
      });
      const large = new Uint8Array(5_000);
      let error: unknown;
      for (let tries = 0; tries < 50 && error === undefined; tries++) {
        error = await world.kafka.broker.append(0, [large]).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        await sleep(20);
      }
      expect(error).toBeInstanceOf(AppendRefused);
      expect(error).toMatchObject({ code: 'too-large', retriable: false });
      await world.kafka.broker.append(0, [new Uint8Array(100)]);
      await world.close();
    });
  });
}
