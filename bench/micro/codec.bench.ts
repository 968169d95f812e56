/*
 * Records per second through the codec: `npm run bench:codec`. A STEP whose State is just under the
 * size from which it is compressed, one just above it, and the header alone.
 */
import { Bench } from 'tinybench';
import { sampleStep } from './sample.ts';
import {
  COMPRESS_FROM_BYTES,
  decodeHeader,
  decodeRecord,
  encodeRecord,
  encodeState,
  type LogRecord,
  recordToJson,
} from '../../src/wire/index.ts';

function stateBytes(record: LogRecord): number {
  return record.body.kind === 'STEP' ? encodeState(record.body.state).length : 0;
}

const small = sampleStep(COMPRESS_FROM_BYTES - 200);
const large = sampleStep(4 * COMPRESS_FROM_BYTES);

const bench = new Bench({ time: Number(process.env['BENCH_MS'] ?? 1_000), warmupTime: 300 });
for (const [size, record] of [
  [`State ${stateBytes(small)} B`, small],
  [`State ${stateBytes(large)} B, zstd`, large],
] as const) {
  const bytes = encodeRecord(record);
  bench
    .add(`encode, ${size}`, () => void encodeRecord(record))
    .add(`decode, ${size}`, () => void decodeRecord(bytes))
    .add(`header, ${size}`, () => void decodeHeader(bytes))
    .add(`to JSON, ${size}`, () => void recordToJson(record));
}
await bench.run();
for (const task of bench.tasks) {
  const { result } = task;
  const rate = result.state === 'completed' ? Math.round(1e3 / result.latency.p50) : 0;
  process.stdout.write(`${task.name.padEnd(28)} ${rate.toLocaleString('en').padStart(12)} /s\n`);
}
