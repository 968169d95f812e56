/*
 * A process of bench/scale: `fill FILE N` leaves a file in which N runs wait for an hour; `open FILE` runs
 * one more on it; `flight FILE N` is killed while N runs are in flight; `reopen FILE` says when the first
 * step of them runs again.
 */
import { openEngine } from '../../src/presets/embedded.ts';
import { load } from '../../src/dsl/index.ts';

const AT_ONCE = 2_000;
const [how = '', file = '', size = '0'] = process.argv.slice(2);
const count = Number(size);

function said(text: string): void {
  process.stdout.write(`${text}\n`);
}

function known(name: string, tasks: string): NonNullable<ReturnType<typeof load>['definition']> {
  const text = `document: { dsl: '1.0.3', namespace: scale, name: ${name}, version: '1.0.0' }\ndo:\n${tasks}`;
  return load(text, `${name}.yaml`).definition!;
}

const sleeper = known('sleeper', '  - pause: { wait: PT1H }\n');
const caller = known('caller', '  - a: { call: step }\n');
const rssMb = (): number => Math.round(process.memoryUsage.rss() / 1e6);
let calls = 0;
const never = new Promise<never>(() => {});
let first: () => void = () => {};
const step = (): unknown => {
  calls++;
  first();
  return how === 'flight' ? never : null;
};

const engine = await openEngine({
  file,
  functions: { step },
  synchronous: how === 'fill' ? 'NORMAL' : 'FULL',
});
await engine.owned();

async function startAll(definition: typeof sleeper): Promise<void> {
  let left = count;
  const starter = async (): Promise<void> => {
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
  said('ran');
  // what is waited for is looked at, too
  await new Promise((done) => setTimeout(done, 1_000));
  said(JSON.stringify({ rssMb: rssMb() }));
  process.exit();
} else if (how === 'flight') {
  await engine.deploy(caller);
  await startAll(caller);
  // as many as an owner lets in at once are under way; the others wait in the Log
  for (let before = -1; before !== calls;) {
    before = calls;
    await new Promise((done) => setTimeout(done, 1_000));
  }
  process.kill(process.pid, 'SIGKILL');
} else {
  await new Promise<void>((done) => (first = done));
  said('ran');
  said(JSON.stringify({ rssMb: rssMb() }));
  process.exit();
}
