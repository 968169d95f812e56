/*
 * What `waybill get` says to people, and the commands around it that need no engine: emit, up, topics.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeRun } from '../../src/cli/get.ts';
import type { StrandPlace, Whereabouts } from '../../src/runtime/index.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const NOW = Date.UTC(2026, 0, 2, 12);
const RUN = '019b7a3c-1800-7000-8000-000000000000';

function place(waitsFor: StrandPlace['waitsFor'], more: Partial<StrandPlace> = {}): StrandPlace {
  return { strand: '', position: '/do/0/a', since: NOW - 90_000, hop: 1, waitsFor, ...more };
}

function where(status: Whereabouts['status'], more: Partial<Whereabouts> = {}): Whereabouts {
  return { run: RUN, status, partition: 3, strands: [], ...more };
}

describe('a run in words', () => {
  test('all there is to say', () => {
    const text = describeRun(
      where('running', {
        name: { namespace: 'shop', name: 'order', version: '1.0.0' },
        hash: 'abcdef0123456789',
        startedAt: NOW - 7_200_000,
        strands: [
          place({ kind: 'join', branches: 2, begun: 2, ended: 0 }, { deadline: NOW + 86_400_000 }),
          place(
            { kind: 'activity', name: 'pay', attempt: 2, until: NOW + 500 },
            { strand: '1.0', position: '/do/0/a/fork/branches/0/pay' },
          ),
          place({ kind: 'timer', until: NOW + 20_000 }, { strand: '1.1' }),
        ],
      }),
      NOW,
    );
    expect(text).toBe(`${RUN}  running
  workflow  shop/order/1.0.0  abcdef012345
  started   2026-01-02T10:00:00.000Z (2 h ago)
  home      partition 3
  root      /do/0/a  waits for 2 branches: 0 ended
            since 2026-01-02T11:58:30.000Z (2 min ago); times out 2026-01-03T12:00:00.000Z (in 1 d)
  1.0       /do/0/a/fork/branches/0/pay  runs pay, attempt 2; it may take until 2026-01-02T12:00:00.500Z (in 500 ms)
            since 2026-01-02T11:58:30.000Z (2 min ago)
  1.1       /do/0/a  waits until 2026-01-02T12:00:20.000Z (in 20 s)
            since 2026-01-02T11:58:30.000Z (2 min ago)
`);
  });

  test.each([
    [
      place({ kind: 'activity', name: 'pay', attempt: 3, notBefore: NOW + 5_000, until: NOW }),
      'waits to retry pay, attempt 3, 2026-01-02T12:00:05.000Z (in 5 s)',
    ],
    [place({ kind: 'turn' }), 'goes on at once'],
    [place({ kind: 'cancelling' }), 'is being cancelled: its activity may be running'],
    [
      place({ kind: 'parked', why: 'dead', reason: '5 tenures ended while it ran' }),
      'is parked (dead) until somebody resumes it: 5 tenures ended while it ran',
    ],
    [
      place({
        kind: 'parked',
        why: 'retry',
        due: NOW + 3_600_000,
        activity: { name: 'pay', attempt: 2 },
      }),
      'is parked (retry pay, attempt 2) until 2026-01-02T13:00:00.000Z (in 1 h)',
    ],
    [
      place({ kind: 'parked', why: 'listen', events: ['paid with .data.order = 7'] }),
      'listens for paid with .data.order = 7',
    ],
    [
      place({ kind: 'parked', why: 'listen', due: NOW + 3_600_000, events: ['a', 'any event'] }),
      'listens for a, or for any event, until 2026-01-02T13:00:00.000Z (in 1 h)',
    ],
  ])('%j', (strand, said) => {
    expect(describeRun(where('parked', { strands: [strand] }), NOW)).toContain(
      `/do/0/a  ${said}\n`,
    );
  });

  test('how it ended, or why nothing is known', () => {
    const faulted = where('faulted', { endedAt: NOW, error: { title: 'no', status: 503 } });
    expect(describeRun(faulted, NOW)).toContain('  error     {"title":"no","status":503}\n');
    const unknown = describeRun(
      where('unknown', { reason: 'no START with this id has come' }),
      NOW,
    );
    expect(unknown).toBe(`${RUN}  unknown\n  reason    no START with this id has come\n`);
  });
});

describe('commands that need no engine', () => {
  let home = '';

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'waybill-up-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  function run(
    words: readonly string[],
    path: string,
  ): { code: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: path, NO_COLOR: '1', HOME: home },
    });
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
    return { code: status, out: stdout, err: stderr };
  }

  /** A docker that writes down what it is asked. */
  function fakeDocker(script: string): void {
    const file = join(home, 'docker');
    writeFileSync(file, `#!/bin/sh\necho "$*" >> ${join(home, 'asked')}\n${script}\n`);
    chmodSync(file, 0o755);
  }

  test('emit: what is no event, or has nowhere to go', () => {
    const sent = (text: string, ...more: string[]) => {
      writeFileSync(join(home, 'event.json'), text);
      return run(['emit', 'event.json', ...more], home);
    };
    expect(run(['emit', 'nothing.json'], home)).toMatchObject({ code: 2, out: '' });
    expect(sent('{').err).toContain('event.json: ');
    expect(sent('[]').err).toBe('event.json: expected an object of CloudEvents attributes\n');
    expect(sent('{"type":"t"}')).toEqual({
      code: 2,
      out: '',
      err: 'event.json: source is missing, and a text that is not empty is needed\n',
    });
    expect(sent('{"type":"t","source":"urn:me"}').err).toContain('--store');
  });

  test('topics without brokers', () => {
    expect(run(['topics', 'check', '--prefix', 'x'], home)).toMatchObject({ code: 2 });
  });

  test('up without docker says what to do instead', () => {
    const { code, out, err } = run(['up'], dirname(process.execPath));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^there is no docker command here\n/);
    expect(err).toContain('waybill serve --store waybill.db');
    fakeDocker('echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(run(['up'], home).err).toMatch(/^Docker does not answer: Cannot connect/);
  });

  test('up with docker: what is started, on this machine only, and what to do next', async () => {
    fakeDocker('case "$1" in inspect) exit 1;; esac; echo ok');
    writeFileSync(join(home, 'asked'), '');
    const [kafka, postgres] = await Promise.all([freePort(), freePort()]);
    const ports = ['--kafka-port', String(kafka), '--postgres-port', String(postgres)];
    const { code, out, err } = run(['up', ...ports], `${home}:/bin:/usr/bin`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const asked = readFileSync(join(home, 'asked'), 'utf8');
    expect(asked).toMatch(
      new RegExp(`run --detach --name waybill-redpanda .*--publish 127.0.0.1:${kafka}:${kafka} `),
    );
    expect(asked).toMatch(
      new RegExp(`run --detach --name waybill-postgres .*--publish 127.0.0.1:${postgres}:5432 `),
    );
    expect(asked.match(/--publish (?!127\.0\.0\.1)/g)).toBeNull();
    expect(out).toContain(`waybill topics create --brokers 127.0.0.1:${kafka}`);
    expect(run(['up', '--stop'], `${home}:/bin:/usr/bin`).code).toBe(0);
    expect(readFileSync(join(home, 'asked'), 'utf8')).toContain('rm --force waybill-postgres');
  });

  test('up on a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    fakeDocker('case "$1" in inspect) exit 1;; esac; echo ok');
    // another process must find it taken: this one cannot answer while it waits, but it accepts
    const { code, err } = run(['up', '--kafka-port', String(port)], `${home}:/bin:/usr/bin`);
    server.close();
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining(`port ${port} is taken`) as string,
    });
    expect(run(['up', '--kafka-port', 'x'], home).err).toBe(
      '"x" is no port: expected a number from 1 to 65535\n',
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
