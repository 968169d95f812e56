/*
 * Builds the package: `npm run build`, or `node .ci/build.ts FOLDER` to put dist elsewhere.
 *
 * tsc makes .js and .d.ts of the TypeScript; everything else under src (the launcher, generated
 * code) is copied as it is.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src');

export function build(target: string): void {
  rmSync(target, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--outDir', target],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tsc does not build this:\n${stdout}`);
  cpSync(SOURCE, target, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts') || path.endsWith('.d.ts'),
  });
  chmodSync(join(target, 'cli', 'launch.cjs'), 0o755);
}

if (import.meta.main) {
  try {
    build(process.argv[2] ?? join(ROOT, 'dist'));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
