/*
 * What `waybill replay` and `waybill trace` say to a stranger: each mistake is one clear line that names
 * the place and what to do, and never a zero that a build would take for a pass.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { replayCommand } from '../../src/cli/replay.ts';
import { traceCommand } from '../../src/cli/trace.ts';
import type { CliCommand } from '../../src/cli/main.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { bytesOf } from '../trace/traces.ts';

const GOLDEN = join(import.meta.dirname, '../trace/golden/first.trace');
const RUN = '019b76da-a80b-7da1-bb47-2ac3a0e94b73';
const FOLDERS = ['broken', 'nothing', 'other', 'own'];
let home = '';
const at = (name: string): string => join(home, name);

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-trace-errors-'));
  const bytes = readFileSync(GOLDEN);
  writeFileSync(at('empty.trace'), '');
  writeFileSync(at('foreign.trace'), 'a text, and no trace at all');
  writeFileSync(at('head.trace'), bytes.subarray(0, 60));
  writeFileSync(at('cut.trace'), bytes.subarray(0, 40_000));
  writeFileSync(at('two.trace'), Buffer.concat([bytes, bytes]));
  const future = Buffer.from(bytes);
  future.writeUInt32LE(9, 12);
  writeFileSync(at('future.trace'), future);
  mkdirSync(at('nothing'));
  mkdirSync(at('broken'));
  writeFileSync(at('broken/order.yaml'), 'document: { dsl: 1.0.3');
  const trace = new Trace(bytesOf(bytes));
  trace.meetDefinitions();
  mkdirSync(at('own'));
  for (const { document, name } of trace.definitions.values()) {
    if (name === 'order-fulfilment') writeFileSync(at('own/order.json'), document);
  }
  mkdirSync(at('other'));
  writeFileSync(
    at('other/other.yaml'),
    "document: { dsl: '1.0.3', namespace: other, name: other, version: '1.0.0' }\ndo: [ { a: { set: { b: 1 } } } ]\n",
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function said(
  command: CliCommand,
  words: readonly string[],
): Promise<{ code: number; text: string }> {
  const parts: string[] = [];
  const keep = (part: string | Uint8Array): boolean => parts.push(String(part)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  const program = new Command('test').exitOverride();
  command.configure(program);
  let code: number;
  try {
    await program.parseAsync(words, { from: 'user' });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    // main says it, and leaves with 2.
    expect((error as Error).name).toBe('UserError');
    parts.push((error as Error).message);
    code = 2;
  }
  return { code, text: parts.join('') };
}

describe('waybill replay', () => {
  test.each([
    ['an empty file', ['empty.trace'], 2, /empty\.trace: the file is empty/],
    ['a foreign file', ['foreign.trace'], 2, /this is no trace.*waybill record makes one/],
    [
      'a header that is cut off',
      ['head.trace'],
      2,
      /block 0 at byte 16, the header.*record it again/,
    ],
    [
      'a file that is cut off',
      ['cut.trace'],
      3,
      /block \d+ at byte \d+: the file is cut off in it/,
    ],
    ['a trace behind a trace', ['two.trace'], 3, /bytes follow the end of the trace/],
    ['a later format', ['future.trace'], 2, /format 9.*use a newer waybill/],
    ['a directory', ['nothing'], 2, /nothing: this is a directory/],
    ['no file', ['none.trace'], 2, /none\.trace: there is no such file/],
  ])('%s', async (_, [file], code, words) => {
    const found = await said(replayCommand, [at(file!)]);
    expect(found.text).toMatch(words);
    expect(found.code).toBe(code);
  });

  test.each([
    ['a run that is not there', ['--instance', RUN.replace('4b73', '0000')], /there is no run/],
    ['a world that is not there', ['--instance', `999:${RUN}`], /there is no run 999:/],
    ['a step after the last', ['--from', '900'], /--from 900: no run has so many steps/],
    ['steps the wrong way round', ['--from', '3', '--until', '2'], /--until 2 comes before/],
    ['no number', ['--from', 'x'], /--from takes a whole number from 1/],
    ['a map of nothing', ['--map', 'a=b'], /name them, --against/],
    ['workflows of others', ['--against', 'other'], /no run of the trace follows a workflow/],
    ['a folder without any', ['--against', 'nothing'], /there is no workflow there/],
    [
      'a map of a task that was not there',
      ['--against', 'own', '--map', 'nosuch=begin'],
      /no recorded workflow has a task nosuch/,
    ],
    [
      'a map to a task that is not there',
      ['--against', 'own', '--map', 'begin=nosuch'],
      /no workflow that is tried has a task nosuch/,
    ],
    ['one that cannot be read', ['--against', 'broken'], /broken\/order\.yaml:\d+:\d+: /],
  ])('%s', async (_, flags, words) => {
    const given = flags.map((one) => (FOLDERS.includes(one) ? at(one) : one));
    const found = await said(replayCommand, [GOLDEN, ...given]);
    expect(found.text).toMatch(words);
    expect(found.code).toBe(2);
  });
});

describe('waybill trace cut', () => {
  test('a run that is not there costs no file', async () => {
    writeFileSync(at('kept'), 'as it was');
    const words = ['cut', GOLDEN, '-o', at('kept'), '--force', '--instance', 'nobody'];
    const found = await said(traceCommand, words);
    expect(found.text).toMatch(/there is no run nobody/);
    expect(readFileSync(at('kept'), 'utf8')).toBe('as it was');
  });

  test('a trace is not cut over itself', async () => {
    copyFileSync(GOLDEN, at('self.trace'));
    const found = await said(traceCommand, [
      'cut',
      at('self.trace'),
      '-o',
      at('self.trace'),
      '--force',
    ]);
    expect(found.text).toMatch(/this is the trace to be cut/);
    expect(readFileSync(at('self.trace')).length).toBe(readFileSync(GOLDEN).length);
  });
});
