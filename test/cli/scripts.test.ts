/* The scripts of package.json that take words: a wrong one is told once, with the usage and exit code 2. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** What builds and tests hands its words on. */
const FILES = Object.values(scripts).flatMap((command) => {
  const [, file = ''] = / --script ((?:bench|chaos)\/\S+)/.exec(command) ?? [];
  return file === '' || file.endsWith('.bench.ts') ? [] : [file];
});

test('there are some', () => {
  expect(FILES.length).toBeGreaterThan(8);
});

test.concurrent.each([...FILES, 'bench/profile/two-builds.ts'])('%s', async (file) => {
  const { code, said } = await new Promise<{ code: unknown; said: string }>((ended) => {
    execFile(process.execPath, [join(ROOT, file), '--nope'], (error, _, stderr) => {
      ended({ code: error?.code, said: stderr });
    });
  });
  expect(said).toMatch(/Unknown option '--nope'.*\n\n(?:.*\n)*.*(?:npm run|npx)/);
  expect(said).not.toMatch(/^ {4}at /m);
  expect(code).toBe(2);
});
