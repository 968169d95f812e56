/* The server of the tests itself: it ends with the process that started it, however that ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

const STARTS = `
  const { postgresServer } = await import(process.argv[1]);
  const server = await postgresServer({ own: true });
  console.log(JSON.stringify('missing' in server ? server : { port: server.port, data: server.own.data }));
  setInterval(() => {}, 1000);`;

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

test('a process that is killed leaves no server and no files', async (context) => {
  const module = new URL('server.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', STARTS, module], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const answer = JSON.parse(said.toString()) as { missing?: string; port: number; data: string };
  const gone = once(child, 'exit');
  if (answer.missing !== undefined) {
    child.kill();
    return context.skip(answer.missing);
  }
  expect(await listens(answer.port)).toBe(true);
  child.kill('SIGKILL');
  await gone;
  await expect.poll(() => listens(answer.port), { timeout: 15_000 }).toBe(false);
  await expect.poll(() => existsSync(dirname(answer.data)), { timeout: 15_000 }).toBe(false);
  return undefined;
}, 60_000);
