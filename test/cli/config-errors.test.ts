/*
 * What is wrong with brokers, credentials, topics and databases: one clear error each, exit code 2, and
 * nothing begun. A real broker that speaks TLS and SASL, a real PostgreSQL, the command line as users
 * have it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SCHEMA } from '../../src/adapters/postgres/migrations.ts';
import { makeCertificates } from '../live/broker/certificates.ts';
import { testBroker, USER } from '../live/broker/index.ts';
import { postgresServer } from '../live/postgres/server.ts';
import { type Said, ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'waybill-certificates-'));
const certificates = makeCertificates(folder);
const broker = await testBroker({
  own: true,
  ...('missing' in certificates ? {} : { certificates }),
});
const postgres =
  'missing' in broker
    ? { missing: broker.missing }
    : await postgresServer({ own: true, settings: { fsync: 'off' } });

/** One mistake: what is asked, with which secrets in the environment, and what must be said. */
interface Mistake {
  readonly words: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly said: RegExp;
}

if ('missing' in broker || 'missing' in postgres || broker.node === undefined) {
  const missing =
    'missing' in broker
      ? broker.missing
      : 'missing' in postgres
        ? postgres.missing
        : 'no broker of our own';
  test('errors of configuration', (context) => context.skip(missing));
} else {
  const world = new ServeWorld();
  const { node } = broker;
  const { tls } = node;
  const stamp = `${Date.now().toString(36)}_${process.pid}`;
  /** a prefix whose topics are as they must be */
  const good = `good_${stamp}`;
  const url = postgres.url();
  const secret = 'geheim';

  const sql = async (text: string, at = url): Promise<void> => {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  const kafka = new kafkajs.Kafka({ brokers: [node.plain], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();

  /** Topics of a prefix of their own; those of commands with another value of one setting. */
  const topicsWith = async (setting: string, value: string): Promise<string> => {
    const prefix = `${setting.replaceAll('.', '_')}_${stamp}`;
    const settings = {
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'message.timestamp.type': 'LogAppendTime',
      'max.message.bytes': '1100000',
      [setting]: value,
    };
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const topic = `${prefix}.commands`;
    const topics = [{ topic, numPartitions: 2, configEntries }];
    await admin.createTopics({ waitForLeaders: false, topics });
    // the others of the prefix
    const { code } = await world.run([
      'topics',
      'create',
      '--brokers',
      node.plain,
      '--prefix',
      prefix,
    ]);
    expect(code).toBe(2);
    return prefix;
  };
  const create = async (prefix: string): Promise<void> => {
    const words = ['--brokers', node.plain, '--prefix', prefix, '--partitions', '2'];
    const { code, err } = await world.run(['topics', 'create', ...words]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  };
  const serve = (...words: readonly string[]): readonly string[] => [
    ...['serve', '--workflows', 'flows', '--functions', 'functions.mjs'],
    ...['--brokers', node.plain, '--store', url, '--prefix', good, ...words],
  ];

  const refused = ({ words, environment, said }: Mistake, told: Said): void => {
    expect(told.err, words.join(' ')).toMatch(said);
    // one error is one line
    expect(told.err.trimEnd().split('\n')).toHaveLength(1);
    expect(told.err + told.out).not.toContain(secret);
    for (const value of Object.values(environment ?? {})) expect(told.err).not.toContain(value);
    expect({ code: told.code, out: told.out }).toEqual({ code: 2, out: '' });
  };
  /** Two at a time: there are two cores. */
  const refuse = async (mistakes: readonly Mistake[]): Promise<void> => {
    const left = [...mistakes];
    const lane = async (): Promise<void> => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        refused(one, await world.run(one.words, one.environment));
      }
    };
    await Promise.all([lane(), lane()]);
  };
  /** No server has begun anything on the good topics. */
  const untouched = async (): Promise<void> => {
    const offsets = await admin.fetchTopicOffsets(`${good}.commands`);
    expect(offsets.map(({ high }) => Number(high))).toEqual([0, 0]);
    const definitions = await admin.fetchTopicOffsets(`${good}.definitions`);
    expect(definitions.map(({ high }) => Number(high))).toEqual([0]);
  };

  beforeAll(async () => {
    await admin.connect();
    await create(good);
  });
  afterAll(async () => {
    await admin.disconnect();
    await world.close();
    await Promise.all([broker.close(), postgres.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  describe('brokers', () => {
    test('that are not there, or do not know this user', async () => {
      const login = (mechanism: string, username: string = USER.username): string[] => [
        ...['--brokers', node.sasl, '--sasl-mechanism', mechanism, '--sasl-username', username],
      ];
      const wrong = { WAYBILL_SASL_PASSWORD: secret };
      const right = { WAYBILL_SASL_PASSWORD: USER.password };
      const not = (mechanism: string, username = 'waybill'): RegExp =>
        new RegExp(
          `^127\\.0\\.0\\.1:\\d+ does not accept the user ${username} \\(${mechanism}\\): .*check user name, password and mechanism\\n$`,
        );
      await refuse([
        {
          words: serve('--brokers', '127.0.0.1:1'),
          said: /^127\.0\.0\.1:1 cannot be reached: .*check the addresses/,
        },
        {
          words: serve('--brokers', 'nobody.invalid:9092'),
          said: /^nobody\.invalid:9092 cannot be reached: .*ENOTFOUND|EAI_AGAIN/,
        },
        ...['plain', 'scram-sha-256', 'scram-sha-512'].map((mechanism) => ({
          words: serve(...login(mechanism)),
          environment: wrong,
          said: not(mechanism),
        })),
        {
          words: serve(...login('scram-sha-256', 'nobody')),
          environment: right,
          said: not('scram-sha-256', 'nobody'),
        },
        // a listener that asks for a login, and gets none
        {
          words: serve('--brokers', node.sasl),
          said: /^127\.0\.0\.1:\d+ closes the connection: it asks for a login, it seems: check user name/,
        },
        {
          words: serve('--sasl-mechanism', 'plain', '--sasl-username', 'waybill'),
          said: /^logging in to the brokers takes three settings: /,
        },
      ]);
      await untouched();
    });

    test('that speak TLS', async (context) => {
      if (tls === undefined || 'missing' in certificates) {
        return context.skip('missing' in certificates ? certificates.missing : 'no TLS');
      }
      const { authority } = certificates;
      writeFileSync(world.path('no.pem'), 'this is no certificate');
      const login = ['--sasl-mechanism', 'scram-sha-512', '--sasl-username', USER.username];
      await refuse([
        {
          words: serve('--brokers', tls.tls, '--tls'),
          said: /cannot be reached through TLS: .*certificate.*name the authority that its certificate is from \(--tls-ca\)/,
        },
        {
          words: serve('--brokers', tls.stranger, '--tls-ca', authority),
          said: /cannot be reached through TLS: .*(altnames|does not match)/,
        },
        { words: serve('--tls'), said: /cannot be reached through TLS: / },
        {
          words: serve('--brokers', tls.tls),
          said: /closes the connection before it answers: it speaks TLS, it seems/,
        },
        { words: serve('--tls-ca', world.path('no.pem')), said: /no\.pem/ },
        { words: serve('--tls-ca', world.path('nowhere.pem')), said: /nowhere\.pem/ },
        {
          words: serve('--brokers', tls.sasltls, '--tls-ca', authority, ...login),
          environment: { WAYBILL_SASL_PASSWORD: secret },
          said: /does not accept the user waybill \(scram-sha-512\)/,
        },
      ]);
      await untouched();
      // and as it ought to be
      const prefix = ['--prefix', `tls_${stamp}`, '--partitions', '2'];
      const secured = ['--brokers', tls.tls, '--tls-ca', authority];
      const made = await world.run(['topics', 'create', ...secured, ...prefix]);
      expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: '' });
      for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
        const words = ['--sasl-mechanism', mechanism, '--sasl-username', USER.username];
        const at = ['--brokers', tls.sasltls, '--tls-ca', authority, ...words];
        const checked = await world.run(['topics', 'check', ...at, '--prefix', `tls_${stamp}`], {
          WAYBILL_SASL_PASSWORD: USER.password,
        });
        expect({ code: checked.code, err: checked.err }).toEqual({ code: 0, err: '' });
      }
      const server = world.serve(...secured, '--store', url, '--prefix', `tls_${stamp}`);
      await server.ready(60_000);
      expect(await server.terminate()).toBe(0);
    });
  });

  test('topics that are missing, or not as they must be', async () => {
    const [small, compacted, forgets, dated] = await Promise.all([
      topicsWith('max.message.bytes', '100000'),
      topicsWith('cleanup.policy', 'compact'),
      topicsWith('retention.ms', '86400000'),
      topicsWith('message.timestamp.type', 'CreateTime'),
    ]);
    const begun = `begun_${stamp}`;
    await create(begun);
    const server = world.serve('--brokers', node.plain, '--store', url, '--prefix', begun);
    await server.ready(60_000);
    await server.terminate();
    await admin.createPartitions({ topicPartitions: [{ topic: `${begun}.commands`, count: 3 }] });
    await refuse([
      {
        words: serve('--prefix', `none_${stamp}`),
        said: /does not exist.*waybill topics create\n$/,
      },
      { words: serve('--partitions', '3'), said: /has 2 partitions, not 3/ },
      {
        words: serve('--prefix', small),
        said: /max\.message\.bytes is 100000, and \d+ are needed.*raise max\.message\.bytes of the topic/,
      },
      {
        words: serve('--prefix', compacted),
        said: /cleanup\.policy.*waybill topics check says what each must be/,
      },
      { words: serve('--prefix', forgets), said: /retention\.ms/ },
      { words: serve('--prefix', dated), said: /message\.timestamp\.type/ },
      { words: serve('--prefix', begun), said: /3.*2|2.*3/ },
    ]);
    const checked = await world.run([
      'topics',
      'check',
      '--brokers',
      node.plain,
      '--prefix',
      small,
    ]);
    expect(checked).toMatchObject({
      code: 2,
      out: expect.stringContaining('max.message.bytes is 100000') as string,
    });
    await untouched();
  });

  describe('databases', () => {
    test('that are not there, or not for this user', async () => {
      const as = (user: string, password: string): string => postgres.url({ user, password });
      await sql(
        `CREATE ROLE readonly LOGIN PASSWORD '${secret}'; ALTER ROLE readonly SET default_transaction_read_only = on`,
      );
      await sql("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");
      await refuse([
        {
          words: serve('--store', 'postgres://a:b@127.0.0.1:1/c'),
          said: /^postgres:\/\/a@127\.0\.0\.1:1\/c: .*check host and port/,
        },
        {
          words: serve('--store', as('nobody', secret)),
          said: /the password is wrong, or there is no such user/,
        },
        {
          words: serve('--store', postgres.url(undefined, 'nothere')),
          said: /there is no such database .*: create it/,
        },
        {
          words: serve('--store', as('readonly', secret)),
          said: /this server takes no writes: name the primary/,
        },
        {
          words: serve('--store', postgres.url(undefined, 'ascii')),
          said: /has the encoding SQL_ASCII/,
        },
        {
          words: serve('--store', 'mysql://a:b@c/d'),
          said: /there is no such Store; use postgres/,
        },
        {
          words: serve('--store', `postgres://a:${secret}@[/d`),
          said: /the url is not postgres:\/\//,
        },
      ]);
      await untouched();
    });

    test('whose schema is older or newer than this build, or that of another program', async () => {
      await sql(`CREATE ROLE poor LOGIN PASSWORD '${secret}'`);
      const poor = postgres.url({ user: 'poor', password: secret });
      const schemas = ['older', 'newer', 'lacking', 'foreign'].map((name) => `${name}_${stamp}`);
      const [older, newer, lacking, foreign] = schemas as [string, string, string, string];
      for (const prefix of schemas) await create(prefix);
      for (const prefix of [older, newer, lacking]) {
        const server = world.serve('--brokers', node.plain, '--store', url, '--prefix', prefix);
        await server.ready(60_000);
        await server.terminate();
        await sql(
          `GRANT USAGE ON SCHEMA ${prefix} TO poor; GRANT SELECT ON ALL TABLES IN SCHEMA ${prefix} TO poor`,
        );
      }
      await sql(`DELETE FROM ${older}.migration WHERE number > 1`);
      await sql(`INSERT INTO ${newer}.migration VALUES (${SCHEMA + 1}, now(), 'a later build')`);
      await sql(`CREATE SCHEMA ${foreign}; CREATE TABLE ${foreign}.customers ()`);
      await refuse([
        {
          words: serve('--store', poor),
          said: new RegExp(
            `schema ${good} does not exist, this build needs version ${SCHEMA}, and this role may not migrate: migrate it once with the url of the owner role`,
          ),
        },
        {
          words: serve('--prefix', older, '--store', poor),
          said: new RegExp(
            `schema ${older} is version 1, this build needs version ${SCHEMA}, and this role may not migrate`,
          ),
        },
        {
          words: serve('--prefix', newer),
          said: new RegExp(
            `schema ${newer} is version ${SCHEMA + 1}, this build knows up to ${SCHEMA}: use the version of waybill that migrated it`,
          ),
        },
        {
          words: serve('--prefix', lacking, '--store', poor),
          said: /this role lacks .*(INSERT|UPDATE) on .*: grant what .* lists for the runtime role/,
        },
        { words: serve('--prefix', foreign), said: /holds other tables: name another schema/ },
      ]);
      await untouched();
    });

    test('with the roles that are documented: the owner migrates, and the runtime role is enough', async () => {
      const text = readFileSync(
        new URL('../../src/adapters/postgres/README.md', import.meta.url),
        'utf8',
      );
      const block = (mark: string): string =>
        text.split(`\`\`\`sql ${mark}\n`)[1]!.split('```')[0]!;
      await sql(block('setup'));
      const at = (user: string, password: string): string[] => [
        ...['--brokers', node.plain, '--prefix', 'waybill'],
        ...['--store', postgres.url({ user, password })],
      ];
      const owner = at('waybill_owner', 'choose one');
      const runtime = at('waybill_runtime', 'choose another');
      await create('waybill');
      const early = await world.run(['serve', ...runtime]);
      expect(early).toMatchObject({
        code: 2,
        err: expect.stringContaining('this role may not migrate') as string,
      });
      const first = world.serve(...owner);
      await first.ready(60_000);
      await first.terminate();
      await sql(block('after'));

      const server = world.serve(...runtime);
      await server.ready(60_000);
      const order = [
        'start',
        'shop/order',
        '--input',
        '{"id":1}',
        '--once',
        'k',
        '--wait',
        ...runtime,
      ];
      expect((await world.run(order)).out.trimEnd()).toMatch(/\n\{"id":1,"step":2\}$/);
      world.wake();
      const long = (await world.run(['start', 'long', ...runtime])).out.trim();
      // parked, indexed, listed: every table is written by this role
      for (const until = Date.now() + 20_000; ;) {
        const { out } = await world.run(['list', '--status', 'waiting', ...runtime]);
        if (out.startsWith(long)) break;
        if (Date.now() > until) throw new Error(`not listed: ${out}\n${server.log}`);
      }
      expect(server.log).not.toMatch(/ error /);
      expect(await server.terminate()).toBe(0);
    });
  });
}
