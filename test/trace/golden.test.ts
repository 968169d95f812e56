/*
 * Traces of earlier versions, for ever: they decode to what they said, and replay equal but for what is
 * accepted here, one by one, with the reason.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeRecord, recordToJson, sha256Hex } from '../../src/wire/index.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { replayTest } from '../../src/vitest/index.ts';
import { bytesOf } from './traces.ts';

/** Append a line for the trace of a new version; those that are there stay as they are. */
const GOLDEN = [
  {
    file: 'first.trace',
    records: 502,
    sha256: 'bd0e70643c67488b24d2521269b5f6d49a18416759bbc5fbdb74c335ca47c25e',
    accept: {},
  },
  {
    file: 'second.trace',
    records: 3331,
    sha256: 'cab72667930ea3012eb8ef7747f6b8d2e5a73e02d84c495386f7e49e486ea4b9',
    accept: {},
  },
];

test.each(GOLDEN)('$file decodes to what it was', ({ file, records, sha256 }) => {
  const bytes = readFileSync(new URL(`golden/${file}`, import.meta.url));
  const trace = new Trace(bytesOf(bytes));
  const texts = [...trace.units()].flatMap(({ offset, partition, records: all, time, world }) =>
    all.map(
      (record) => `${world} ${partition} ${offset} ${time} ${recordToJson(decodeRecord(record))}`,
    ),
  );
  for (const { document, hash } of trace.definitions.values()) texts.push(`${hash} ${document}`);
  expect(trace.problems).toEqual([]);
  expect(trace.footer()?.records).toBe(records);
  expect(sha256Hex(texts.join('\n'))).toBe(sha256);
});

for (const { accept, file } of GOLDEN) replayTest(`golden/${file}`, { accept });
