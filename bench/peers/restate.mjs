/*
 * Restate: its server and the service, each a process of its own, on ports of 127.0.0.1. `restate.mjs PEERS FOLDER`
 * PEERS has it in node_modules (@restatedev/restate-server and @restatedev/restate-sdk).
 */
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { post } from './http.mjs';
import { measureAll } from './load.mjs';
import { ofProcess } from './writes.mjs';

const [peers, folder] = process.argv.slice(2);
const PORTS = { ingress: 18_180, admin: 19_170, node: 15_222, service: 19_181 };
const START_MS_MAX = 60_000;
const bin = join(peers, 'node_modules/@restatedev/restate-server-linux-x64/bin/restate-server');
const config = join(folder, 'restate.toml');
writeFileSync(
  config,
  `cluster-name = "bench"
node-name = "n1"
bind-address = "127.0.0.1:${PORTS.node}"
advertised-address = "http://127.0.0.1:${PORTS.node}/"
listen-mode = "tcp"
log-filter = "warn"
disable-telemetry = true
[admin]
bind-address = "127.0.0.1:${PORTS.admin}"
[ingress]
bind-address = "127.0.0.1:${PORTS.ingress}"
`,
);
const log = openSync(join(folder, 'restate.log'), 'w');
const stdio = ['ignore', log, log];
const words = ['--no-logo', '--config-file', config, '--base-dir', join(folder, 'restate-data')];
const server = spawn(bin, words, { stdio, env: { ...process.env, DO_NOT_TRACK: '1' } });
const service = spawn(
  process.execPath,
  [join(import.meta.dirname, 'restate-service.mjs'), peers, String(PORTS.service)],
  { stdio, env: { ...process.env, NODE_ENV: 'production', RESTATE_LOGGING: 'WARN' } },
);

/** It takes a while until a server that was started answers. */
async function until(ask) {
  for (const begun = performance.now(); ; await pause(250)) {
    try {
      return await ask();
    } catch (error) {
      if (server.exitCode === null && performance.now() - begun < START_MS_MAX) continue;
      const said = readFileSync(join(folder, 'restate.log'), 'utf8').slice(-2_000);
      throw new Error(`restate does not answer: ${said}`, { cause: error });
    }
  }
}

try {
  await until(() =>
    post(PORTS.admin, '/deployments', { uri: `http://127.0.0.1:${PORTS.service}`, force: true }),
  );
  await until(() => post(PORTS.ingress, '/bench/one', {}));
  const run = (name, input) => post(PORTS.ingress, `/bench/${name}`, input);
  await measureAll('Restate', 'HTTP, server and service', run, ofProcess(server.pid));
} finally {
  for (const child of [service, server]) {
    const gone = new Promise((ended) => child.once('exit', ended));
    child.kill('SIGTERM');
    await Promise.race([gone, pause(8_000)]);
    child.kill('SIGKILL');
  }
}
process.exit();
