/* An engine that steps otherwise than the recorded one: found by replaying what that has recorded. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replaceOnce } from '../../chaos/sabotage/scratch.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The newest one shows most of what the engine does. */
const GOLDEN = join(import.meta.dirname, 'golden/second.trace');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-engine-'));
  cpSync(join(ROOT, 'src'), join(home, 'src'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(home, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Replays the golden trace with the copy in which `find` is `replace`. */
function replayedWith(
  file: string,
  find: string,
  replace: string,
): { code: number | null; said: string } {
  const path = join(home, 'src', file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, replaceOnce(sound, find, replace, file));
  try {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(home, 'src/cli/main.ts'), 'replay', GOLDEN, '--workers', '0'],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    return { code: status, said: stdout + stderr };
  } finally {
    writeFileSync(path, sound);
  }
}

const EDITS = [
  [
    'when a retry is due',
    'core/backoff.ts',
    'return Math.round(delay);',
    'return Math.round(delay) + 1;',
    'differs',
  ],
  [
    'an effect key',
    'core/tasks/call.ts',
    'activation, role, digest);',
    'activation + 1, role, digest);',
    'differs',
  ],
  [
    'how often a block is tried again',
    'core/tasks/try.ts',
    'failures > policy.count) return',
    'failures >= policy.count) return',
    'differs',
  ],
] as const;

describe('an edit of the core is found', () => {
  for (const [name, file, find, replace, kind] of EDITS) {
    test(name, { timeout: 120_000 }, (context) => {
      if (!NIGHTLY) return context.skip('it starts other engines: every night');
      const { code, said } = replayedWith(file, find, replace);
      expect(code, said).toBe(1);
      expect(said).toContain(`  ${kind}  `);
      expect(said).toMatch(/first: [0-9a-f-]{36}/);
    });
  }

  test('a comment is none', { timeout: 120_000 }, (context) => {
    if (!NIGHTLY) return context.skip('the golden trace is replayed by this build anyway');
    const { code, said } = replayedWith(
      'core/tasks/call.ts',
      'activation, role, digest);',
      'activation, role, digest); // as ever',
    );
    expect(code, said).toBe(0);
  });
});
