/*
 * npm run bench:startup
 *
 * How long `waybill run` takes for a workflow that does nothing, `waybill chaos` for a suite of one world, and how long the
 * package takes to be imported, as it is published: built into a folder of its own first. Medians; the first start fills the cache of compiled
 * code and is told apart.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptWords } from '../.ci/script-words.ts';
import { build } from '../.ci/build.ts';
import { median } from './throughput/median.ts';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 9;
const HELLO = `document: { dsl: '1.0.3', namespace: bench, name: hello, version: '1.0.0' }
do:
  - hello: { set: { hello: world } }
`;
const NAP = `name: nap
summary: One run that waits.
workflow:
  document: { dsl: '1.0.3', namespace: bench, name: nap, version: '1.0.0' }
  do:
    - nap: { wait: { seconds: 1 } }
`;
const SUITE = `import { chaosTest } from 'waybill/vitest';
chaosTest('wakes', 'nap.yaml', { runs: 1 });
`;

/** ms of wall time */
function timed(words: readonly string[], cwd: string): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return performance.now() - begun;
}

function rounds(what: string, wanted: number, once: () => number): void {
  const first = once();
  const times = Array.from({ length: ROUNDS }, once);
  const [middle, least] = [median(times), Math.min(...times)];
  const verdict = middle <= wanted ? 'reached' : `${Math.round(middle - wanted)} ms over`;
  process.stdout.write(
    `${what.padEnd(24)} ${middle.toFixed(0).padStart(5)} ms   best ${least.toFixed(0)}, first ${first.toFixed(0)}   aimed at ${wanted}: ${verdict}\n`,
  );
}

scriptWords(import.meta.url, {});
const folder = mkdtempSync(join(tmpdir(), 'waybill-startup-'));
try {
  build(join(folder, 'dist'));
  for (const name of ['package.json', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, 'hello.yaml'), HELLO);
  writeFileSync(join(folder, 'nap.yaml'), NAP);
  writeFileSync(join(folder, 'nap.chaos.ts'), SUITE);
  const launcher = join(folder, 'dist/cli/launch.cjs');
  rounds('waybill run hello', 300, () => timed([launcher, 'run', '--quiet', 'hello.yaml'], folder));
  // A suite whole, not its start alone: found, run, judged, and its page written.
  rounds('waybill chaos SUITE', 500, () => timed([launcher, 'chaos', 'nap.chaos.ts'], folder));
  rounds('waybill --version', 150, () => timed([launcher, '--version'], folder));
  const empty = (): number => timed(['-e', ''], folder);
  const index = join(folder, 'dist/index.js');
  const node = median(Array.from({ length: ROUNDS }, empty));
  rounds(
    'import of the package',
    100,
    () =>
      timed(['--input-type=module', '-e', `await import(${JSON.stringify(index)})`], folder) - node,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
