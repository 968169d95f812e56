import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineProxy } from '../../../chaos/live/line-proxy.ts';

const PART = Buffer.alloc(64 * 1024, 'x');

/** Answers what it hears, after one byte that says it is there. */
let server: Server;
let line: LineProxy;
let clients: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  line = await LineProxy.open();
  line.target = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await line.close();
  server.close();
});

/** A connection through the line, and what has come back on it. */
function client(): { socket: Socket; heard: () => Buffer; ended: () => boolean } {
  const socket = connect(line.port, '127.0.0.1');
  const parts: Buffer[] = [];
  let over = false;
  socket.on('data', (data: Buffer) => parts.push(data)).on('error', () => {});
  socket.on('close', () => (over = true));
  clients.push(socket);
  return { socket, heard: () => Buffer.concat(parts), ended: () => over };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await sleep(5)) {
    if (Date.now() > end) throw new Error('it never came');
  }
}

test('bytes pass whole and in order, also many at once', async () => {
  const { heard, socket } = client();
  const sent = Buffer.concat(
    Array.from({ length: 100 }, (_, index) => Buffer.concat([Buffer.from([index]), PART])),
  );
  socket.write(sent);
  await until(() => heard().length === sent.length);
  expect(heard().equals(sent)).toBe(true);
});

test('a slow line delays every byte, both ways, and keeps the order', async () => {
  line.delay(80);
  const { heard, socket } = client();
  const begun = performance.now();
  socket.write('one ');
  await sleep(30);
  socket.write('two');
  await until(() => heard().length === 7);
  expect(heard().toString()).toBe('one two');
  expect(performance.now() - begun).toBeGreaterThanOrEqual(185);
});

test('a silent line keeps what was sent and goes on with it', async () => {
  const { ended, heard, socket } = client();
  socket.write('before ');
  await until(() => heard().length === 7);
  line.silence();
  socket.write('during ');
  await sleep(100);
  expect(heard().toString()).toBe('before ');
  line.heal();
  socket.write('after');
  await until(() => heard().length === 19);
  expect(heard().toString()).toBe('before during after');
  expect(ended()).toBe(false);
});

test('a cut line resets what there is and what comes, until it is healed', async () => {
  const first = client();
  first.socket.write('hello');
  await until(() => first.heard().length === 5);
  line.cut();
  await until(first.ended);
  const second = client();
  await until(second.ended);
  expect(line.cuts).toBe(1);
  line.heal();
  const third = client();
  third.socket.write('again');
  await until(() => third.heard().length === 5);
});
