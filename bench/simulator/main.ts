/*
 * npm run bench:simulator [-- --seconds 10 --only calm,faults,readers,runs,week,sweep --profile DIR]
 *
 * What the simulator does in a second of CPU of one core, with all oracles: the plan, the whole world with the real
 * core and runtime in it, every record encoded and decoded, and the judgement of every oracle, the reference
 * interpreter among them. CPU seconds of this process, collector and compiler of V8 included, after a warm-up:
 * what else the machine does spoils them less than it spoils wall time. A hop is a valid record that resolves
 * something. The process is set up as those are that make the worlds of `waybill chaos`.
 */
import { spawnSync } from 'node:child_process';
import { Session } from 'node:inspector';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberOf, scriptWords, someOf } from '../../.ci/script-words.ts';
import { thisMachine } from '../../src/bench/machine.ts';
import { SIMULATING } from '../../src/chaos/simulating.ts';
import { CELLS, type Cell, type Tally } from './cells.ts';

interface Row extends Tally {
  readonly group: string;
  readonly name: string;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

const { values } = scriptWords(import.meta.url, {
  options: {
    seconds: { type: 'string', default: '6' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});
const seconds = numberOf('--seconds', values.seconds);
const groups = someOf(
  '--only',
  values.only,
  CELLS.map(({ group }) => group),
);

if (!SIMULATING.every((flag) => process.execArgv.includes(flag))) {
  const words = [...SIMULATING, import.meta.filename, ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1);
}

/** CPU of this process so far, seconds. */
function cpu(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1e6;
}

async function measure(cell: Cell): Promise<Row> {
  const world = await cell.open();
  const tally = { hops: 0, runs: 0, instances: 0, events: 0 };
  let next = 0;
  const go = (until: number, count: boolean): void => {
    do {
      const one = world(next++);
      if (!count) continue;
      for (const key of ['hops', 'runs', 'instances', 'events'] as const) tally[key] += one[key];
    } while (cpu() < until);
  };
  if (!cell.once) go(cpu() + seconds / 2, false);
  const session = values.profile === undefined ? undefined : profiling();
  const [cpuBefore, wallBefore] = [cpu(), performance.now()];
  go(cell.once ? 0 : cpuBefore + seconds, true);
  const cpuSeconds = cpu() - cpuBefore;
  const wallSeconds = (performance.now() - wallBefore) / 1_000;
  session?.(join(values.profile ?? '', `${cell.name.replaceAll(/\W+/g, '-')}.cpuprofile`));
  return { group: cell.group, name: cell.name, ...tally, cpuSeconds, wallSeconds };
}

/** Node's own profiler, begun; the function ends it and writes what it saw. */
function profiling(): (file: string) => void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  return (file) => {
    session.post('Profiler.stop', (_, { profile }) => {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, JSON.stringify(profile));
    });
    session.disconnect();
  };
}

function shown(value: number): string {
  return Math.round(value).toLocaleString('en');
}

const rows: Row[] = [];
for (const cell of CELLS.filter(({ group }) => groups.has(group))) {
  const row = await measure(cell);
  rows.push(row);
  const { cpuSeconds, events, hops, instances, runs, wallSeconds } = row;
  const [value, unit] = cell.figure(row);
  const aim = cell.wanted === undefined ? '' : `   aimed at ${cell.wanted.toLocaleString('en')}`;
  const rate = (count: number): string => shown(count / cpuSeconds);
  process.stdout.write(
    `${row.group.padEnd(8)} ${row.name.padEnd(44)}${shown(value).padStart(8)} ${unit}${aim}\n` +
      `         in a CPU second ${rate(hops)} hops, ${rate(runs)} worlds, ${rate(instances)} runs of the workflow, ${rate(events)} events; ` +
      `${cpuSeconds.toFixed(1)} s CPU, ${wallSeconds.toFixed(1)} s\n`,
  );
}
const folder = join(import.meta.dirname, '../../reports/bench');
mkdirSync(folder, { recursive: true });
const page = { at: new Date().toISOString(), machine: thisMachine(), rows };
writeFileSync(join(folder, 'simulator.json'), `${JSON.stringify(page, null, 1)}\n`);
