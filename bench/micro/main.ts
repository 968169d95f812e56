/*
 * One page about the parts: step per kind of task, codec, compression, jq, the simulated broker. Medians
 * with the half of their 95 % confidence interval; what was aimed at stands beside it.
 *
 *   npm run bench:micro [-- --ms 700 --only step,codec]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberOf, scriptWords, someOf } from '../../.ci/script-words.ts';
import { Bench } from 'tinybench';
import { Simulation } from '../../src/adapters/sim/index.ts';
import { compile, type Json } from '../../src/jq/index.ts';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { decodeHeader, decodeRecord, encodeRecord, recordToJson } from '../../src/wire/index.ts';
import { thisMachine } from '../../src/bench/machine.ts';
import { sampleStep } from './sample.ts';
import { stepsByKind } from './tasks.ts';

interface Part {
  readonly group: string;
  readonly name: string;
  readonly run: () => unknown;
  /** per second */
  readonly wanted?: number;
}

const { values } = scriptWords(import.meta.url, {
  options: { ms: { type: 'string', default: '500' }, only: { type: 'string' } },
});
const ms = numberOf('--ms', values.ms);

function parts(): readonly Part[] {
  const found: Part[] = [];
  for (const [kind, run] of stepsByKind()) {
    found.push({ group: 'step', name: kind, run, ...(kind === 'call' ? { wanted: 400_000 } : {}) });
  }
  for (const [name, record] of [
    ['1 KB', sampleStep(1_000)],
    ['16 KB, zstd', sampleStep(16_000)],
  ] as const) {
    const bytes = encodeRecord(record);
    const small = name === '1 KB';
    const wanted = (rate: number) => (small ? { wanted: rate } : {});
    found.push(
      {
        group: 'codec',
        name: `encode, State ${name}`,
        run: () => encodeRecord(record),
        ...wanted(150_000),
      },
      {
        group: 'codec',
        name: `decode, State ${name}`,
        run: () => decodeRecord(bytes),
        ...wanted(150_000),
      },
      {
        group: 'codec',
        name: `header alone, State ${name}`,
        run: () => decodeHeader(bytes),
        ...wanted(1_000_000),
      },
      { group: 'codec', name: `readable JSON, State ${name}`, run: () => recordToJson(record) },
    );
  }
  for (const size of [1_000, 10_000, 100_000]) {
    const text = Buffer.from(JSON.stringify(sampleStep(size).body));
    const packed = zstdCompressSync(text);
    const share = Math.round((packed.length / text.length) * 100);
    found.push(
      {
        group: 'compression',
        name: `zstd, ${size / 1_000} KB to ${share} %`,
        run: () => zstdCompressSync(text),
      },
      {
        group: 'compression',
        name: `and back, ${size / 1_000} KB`,
        run: () => zstdDecompressSync(packed),
      },
    );
  }
  const order: Json = {
    total: 117.5,
    items: Array.from({ length: 12 }, (_, i) => ({ sku: `S-${i}`, price: i * 1.5, qty: i + 1 })),
  };
  for (const source of [
    '.total',
    '.items | map(.price * .qty) | add',
    '{ total: .total, lines: (.items | length), first: .items[0].sku }',
  ]) {
    const program = compile(source);
    found.push({ group: 'jq', name: source, run: () => program.first(order) });
  }
  found.push({ group: 'simulator', name: 'SimBroker: append of 10 records', run: simBroker() });
  const groups = someOf(
    '--only',
    values.only,
    found.map(({ group }) => group),
  );
  return found.filter(({ group }) => groups.has(group));
}

function simBroker(): () => unknown {
  const batch = Array.from({ length: 10 }, () => new Uint8Array(500));
  let simulation = new Simulation({ seed: 1, partitions: 1 });
  let appended = 0;
  return () => {
    // it keeps everything for the oracles
    if (++appended % 10_000 === 0) simulation = new Simulation({ seed: 1, partitions: 1 });
    return simulation.broker.land(0, batch);
  };
}

const all = parts();
const bench = new Bench({ time: ms, warmupTime: 200 });
for (const { group, name, run } of all) bench.add(`${group} ${name}`, () => void run());
await bench.run();
const rows = all.map(({ group, name, wanted }, index) => {
  const { result } = bench.tasks[index]!;
  if (result.state !== 'completed') throw new Error(`${group} ${name}: ${result.state}`);
  const { p50, rme } = result.latency;
  return { group, name, perSecond: 1_000 / p50, confidence: rme, wanted: wanted ?? null };
});
const folder = join(import.meta.dirname, '../../reports/bench');
mkdirSync(folder, { recursive: true });
const page = { at: new Date().toISOString(), machine: thisMachine(), rows };
writeFileSync(join(folder, 'micro.json'), `${JSON.stringify(page, null, 1)}\n`);
let group = '';
for (const row of rows) {
  if (row.group !== group) process.stdout.write(`\n${(group = row.group)}\n`);
  const aim =
    row.wanted === null
      ? ''
      : `   aimed at ${row.wanted.toLocaleString('en')}: ${row.perSecond >= row.wanted ? 'reached' : `${Math.round((row.perSecond / row.wanted) * 100)} %`}`;
  const rate = Math.round(row.perSecond).toLocaleString('en').padStart(12);
  process.stdout.write(
    `  ${row.name.padEnd(66)}${rate}/s  ±${row.confidence.toFixed(1).padStart(5)} %${aim}\n`,
  );
}
process.stdout.write('\n');
