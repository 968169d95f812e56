/*
 * npm run bench:scale [-- --quick | --full]
 *
 * How what a step costs changes with size: steps that a run has made, the State that it carries, runs that
 * wait, branches at once. Flat is what is wanted, but for the State, which travels with every step.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptWords } from '../../.ci/script-words.ts';
import type { Engine } from '../../src/presets/embedded.ts';
import { openEngine } from '../../src/presets/embedded.ts';
import { type Definition, load } from '../../src/dsl/index.ts';
import type { Json } from '../../src/wire/index.ts';
import type { ScaleCurve } from '../../src/report/bench-model.ts';
import { inFlight, type Opened, waiting } from './sizes.ts';

type Say = (text: string) => void;
const FLIGHT = 100_000;
interface Point {
  readonly x: number;
  readonly y: number;
}

export function definition(name: string, tasks: string): Definition {
  const text = `document: { dsl: '1.0.3', namespace: scale, name: ${name}, version: '1.0.0' }\n${tasks}`;
  const { definition: found, problems } = load(text, `${name}.yaml`);
  if (found === undefined) throw new Error(problems.map(({ message }) => message).join());
  return found;
}

async function run(engine: Engine, what: Definition, input: Json): Promise<void> {
  const { ended } = await engine.result(await engine.start({ definition: what, input }));
  if (ended !== 'completed') throw new Error(`${what.name} ${ended}`);
}

/** A loop that goes back: its State does not grow. */
const LONG = definition(
  'long',
  `do:
  - a: { call: step, export: { as: '{ n: (($context.n // 0) + 1), of: $workflow.input.of }' } }
  - b: { switch: [{ again: { when: '$context.n < $context.of', then: a } }, { over: { then: end } }] }
`,
);

/** us per step at the 10th, the 1,000th, ... step of one run. */
async function overLength(longest: number): Promise<readonly Point[]> {
  const times: number[] = [];
  const step = (): Json => {
    times.push(performance.now());
    return null;
  };
  const engine = await openEngine({ file: ':memory:', functions: { step } });
  try {
    await engine.deploy(LONG);
    const timed = async (of: number): Promise<readonly number[]> => {
      times.length = 0;
      await run(engine, LONG, { of });
      return [...times];
    };
    await timed(5_000);
    const early: number[] = [];
    const later: number[] = [];
    for (let round = 0; round < 15; round++) {
      const at = await timed(1_600);
      early.push(perStep(at, 10, 310));
      later.push(perStep(at, 1_000, 1_300));
    }
    const points = [
      { x: 10, y: least(early) },
      { x: 1_000, y: least(later) },
    ];
    if (longest <= 1_600) return points;
    const at = await timed(longest);
    const windows: number[] = [];
    for (let from = longest - 6_000; from + 300 < longest; from += 300) {
      windows.push(perStep(at, from, from + 300));
    }
    return [...points, { x: longest, y: least(windows) }];
  } finally {
    await engine.close();
  }
}

/** us */
function perStep(times: readonly number[], from: number, to: number): number {
  return ((times[to]! - times[from]!) / (to - from)) * 1_000;
}

/** What disturbs only ever adds: of several windows the lower quarter says most. */
function least(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)]!;
}

const CARRIES = definition(
  'carries',
  `do:
  - z: { set: '\${ . }', export: { as: '{ documents: .documents }' } }
${Array.from({ length: 20 }, (_, i) => `  - s${i}: { call: step }`).join('\n')}
  - y: { set: '\${ $context.documents | length }' }
`,
);

/** us per step with a State of so many bytes. */
async function overState(sizes: readonly number[]): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const size of sizes) {
    const engine = await openEngine({ file: ':memory:', functions: { step: () => null } });
    try {
      await engine.deploy(CARRIES);
      const documents = Array.from({ length: Math.ceil(size / 50) }, (_, i) => ({
        id: `doc-${i}`,
        kind: 'passport',
        pages: i % 7,
      }));
      const rounds: number[] = [];
      const until = performance.now() + 1_500;
      for (let round = 0; round < 40 && (round < 4 || performance.now() < until); round++) {
        const begun = performance.now();
        await run(engine, CARRIES, { documents });
        rounds.push(((performance.now() - begun) / 21) * 1_000);
      }
      points.push({ x: size, y: least(rounds) });
    } finally {
      await engine.close();
    }
  }
  return points;
}

