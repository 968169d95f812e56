/*
 * A process of bench/scale, on the package as it is published: `child.mjs PACKAGE HOW FILE N ACTIVE`. HOW is
 * one of: `fill` leaves a file in which N runs wait for an hour; `open` runs one more on it; `flight` is killed
 * while N runs are in flight, ACTIVE of them at once with an activity under way; `reopen` says when the first of
 * these activities runs again.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const AT_ONCE = 2_000;
const [packaged, how, file, size = '0', active = '20000'] = process.argv.slice(2);
const count = Number(size);
const activeMax = Number(active);
// as the launcher of the command line does
enableCompileCache(join(packaged, '.cache'));
const { load, openEngine } = await import(pathToFileURL(join(packaged, 'dist/index.js')).href);

/** What a process has used so far; ms since it was started. */
function said() {
  const { system, user } = process.cpuUsage();
  const rssMb = Math.round(process.memoryUsage.rss() / 1e6);
  const line = { ms: performance.now(), cpuMs: (system + user) / 1_000, rssMb };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function known(name, tasks) {
  const text = `document: { dsl: '1.0.3', namespace: scale, name: ${name}, version: '1.0.0' }\ndo:\n${tasks}`;
  return load(text, `${name}.yaml`).definition;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const sleeper = known('sleeper', '  - pause: { wait: PT1H }\n');
const caller = known('caller', '  - a: { call: step }\n');
let calls = 0;
const never = new Promise(() => {});
let first = () => {};
const step = () => {
  calls++;
  first();
  return how === 'flight' ? never : null;
};

const engine = await openEngine({
  file,
  functions: { step },
  synchronous: how === 'fill' ? 'NORMAL' : 'FULL',
  limits: { activeMax },
});
await engine.owned();

async function startAll(definition) {
  let left = count;
  const starter = async () => {
    while (left-- > 0)
      await engine.start({ definition, input: { id: `order-${left}`, amount: 12.5 } });
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, starter));
}

if (how === 'fill') {
  await engine.deploy(sleeper);
  await engine.deploy(caller);
  await startAll(sleeper);
  // it comes after all of them: when it is over they wait
  await engine.result(await engine.start({ definition: caller, input: {} }));
  await engine.close();
} else if (how === 'open') {
  await engine.deploy(caller);
  await engine.result(await engine.start({ definition: caller, input: {} }));
  said();
  // what is waited for is looked at, too
  await pause(3_000);
  said();
  process.exit();
} else if (how === 'flight') {
  await engine.deploy(caller);
  await startAll(caller);
  while (calls < Math.min(count, activeMax)) await pause(100);
  process.kill(process.pid, 'SIGKILL');
} else {
  await new Promise((done) => (first = done));
  said();
  await pause(3_000);
  said();
  process.exit();
}
