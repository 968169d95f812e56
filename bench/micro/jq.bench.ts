/*
 * jq: evaluations per second on a 1 KB input, compiled once, beside the libraries of the registry.
 *
 *   node bench/micro/jq.bench.ts [--quick]
 *
 * What counts is the last column: rates of one run divided by each other, because the machine is shared.
 * Not measured: inputs that do not fit a cache, outputs that are serialised, errors.
 */
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { compile, type Json } from '../../src/jq/index.ts';

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const TIME_MS = flags.quick ? 100 : 700;

const input = {
  a: { b: 42 },
  id: 'order-7',
  total: 117.5,
  status: 'open',
  customer: { id: 7, name: 'Ada', city: 'London' },
  note: 'x'.repeat(300),
  items: Array.from({ length: 12 }, (_, i) => ({
    sku: `S-${i}`,
    name: `item ${i}`,
    price: i * 1.5 + 1,
    qty: i + 1,
  })),
} satisfies Json;

/** The figures of the issue, per second. */
const EXPRESSIONS = [
  { name: '.a.b', source: '.a.b', wanted: 20e6 },
  { name: 'map | add', source: '.items | map(.price * .qty) | add', wanted: 1.5e6 },
  {
    name: 'object of 6',
    source:
      '{id: .id, name: .customer.name, total: .total, lines: (.items | length), first: .items[0].sku, label: "order \\(.id)"}',
    wanted: 2e6,
  },
];

type Run = () => unknown;
type Library = (source: string) => Run;

/** A library may be missing or may not know an expression: then it has no figure. */
async function libraries(): Promise<ReadonlyMap<string, Library>> {
  const found = new Map<string, Library>();
  const load = async (name: string, adapt: (module: never) => Library): Promise<void> => {
    try {
      found.set(name, adapt((await import(name)) as never));
    } catch {
      process.stdout.write(`${name} is not installed\n`);
    }
  };
  await load(
    '@michaelhomer/jqjs',
    (jqjs: { compile(s: string): (v: unknown) => Iterable<unknown> }) => (source) => {
      const filter = jqjs.compile(source);
      return () => [...filter(input)][0];
    },
  );
  await load(
    'jqts',
    (jqts: { default: { default: { compile(s: string): { evaluate(v: unknown): unknown[] } } } }) =>
      (source) => {
        const filter = jqts.default.default.compile(source);
        return () => filter.evaluate(input)[0];
      },
  );
  await load(
    'jq-in-the-browser',
    (jq: { default: { default(s: string): (v: unknown) => unknown } }) => (source) => {
      const filter = jq.default.default(source);
      return () => filter(input);
    },
  );
  await load(
    '@jq-tools/jq',
    (jq: {
      parse(s: string): unknown;
      evaluate(ast: unknown, inputs: unknown[]): Iterable<unknown>;
    }) =>
      (source) => {
        const ast = jq.parse(source);
        return () => [...jq.evaluate(ast, [input])][0];
      },
  );
  return found;
}

function works(run: Run, expected: unknown): boolean {
  try {
    return JSON.stringify(run()) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

async function measure(runs: ReadonlyMap<string, Run>): Promise<ReadonlyMap<string, number>> {
  const bench = new Bench({ time: TIME_MS, warmupTime: TIME_MS / 2 });
  for (const [name, run] of runs) {
    // A hundred at a time: the clock costs more than one evaluation does.
    bench.add(name, () => {
      for (let i = 0; i < BATCH; i++) run();
    });
  }
  await bench.run();
  const rates = new Map<string, number>();
  for (const { name, result } of bench.tasks) {
    if (result.state === 'completed') rates.set(name, (1000 / result.latency.p50) * BATCH);
  }
  return rates;
}

const BATCH = 100;

function row(...cells: readonly string[]): void {
  const widths = [14, 22, 14, 10];
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('')}\n`);
}

function rate(perSecond: number): string {
  return perSecond >= 1e6
    ? `${(perSecond / 1e6).toFixed(2)} M/s`
    : `${(perSecond / 1e3).toFixed(1)} k/s`;
}

const others = await libraries();
process.stdout.write(`input: ${JSON.stringify(input).length} bytes\n`);
row('expression', 'library', 'rate', 'ours is');
for (const { name, source, wanted } of EXPRESSIONS) {
  const program = compile(source);
  const expected = program.first(input);
  const runs = new Map<string, Run>([['waybill', () => program.first(input)]]);
  for (const [library, prepare] of others) {
    try {
      const run = prepare(source);
      if (works(run, expected)) runs.set(library, run);
      else row(name, library, 'wrong', '');
    } catch {
      row(name, library, 'refuses', '');
    }
  }
  const rates = await measure(runs);
  const ours = rates.get('waybill') ?? 0;
  for (const [library, perSecond] of rates) {
    const note =
      library === 'waybill' ? `wanted ${rate(wanted)}` : `${(ours / perSecond).toFixed(1)} x`;
    row(name, library, rate(perSecond), note);
  }
}

const TYPICAL = [
  '.customer.name',
  '.items | map(.price * .qty) | add',
  '.total > 100 and .status == "open"',
  '{id: .id, greeting: "Dear \\(.customer.name)"}',
  '[.items[] | select(.qty > 5) | .sku]',
  '$context.user.name // "anonymous"',
];
let next = 0;
const compiling = await measure(
  new Map([
    ['compile', () => compile(TYPICAL[next++ % TYPICAL.length]!, { variables: ['context'] })],
  ]),
);
row('compile', 'waybill', rate(compiling.get('compile') ?? 0), 'wanted 20.0 k/s');
