/* The workloads as a Restate service, in a process of its own. `restate-service.mjs PEERS PORT` */
import { createServer } from 'node:http2';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ANSWER } from './load.mjs';

const [peers, port] = process.argv.slice(2);
const { resolve } = createRequire(join(peers, 'package.json'));
const restate = await import(pathToFileURL(resolve('@restatedev/restate-sdk')).href);

const sdk = restate.default ?? restate;
const steps = (ctx, count) =>
  Array.from({ length: count }, (_, i) => () => ctx.run(`s${i}`, async () => ANSWER));

const bench = sdk.service({
  name: 'bench',
  handlers: {
    one: async (ctx) => steps(ctx, 1)[0](),
    seq10: async (ctx) => {
      let last;
      for (const step of steps(ctx, 10)) last = await step();
      return last;
    },
    fan16: async (ctx) => {
      const all = await sdk.RestatePromise.all(steps(ctx, 16).map((step) => step()));
      return { n: all.length };
    },
  },
});
createServer(sdk.createEndpointHandler({ services: [bench] })).listen(Number(port), '127.0.0.1');
