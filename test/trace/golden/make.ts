/*
 * Makes a golden trace of what this version records: `node test/trace/golden/make.ts NAME.trace`. Of many
 * simulated runs under all kinds of faults it keeps a few that show everything that any of them shows:
 * kinds of records and of causes at every task, how often something was tried, how it ended.
 *
 * One that is there is never written over: traces of earlier versions decode for ever.
 */
import { writeFileSync } from 'node:fs';
import { decodeHeader, decodeRecord, type State, type TraceUnit } from '../../../src/wire/index.ts';
import { Trace } from '../../../src/trace/read-trace.ts';
import { TraceWriter } from '../../../src/trace/write-trace.ts';
import { chaosFiles } from '../../../src/cli/chaos-scenarios.ts';
import { bytesOf, HEADER, plansOf, recorded, stageOf } from '../traces.ts';

/** Runs of each scenario of which the few are taken. */
const WORLDS = 60;
const SEED = 7;
/** Things that a world must show first to be kept. */
const FRESH_MIN = 6;
/** Thousands of records that show little else than those of a parallel loop. */
const LONG = 'parallel-list';

/** What a record shows. */
function* shown(bytes: Uint8Array): Generator<string> {
  const { body, header } = decodeRecord(bytes);
  const { kind } = header;
  if (!('cause' in body)) return yield kind;
  const { cause } = body;
  const failed = cause.kind === 'activity' && cause.error !== undefined ? '!' : '';
  const why = 'why' in body ? body.why : '';
  const by = `${kind} ${why} ${cause.kind}${failed}`;
  if ('state' in body) {
    const { frames, position } = body.state;
    yield `${by} ${position}`;
    for (const one of tries(body.state)) yield one;
    for (const { node } of frames) yield `${kind} ${node.kind}`;
  } else {
    yield `${by} ${body.end.error?.type ?? ''} ${body.end.cancelled ?? ''}`;
  }
  if (cause.kind === 'joined') yield `${by} of ${cause.last?.cause.kind}`;
}

function* tries({ frames }: State): Generator<string> {
  for (const { node, pointer } of frames) {
    if (node.kind === 'try') yield `${pointer} failed ${node.failures} ${node.inCatch}`;
    if (node.kind === 'activity') yield `${node.pointer} attempt ${node.attempt}`;
  }
}

/** The worlds that together show everything, those that show most first. */
function chosen(units: readonly TraceUnit[]): ReadonlySet<number> {
  const worlds = new Map<number, Set<string>>();
  for (const { records, world } of units) {
    const all = worlds.get(world) ?? new Set();
    for (const bytes of records) for (const one of shown(bytes)) all.add(one);
    worlds.set(world, all);
  }
  const seen = new Set<string>();
  const found = new Set<number>();
  for (;;) {
    const rest = [...worlds].map(([world, all]) => ({
      world,
      fresh: [...all].filter((one) => !seen.has(one)),
    }));
    const [best] = rest.sort((a, b) => b.fresh.length - a.fresh.length);
    // The last few of everything would take most of the room.
    if (best === undefined || best.fresh.length < FRESH_MIN) return found;
    found.add(best.world);
    for (const one of best.fresh) seen.add(one);
  }
}

if (import.meta.main) {
  const [name = ''] = process.argv.slice(2);
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter({ ...HEADER, source: 'cut' }, (bytes) => parts.push(bytes));
  let world = 0;
  for (const file of chaosFiles(['scenarios']).scenarios) {
    if (file.includes(LONG)) continue;
    const stage = await stageOf(file);
    const trace = new Trace(bytesOf(recorded(stage, plansOf(stage, WORLDS, SEED))));
    const units = [...trace.units()];
    const kept = [...chosen(units)];
    const before = writer.written.records;
    for (const unit of units) {
      const place = kept.indexOf(unit.world);
      if (place < 0) continue;
      for (const definition of trace.definitions.values()) writer.define(definition);
      const runs = unit.records.map((bytes) => decodeHeader(bytes).run);
      writer.unit({ ...unit, world: world + place }, runs);
    }
    world += kept.length;
    process.stdout.write(
      `${file}: ${kept.length} worlds, ${writer.written.records - before} records\n`,
    );
  }
  writer.finish();
  writeFileSync(new URL(name, import.meta.url), Buffer.concat(parts), { flag: 'wx' });
  process.stdout.write(`${JSON.stringify(writer.written)}\n`);
}
