/*
 * npm run bench [-- --quick | --matrix] [--live | --no-live] [--seconds 5]
 *
 * Measures the cells, each in a process of its own, and leaves reports/bench: index.html, latest.json, and
 * a line in history.jsonl. `--quick` takes less than 6 minutes, the default less than 10. Live cells are
 * measured where brokers and a PostgreSQL are found or can be started (test/live says how).
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberOf, scriptWords } from '../../.ci/script-words.ts';
import { measureApart } from '../../src/bench/apart.ts';
import type { Figures } from '../../src/bench/figures.ts';
import { thisMachine } from '../../src/bench/machine.ts';
import { isLive, MODES } from '../../src/bench/subject.ts';
import { refusal, WORKLOADS } from '../../src/bench/workloads.ts';
import { table } from '../../src/cli/bench-table.ts';
import { testBroker } from '../../test/live/broker/index.ts';
import { postgresServer } from '../../test/live/postgres/server.ts';
import { LIVE, matrix, QUICK, USUAL, type Wanted } from './cells.ts';
import { measureScale } from '../scale/main.ts';
import { medianOf } from './median.ts';
import { type Measured, REPORTS, writePage } from './page.ts';
import { unitNs } from './unit.ts';

const { values } = scriptWords(import.meta.url, {
  options: {
    quick: { type: 'boolean', default: false },
    matrix: { type: 'boolean', default: false },
    live: { type: 'boolean', default: true },
    scale: { type: 'boolean', default: true },
    seconds: { type: 'string' },
    warm: { type: 'string' },
  },
  allowNegative: true,
});
const seconds = numberOf('--seconds', values.seconds ?? (values.quick ? '4' : '5'));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

interface Live {
  readonly brokers: string;
  readonly store: string;
  close(): Promise<void>;
}

async function live(): Promise<Live | undefined> {
  if (!values.live) return undefined;
  const broker = await testBroker();
  if ('missing' in broker) {
    say(`without live cells: ${broker.missing}`);
    return undefined;
  }
  const store = await postgresServer();
  if ('missing' in store) {
    say(`without live cells: ${store.missing}`);
    await broker.close();
    return undefined;
  }
  return {
    brokers: broker.brokers.join(','),
    store: store.url(),
    close: async () => {
      await broker.close();
      await store.stop();
    },
  };
}

function words(wanted: Wanted, folder: string, ground: Live | undefined): readonly string[] {
  const { callers, mode, rate, workload } = wanted;
  return [
    ...['bench', '--json', '--mode', mode, '--workload', workload, '--folder', folder],
    ...['--for', `${seconds}s`, '--warm-up', values.warm ?? '2s'],
    ...(callers === undefined ? [] : ['--concurrency', String(callers)]),
    ...(rate === undefined ? [] : ['--rate', String(rate)]),
    ...(isLive(mode) ? ['--brokers', ground!.brokers, '--store', ground!.store] : []),
  ];
}

function wantedCells(ground: Live | undefined): readonly Wanted[] {
  if (values.matrix) {
    const modes = MODES.filter((mode) => ground !== undefined || !isLive(mode));
    return matrix(
      modes,
      WORKLOADS.filter((name) => refusal(name) === undefined),
    );
  }
  return [...(values.quick ? QUICK : USUAL), ...(ground === undefined ? [] : LIVE)];
}

function commit(): string {
  try {
    const git = (...asked: string[]): string =>
      execFileSync('git', asked, { encoding: 'utf8', cwd: import.meta.dirname }).trim();
    const changed =
      git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' and changes';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'no commit';
  }
}

async function measureAll(
  wanted: readonly Wanted[],
  folder: string,
  ground: Live | undefined,
): Promise<readonly Figures[]> {
  const found = new Map<Wanted, Figures[]>();
  const rounds = Math.max(...wanted.map((one) => one.rounds));
  const total = wanted.reduce((sum, one) => sum + one.rounds, 0);
  let nth = 0;
  // in turns: what disturbs the machine for a while disturbs all of them
  for (let round = 0; round < rounds; round++) {
    for (const one of wanted) {
      if (round >= one.rounds) continue;
      const { callers, mode, rate, workload } = one;
      const load = rate === undefined ? `${callers} callers` : `${rate} runs/s`;
      say(`${++nth}/${total}  ${workload}  ${mode}  ${load}`);
      try {
        const figures = await measureApart(words(one, folder, ground));
        found.set(one, [...(found.get(one) ?? []), figures]);
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
      }
    }
  }
  return wanted.flatMap((one) => {
    const figures = found.get(one);
    return figures === undefined ? [] : [medianOf(figures)];
  });
}

// kafkajs sets a timer in the past now and then, which Node finds worth a warning
process.removeAllListeners('warning');
const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
const ground = await live();
try {
  const unit = unitNs();
  const figures = await measureAll(wantedCells(ground), folder, ground);
  const scale = values.scale ? await measureScale(folder, values.quick, say) : [];
  const measured: Measured = {
    at: new Date().toISOString(),
    commit: commit(),
    machine: thisMachine(),
    unitNs: Math.min(unit, unitNs()),
    figures,
    scale,
  };
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(join(REPORTS, 'latest.json'), `${JSON.stringify(measured, null, 1)}\n`);
  appendFileSync(join(REPORTS, 'history.jsonl'), `${JSON.stringify(measured)}\n`);
  const page = writePage(measured);
  process.stdout.write(`${table(figures)}\n`);
  say(`${page}\nnpm run bench:check compares it with what was accepted last.`);
} finally {
  await ground?.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
