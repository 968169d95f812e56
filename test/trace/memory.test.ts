/* Memory does not grow with the file: neither of who writes it nor of who replays it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
/*
 * Bytes of buffers count until they are swept, which goes on beside the program: the second collection waits
 * for what the first has let go of. On a busy machine one alone has shown 20 MB that nobody held.
 */
const USED = `() => {
  globalThis.gc();
  globalThis.gc();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}`;
/** Worlds of the larger file; the smaller one has a quarter of them. */
const WORLDS = 2_000;
const GROWTH_MAX = 12 * 1024 * 1024;

const PROGRAM = `
import { openBytes, createFile } from '${join(import.meta.dirname, '../../src/adapters/files/index.ts')}';
import { schemas } from '${join(import.meta.dirname, '../../src/presets/schemas.ts')}';
import { Examination } from '${join(import.meta.dirname, '../../src/trace/examine.ts')}';
import { TracePlans } from '${join(import.meta.dirname, '../../src/trace/plans.ts')}';
import { Trace } from '${join(import.meta.dirname, '../../src/trace/read-trace.ts')}';
import { TraceWriter } from '${join(import.meta.dirname, '../../src/trace/write-trace.ts')}';
import { HEADER, plansOf, recorded, stageOf, bytesOf } from '${join(import.meta.dirname, 'traces.ts')}';
import { decodeHeader } from '${join(import.meta.dirname, '../../src/wire/index.ts')}';
const [file, worlds] = process.argv.slice(1);
const stage = await stageOf('scenarios/order-fulfilment.yaml');
const small = new Trace(bytesOf(recorded(stage, plansOf(stage, 4, 2))));
const units = [...small.units()].map((unit) => [unit, unit.records.map((one) => decodeHeader(one).run)]);
const used = ${USED};
const growth = (at) => { at.push(used()); };
const writing = [];
const out = createFile(file, true);
const writer = new TraceWriter(HEADER, (bytes) => out.write(bytes));
for (const definition of small.definitions.values()) writer.define(definition);
for (let world = 0; world < worlds; world++) {
  for (const [unit, runs] of units) writer.unit({ ...unit, world: world * 8 + unit.world }, runs);
  if (world === Math.floor(worlds / 4)) growth(writing);
}
growth(writing);
writer.finish();
out.close();
const bytes = openBytes(file);
const trace = new Trace(bytes);
const examination = new Examination({ plans: new TracePlans(trace.definitions, schemas) });
const reading = [];
let seen = 0;
for (const unit of trace.units()) {
  examination.unit(unit);
  if (++seen === Math.floor(units.length * worlds / 4)) growth(reading);
}
growth(reading);
const { groups, hops } = examination.tally();
console.log(JSON.stringify({ writing, reading, size: bytes.size, hops, groups: groups.length }));
`;

test('a file four times as long takes no more memory', { timeout: 900_000 }, (context) => {
  if (!NIGHTLY) return context.skip('a minute of measuring: every night');
  const home = mkdtempSync(join(tmpdir(), 'waybill-memory-'));
  try {
    const args = ['--expose-gc', '--input-type=module-typescript', '-e', PROGRAM];
    const said = execFileSync(
      process.execPath,
      [...args, join(home, 'long.trace'), String(WORLDS)],
      {
        encoding: 'utf8',
        cwd: join(import.meta.dirname, '../..'),
      },
    );
    const { groups, hops, reading, size, writing } = JSON.parse(said) as {
      readonly writing: readonly [number, number];
      readonly reading: readonly [number, number];
      readonly size: number;
      readonly hops: number;
      readonly groups: number;
    };
    process.stdout.write(
      `${(size / 1e6).toFixed(1)} MB, ${hops} steps: from the first quarter to the end, writing ${grown(writing)}, replaying ${grown(reading)}\n`,
    );
    expect(groups).toBe(0);
    expect(hops).toBeGreaterThan(WORLDS * 50);
    expect(writing[1] - writing[0]).toBeLessThan(GROWTH_MAX);
    expect(reading[1] - reading[0]).toBeLessThan(GROWTH_MAX);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

function grown([from, to]: readonly [number, number]): string {
  return `${((to - from) / 1e6).toFixed(1)} MB`;
}
