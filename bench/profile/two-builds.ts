/*
 * Two builds side by side: CPU of a step in both, in one process, in turns of a few thousand steps. What the
 * machine does besides strikes both alike, so that the ratio stands where neither time does.
 *
 *   npx -y node@24 bench/profile/two-builds.ts BEFORE AFTER [--mode memory] [--workload seq10] [--rounds 15]
 *
 * BEFORE and AFTER are source checkouts (git worktree add DIR COMMIT; link node_modules). What both have in
 * common (protobufjs, better-sqlite3) is loaded once, and knows the shapes of both. The one named second is at a
 * disadvantage of up to 6 %, against itself: what is small is to be measured both ways round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { numberOf, refuse, scriptWords } from '../../.ci/script-words.ts';
import type * as Subjects from '../../src/bench/subject.ts';
import type * as Workloads from '../../src/bench/workloads.ts';

const { values, positionals } = scriptWords(import.meta.url, {
  allowPositionals: true,
  options: {
    mode: { type: 'string', default: 'memory' },
    workload: { type: 'string', default: 'seq10' },
    rounds: { type: 'string', default: '15' },
    callers: { type: 'string', default: '256' },
    runs: { type: 'string', default: '512' },
  },
});
const [before, after] = positionals;
if (before === undefined || after === undefined) {
  refuse('two builds are to be compared: name the folders of both');
}
for (const build of [before, after]) {
  if (existsSync(join(build, 'src/bench/subject.ts'))) continue;
  refuse(`${build} is no source checkout of Waybill: it has no src/bench/subject.ts`);
}
const [rounds, callers, runs] = (['rounds', 'callers', 'runs'] as const).map((name) =>
  numberOf(`--${name}`, values[name]),
) as [number, number, number];
const WARM_UP = 4;
const folder = mkdtempSync(join(tmpdir(), 'waybill-builds-'));

interface Build {
  readonly root: string;
  /** of all threads, and of the engine's own: us a step, one for each turn */
  readonly all: number[];
  readonly own: number[];
  turn(counts: boolean): Promise<void>;
  close(): Promise<void>;
}

async function open(path: string): Promise<Build> {
  const root = resolve(path);
  const { openSubject } = (await import(`${root}/src/bench/subject.ts`)) as typeof Subjects;
  const { workload } = (await import(`${root}/src/bench/workloads.ts`)) as typeof Workloads;
  const { steps = 1 } = workload(values.workload, { emit: async () => {} });
  const ground = { mode: values.mode as Subjects.Mode, folder, partitions: 1 };
  const subject = await openSubject(ground, (around) => workload(values.workload, around));
  const all: number[] = [];
  const own: number[] = [];
  let begun = 0;
  return {
    root,
    all,
    own,
    async turn(counts) {
      const upTo = begun + runs;
      const process0 = process.cpuUsage();
      const thread0 = process.threadCpuUsage();
      const caller = async (): Promise<void> => {
        while (begun < upTo) await subject.run(begun++);
      };
      await Promise.all(Array.from({ length: callers }, caller));
      const whole = process.cpuUsage(process0);
      const thread = process.threadCpuUsage(thread0);
      if (!counts) return;
      const made = runs * steps;
      all.push((whole.user + whole.system) / made);
      own.push((thread.user + thread.system) / made);
    },
    close: () => subject.close(),
  };
}

function sorted(figures: readonly number[]): readonly number[] {
  return [...figures].sort((a, b) => a - b);
}

function median(figures: readonly number[]): number {
  return sorted(figures)[Math.floor(figures.length / 2)]!;
}

function text(figures: readonly number[]): string {
  return `${sorted(figures)[0]!.toFixed(2)} at least, ${median(figures).toFixed(2)} in the middle`;
}

const builds = [await open(before), await open(after)] as const;
try {
  for (let i = 0; i < WARM_UP; i++) for (const build of builds) await build.turn(false);
  for (let i = 0; i < rounds; i++) {
    for (const build of i % 2 === 0 ? builds : builds.toReversed()) await build.turn(true);
  }
  for (const { all, own, root } of builds) {
    process.stdout.write(
      `${root}\n  CPU of a step, us: ${text(all)}\n  of the engine's thread: ${text(own)}\n`,
    );
  }
  const [first, second] = builds;
  const ratios = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((figure, i) => b[i]! / figure));
  process.stdout.write(
    `after / before, median of ${values.rounds} pairs: ${ratios(first.all, second.all).toFixed(3)}, of the engine's thread ${ratios(first.own, second.own).toFixed(3)}\n`,
  );
} finally {
  for (const build of builds) await build.close();
  rmSync(folder, { recursive: true, force: true });
}
