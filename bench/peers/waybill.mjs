/* Waybill as a peer: in this process (`waybill.mjs in-process FOLDER`), or behind HTTP (`... http FOLDER`). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { openEngine } from '../../src/presets/embedded.ts';
import { workload } from '../../src/bench/workloads.ts';
import { post } from './http.mjs';
import { measureAll } from './load.mjs';
import { ofFile } from './writes.mjs';

const [how, folder] = process.argv.slice(2);
const file = join(folder, `waybill-${how}-${process.pid}.db`);

if (how === 'http') {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'waybill-server.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((told) =>
    server.stdout.once('data', (text) => told(Number(text))),
  );
  try {
    const written = await ofFile(file, server.pid);
    const run = (name, input) => post(port, `/${name}`, input);
    await measureAll('Waybill', 'HTTP, one file, FULL', run, written);
  } finally {
    server.kill();
  }
} else {
  const known = new Map(
    ['one', 'seq10', 'fan16'].map((name) => [name, workload(name, { emit: async () => {} })]),
  );
  const engine = await openEngine({ file, functions: known.get('one').functions });
  await engine.owned();
  for (const { definition } of known.values()) await engine.deploy(definition);
  const run = async (name, input) => {
    const { definition } = known.get(name);
    return engine.result(await engine.start({ definition, input }));
  };
  const written = await ofFile(file, process.pid);
  await measureAll('Waybill', 'in process, one file, FULL', run, written);
}
process.exit();
