/*
 * Waybill behind HTTP, as a peer is: a process that takes POST /WORKLOAD and answers with the result of the
 * run. One file, every commit on the disk.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openEngine } from '../../src/presets/embedded.ts';
import { workload } from '../../src/bench/workloads.ts';

const file = process.argv[2]!;
const known = new Map(
  ['one', 'seq10', 'fan16'].map((name) => [name, workload(name, { emit: async () => {} })]),
);
const { functions } = known.get('one')!;
const engine = await openEngine({ file, functions });
await engine.owned();
for (const { definition } of known.values()) await engine.deploy(definition);

async function answer(name: string, body: string): Promise<string> {
  const found = known.get(name);
  if (found === undefined) throw new Error(`there is no workload ${name}`);
  const input = JSON.parse(body) as { nth: number; i: number };
  const run = await engine.start({ definition: found.definition, input });
  return JSON.stringify(await engine.result(run));
}

const server = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => (body += part));
  request.on('end', () => {
    answer((request.url ?? '/').slice(1), body).then(
      (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit());
