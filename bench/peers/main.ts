/*
 * npm run bench:peers -- --restate FOLDER --dbos FOLDER [--rounds 3 --seconds 5 --keep]
 *
 * Equal work on this machine, one engine after the other, in turns: medians of the rounds. Peers are those
 * that were installed in these folders; README.md says how. `--keep` writes results.json and the table of
 * README.md; without it they are only shown.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { numberOf, scriptWords } from '../../.ci/script-words.ts';
import { readMachine, thisMachine } from '../../src/bench/machine.ts';
import { postgresServer } from '../../test/live/postgres/server.ts';
import { median } from '../throughput/median.ts';

interface Line {
  readonly engine: string;
  readonly how: string;
  readonly workload: string;
  readonly callers: number;
  readonly stepsPerSecond: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** per step, in what the engine counts by */
  readonly writes: Readonly<Record<string, number>>;
}

const START = '<!-- peers: npm run bench:peers -- --keep -->';
const END = '<!-- /peers -->';
const README = join(import.meta.dirname, 'README.md');

const { values } = scriptWords(import.meta.url, {
  options: {
    restate: { type: 'string' },
    dbos: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '1,32,256' },
    workloads: { type: 'string', default: 'one,seq10,fan16' },
    keep: { type: 'boolean', default: false },
  },
});

const rounds = numberOf('--rounds', values.rounds);
numberOf('--seconds', values.seconds);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function measured(script: string, words: readonly string[]): Promise<readonly Line[]> {
  say(
    `${script.replace('.mjs', '')} ${words[0] === 'http' || words[0] === 'in-process' ? words[0] : ''}`,
  );
  const { callers, seconds, workloads } = values;
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CALLERS: callers,
      SECONDS: seconds,
      WORKLOADS: workloads,
      NODE_NO_WARNINGS: '1',
    },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const killed = (): void => void child.kill();
  process.once('exit', killed);
  await new Promise((ended) => child.once('close', ended));
  process.off('exit', killed);
  return said
    .split('\n')
    .filter((line) => line.startsWith('{"engine"'))
    .map((line) => JSON.parse(line) as Line);
}

function versionIn(folder: string, name: string): string {
  const path = join(folder, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function medians(lines: readonly Line[]): readonly Line[] {
  const key = ({ callers, engine, how, workload }: Line): string =>
    [engine, how, workload, callers].join();
  return [...new Set(lines.map(key))].map((one) => {
    const same = lines.filter((line) => key(line) === one);
    const of = (read: (line: Line) => number | null): number =>
      median(same.map((line) => read(line) ?? Number.NaN));
    return {
      ...same[0]!,
      stepsPerSecond: of((line) => line.stepsPerSecond),
      p50: of((line) => line.p50),
      p99: of((line) => line.p99),
      writes: Object.fromEntries(
        Object.keys(same[0]!.writes).map((name) => [name, of((line) => line.writes[name] ?? null)]),
      ),
    };
  });
}

function number(value: number | null): string {
  return value === null || !Number.isFinite(value)
    ? '-'
    : value >= 100
      ? Math.round(value).toLocaleString('en')
      : value.toPrecision(3);
}

/** What a step costs in writes, in words. */
function written(writes: Line['writes']): string {
  const parts = Object.entries(writes).map(([name, value]) =>
    name === 'bytes' ? `${number(value / 1_000)} KB` : `${number(value)} ${name}`,
  );
  return parts.length === 0 ? '-' : parts.join(', ');
}

/** How many times as much of ours there is; none, where one of them did nothing. */
function times(ours: Line | undefined, theirs: Line): string {
  const ratio = (ours?.stepsPerSecond ?? 0) / theirs.stepsPerSecond;
  return Number.isFinite(ratio) && ratio > 0 ? `${ratio.toFixed(1)}x` : '-';
}

function table(lines: readonly Line[]): string {
  const ours = (line: Line): Line | undefined =>
    lines.find(
      ({ callers, engine, how, workload }) =>
        engine === 'Waybill' &&
        how.startsWith(line.how.startsWith('HTTP') ? 'HTTP' : 'in process') &&
        callers === line.callers &&
        workload === line.workload,
    );
  const rows = lines.map((line) => {
    const { callers, engine, how, p50, p99, stepsPerSecond, workload } = line;
    const more = engine === 'Waybill' ? '' : times(ours(line), line);
    const cells = [workload, callers.toLocaleString('en'), engine, how, number(stepsPerSecond)];
    cells.push(number(p50), number(p99), written(line.writes), more);
    return `| ${cells.join(' | ')} |`;
  });
  const heads = [
    'workload',
    'callers',
    'engine',
    'how',
    'steps/s',
    'p50 of a run, ms',
    'p99',
    'written per step',
    'Waybill, called likewise',
  ];
  return [`| ${heads.join(' | ')} |`, '|---|--:|---|---|--:|--:|--:|---|--:|', ...rows].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'waybill-peers-'));
const lines: Line[] = [];
const versions: Record<string, string> = {};
const restate = values.restate === undefined ? undefined : resolve(values.restate);
const dbos = values.dbos === undefined ? undefined : resolve(values.dbos);
for (const peer of [restate, dbos]) {
  if (peer === undefined || existsSync(join(peer, 'node_modules'))) continue;
  say(`${peer} has no node_modules: README.md says how to install a peer`);
  process.exit(2);
}
const server = dbos === undefined ? undefined : await postgresServer({ own: true });
const before = readMachine();
try {
  for (let round = 0; round < rounds; round++) {
    lines.push(...(await measured('waybill.mjs', ['in-process', folder])));
    lines.push(...(await measured('waybill.mjs', ['http', folder])));
    if (restate !== undefined) {
      versions['Restate'] = versionIn(restate, '@restatedev/restate-server');
      const own = mkdtempSync(join(folder, 'restate-'));
      lines.push(...(await measured('restate.mjs', [restate, own])));
    }
    if (dbos !== undefined && server !== undefined && !('missing' in server)) {
      versions['DBOS'] = versionIn(dbos, '@dbos-inc/dbos-sdk');
      lines.push(...(await measured('dbos.mjs', [dbos, server.url()])));
    }
  }
} finally {
  if (server !== undefined && !('missing' in server)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
const order = ['one', 'seq10', 'fan16'];
const found = medians(lines).toSorted(
  (a, b) =>
    order.indexOf(a.workload) - order.indexOf(b.workload) ||
    a.callers - b.callers ||
    (a.engine < b.engine ? 1 : -1),
);
const { cores, cpu, node } = thisMachine();
const busy =
  ((readMachine().busySeconds ?? 0) - (before.busySeconds ?? 0)) /
  ((readMachine().at - before.at) / 1_000);
const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
const note = `${[...names, `Node ${node.slice(1)}`].join(', ')}; ${cpu}, ${cores} cores, of which ${busy.toFixed(1)} were busy; medians of ${values.rounds} rounds of ${values.seconds} s, in turns.`;
process.stdout.write(`${table(found)}\n\n${note}\n`);
if (values.keep) {
  writeFileSync(
    join(import.meta.dirname, 'results.json'),
    `${JSON.stringify({ at: new Date().toISOString(), note, rows: found }, null, 1)}\n`,
  );
  const readme = readFileSync(README, 'utf8');
  const [head] = readme.split(START);
  const [, foot] = readme.split(END);
  writeFileSync(README, `${head}${START}\n\n${table(found)}\n\n${note}\n\n${END}${foot ?? '\n'}`);
}
process.exit();
