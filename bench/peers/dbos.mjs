/* DBOS in this process, on a PostgreSQL of its own: `dbos.mjs PEERS URL`. PEERS has @dbos-inc/dbos-sdk in node_modules. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ANSWER, measureAll } from './load.mjs';
import { ofPostgres } from './writes.mjs';

const [peers, url] = process.argv.slice(2);
const { resolve } = createRequire(join(peers, 'package.json'));
const { DBOS } = await import(pathToFileURL(resolve('@dbos-inc/dbos-sdk')).href);

const step = (i) => DBOS.runStep(async () => ANSWER, { name: `s${i}` });
const workflows = {
  one: DBOS.registerWorkflow(async () => step(0), { name: 'one' }),
  seq10: DBOS.registerWorkflow(
    async () => {
      let last;
      for (let i = 0; i < 10; i++) last = await step(i);
      return last;
    },
    { name: 'seq10' },
  ),
  fan16: DBOS.registerWorkflow(
    async () => {
      const all = await Promise.all(Array.from({ length: 16 }, (_, i) => step(i)));
      return { n: all.length };
    },
    { name: 'fan16' },
  ),
};
const systemDatabaseUrl = url.replace(/\/[^/]*$/, '/bench_dbos_sys');
DBOS.setConfig({ name: 'bench', systemDatabaseUrl, logLevel: 'error' });
await DBOS.launch();
const { default: pg } = await import('pg');
const client = new pg.Client({ connectionString: url });
await client.connect();
const started = (name, input) => {
  // not as a method: it would be asked for its instance
  const run = workflows[name];
  return run(input);
};
await measureAll('DBOS', 'in process, PostgreSQL', started, ofPostgres(client));
await client.end();
await DBOS.shutdown();
process.exit();