const FANS = definition(
  'fans',
  `do:
  - fan:
      metadata: { parallel: { max: 256 } }
      for: { each: n, in: '[range($workflow.input.of)]' }
      do: [{ one: { call: step } }]
`,
);

/** us per branch of a loop with so many iterations, 256 at once. */
async function overBranches(counts: readonly number[]): Promise<readonly Point[]> {
  const points: Point[] = [];
  const engine = await openEngine({ file: ':memory:', functions: { step: () => null } });
  try {
    await engine.deploy(FANS);
    await run(engine, FANS, { of: 500 });
    for (const of of counts) {
      const rounds: number[] = [];
      const until = performance.now() + 1_000;
      for (let round = 0; round < 30 && (round < 2 || performance.now() < until); round++) {
        const begun = performance.now();
        await run(engine, FANS, { of });
        rounds.push(((performance.now() - begun) / of) * 1_000);
      }
      points.push({ x: of, y: least(rounds) });
    }
  } finally {
    await engine.close();
  }
  return points;
}

export async function measureScale(
  folder: string,
  quick: boolean,
  say: Say,
): Promise<readonly ScaleCurve[]> {
  say('scale: steps of one run');
  const length = await overLength(quick ? 20_000 : 100_000);
  say('scale: size of the State');
  // a START is not compressed, and no record is larger (RECORD_BYTES_MAX)
  const state = await overState([1_000, 10_000, 100_000, ...(quick ? [] : [900_000])]);
  say('scale: branches');
  const branches = await overBranches([1, 10, 100, 1_000, ...(quick ? [] : [10_000])]);
  say('scale: runs that wait');
  const counts = quick ? [10, 1_000, 10_000] : [10, 10_000, 100_000];
  const parked = await waiting(folder, counts);
  return [
    {
      title: 'Cost over run length',
      hint: 'One step of a run that has made so many: its State does not grow, and neither does this. In memory, one caller.',
      x: 'steps made before',
      unit: 'us',
      points: length,
    },
    {
      title: 'Cost over the State',
      hint: 'One step of a run that carries so many bytes of context: it travels with every step, compressed from 1 KB on.',
      x: 'bytes of State',
      unit: 'us',
      points: state,
    },
    {
      title: 'Cost over branches',
      hint: 'One iteration of a parallel loop with so many of them, 256 at once.',
      x: 'branches',
      unit: 'us',
      points: branches,
    },
    {
      title: 'Start-up over runs that wait',
      hint: 'A new process opens the file and has run one more workflow: what waits is in the Store, not in memory.',
      x: 'runs that wait',
      unit: 'ms',
      points: parked.map(({ count, ms }) => ({ x: count, y: ms })),
    },
  ];
}

if (import.meta.main) {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const { values } = scriptWords(import.meta.url, {
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'waybill-scale-'));
  try {
    for (const { points, title, unit } of await measureScale(folder, values.quick, say)) {
      const texts = points.map(
        ({ x, y }) => `${x.toLocaleString('en')}: ${Number(y.toPrecision(3))} ${unit}`,
      );
      process.stdout.write(`${title.padEnd(30)} ${texts.join('   ')}\n`);
    }
    if (values.full) {
      const tell = (what: string, found: Opened | undefined): void =>
        void process.stdout.write(`${what}: ${JSON.stringify(found)}\n`);
      say('scale: killed with 100,000 runs in flight');
      tell(
        'killed with 100,000 in flight, 20,000 of them under way',
        await inFlight(folder, FLIGHT),
      );
      tell('killed with 100,000 under way', await inFlight(folder, FLIGHT, FLIGHT));
      say('scale: 1,000,000 runs that wait');
      const [million] = await waiting(folder, [1_000_000]);
      tell('1,000,000 wait', million);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}
