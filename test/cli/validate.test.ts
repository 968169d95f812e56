/*
 * `waybill validate` and `waybill graph` as a user meets them: output, exit code, never a stack trace.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const VALID = `document: { dsl: 1.0.3, namespace: test, name: sample, version: 1.0.0 }
do:
  - first: { set: { a: 1 } }
`;
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-validate-'));
  mkdirSync(join(home, 'flows/deep'), { recursive: true });
  mkdirSync(join(home, 'nothing'));
  writeFileSync(join(home, 'flows/a.yaml'), VALID);
  writeFileSync(
    join(home, 'flows/deep/b.json'),
    JSON.stringify({
      document: { dsl: '1.0.3', namespace: 'a', name: 'b', version: '1.0.0' },
      do: [],
    }),
  );
  writeFileSync(join(home, 'flows/compose.yaml'), 'services: { a: { image: b } }\n');
  writeFileSync(join(home, 'nothing/readme.md'), 'nothing');
  writeFileSync(join(home, 'wrong.yaml'), VALID.replace('set:', 'sett:'));
  writeFileSync(join(home, 'empty.yaml'), '');
  writeFileSync(join(home, 'binary.yaml'), new Uint8Array([0x80, 0xff, 0, 1, 2]));
  writeFileSync(join(home, 'utf16.yaml'), new Uint8Array([0xff, 0xfe, 0x61, 0]));
  writeFileSync(join(home, 'huge.yaml'), 'x'.repeat(10 * 1024 * 1024));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(args: readonly string[], input = ''): { code: number; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: home,
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return { code: status ?? -1, out: stdout, err: stderr };
}

describe('waybill validate', () => {
  test('a valid file', () => {
    const { code, out } = run(['validate', 'flows/a.yaml']);
    expect(out).toMatch(/^flows\/a\.yaml {2}ok {2}test\/sample\/1\.0\.0 {2}[0-9a-f]{12}\n$/);
    expect(code).toBe(0);
  });

  test('a mistake: place, message, excerpt with a caret, expectation, remedy', () => {
    const { code, out } = run(['validate', 'wrong.yaml']);
    expect(out).toBe(`wrong.yaml:3:14  error  a task has no property "sett"
     3 |   - first: { sett: { a: 1 } }
       |              ^
    expected  one of call, emit, for, fork, listen, raise, run, set, switch, try, wait, do
    hint      did you mean "set"?
`);
    expect(code).toBe(2);
  });

  test('a mistake in an expression', () => {
    const { code, out } = run(['validate', '-'], VALID.replace('a: 1', "a: '${ .b | }'"));
    expect(out).toMatch(/^stdin:3:\d+ {2}error/);
    expect(code).toBe(2);
  });

  test('a directory is walked, other YAML in it is left out', () => {
    const { code, out } = run(['validate', 'flows']);
    expect(out).toContain('flows/a.yaml  ok');
    expect(out).toContain('flows/deep/b.json  ok');
    expect(out).toContain('2 documents, all valid');
    expect(code).toBe(0);
  });

  test.each([
    ['missing.yaml', 'missing.yaml  error  there is no such file'],
    ['empty.yaml', 'error  there is no document in this file'],
    ['binary.yaml', 'error  the file is not UTF-8 text'],
    ['utf16.yaml', 'it was saved as UTF-16'],
    ['huge.yaml', 'error  the file has 10.0 MB'],
    ['nothing', 'error  there is no workflow in this directory'],
    ['empty.yaml/x', 'error  there is no such file'],
  ])('%s is one clear error', (file, words) => {
    const { code, out } = run(['validate', file]);
    expect(out).toContain(words);
    expect(out.match(/ error {2}/g)).toHaveLength(1);
    expect(code).toBe(2);
  });

  test('an unreadable file is one clear error', ({ skip }) => {
    skip(process.getuid?.() === 0, 'root can read everything');
    writeFileSync(join(home, 'secret.yaml'), VALID);
    chmodSync(join(home, 'secret.yaml'), 0o000);
    expect(run(['validate', 'secret.yaml']).out).toContain('permission to read it is missing');
  });

  test('--json', () => {
    const { code, out } = run(['validate', 'flows/a.yaml', 'wrong.yaml', '--json']);
    const report = JSON.parse(out) as { valid: boolean; documents: Record<string, unknown>[] };
    expect(report.valid).toBe(false);
    expect(report.documents[0]).toMatchObject({ file: 'flows/a.yaml', valid: true, problems: [] });
    expect(report.documents[1]).toMatchObject({
      valid: false,
      problems: [{ code: 'unknown-property', line: 3, column: 14, pointer: '/do/0/first/sett' }],
    });
    expect(code).toBe(2);
  });

  test('the standard input', () => {
    expect(run(['validate', '-'], VALID).out).toContain('stdin  ok');
  });

  test('no file at all', () => {
    const { code, err } = run(['validate']);
    expect(err).toContain("missing required argument 'file'");
    expect(code).toBe(2);
  });
});

describe('waybill graph', () => {
  test('Mermaid on the standard output', () => {
    const { code, out } = run(['graph', 'flows/a.yaml']);
    expect(out).toContain('flowchart TD');
    expect(code).toBe(0);
  });

  test('SVG into a file', () => {
    expect(run(['graph', 'flows/a.yaml', '-o', 'a.svg']).code).toBe(0);
    expect(readFileSync(join(home, 'a.svg'), 'utf8')).toMatch(/^<svg /);
  });

  test.each([
    [['graph', 'wrong.yaml'], 'did you mean "set"?'],
    [['graph', 'flows'], 'this is a directory'],
    [['graph', 'flows/a.yaml', '--format', 'png'], 'there is no format "png"'],
    [['graph', 'flows/a.yaml', '-o', 'no/such/place.svg'], 'cannot be written'],
  ])('%j is refused', (args, words) => {
    const { code, out, err } = run(args);
    expect(err).toContain(words);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});
