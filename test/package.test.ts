/*
 * The package as a stranger gets it: built, packed, unpacked elsewhere, and its binary run. In the
 * nightly tier it is really installed from the tarball, and run by an old Node as well.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../.ci/build.ts';

const ROOT = join(import.meta.dirname, '..');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const DOCUMENT = `document: { dsl: '1.0.3', namespace: test, name: hello, version: '1.0.0' }
do:
  - greet: { set: { greeting: hello } }
`;

let work: string;
let tarball: string;

/** stdout of a program; its stderr is in the error when it fails. */
function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
  });
}

/** What a stranger tries first, with the binary at `program`. */
function tryIt(program: string, before: readonly string[], cwd: string): void {
  writeFileSync(join(cwd, 'hello.yaml'), DOCUMENT);
  writeFileSync(join(cwd, 'wrong.yaml'), DOCUMENT.replace('set:', 'sett:'));
  expect(run(program, [...before, '--version'], cwd)).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run(program, [...before, 'validate', 'hello.yaml'], cwd)).toContain('hello.yaml');
  let status: number | null | undefined;
  try {
    run(program, [...before, 'validate', 'wrong.yaml'], cwd);
  } catch (error) {
    ({ status } = error as { status?: number | null });
  }
  expect(status).toBe(2);
}

const SCENARIO = `name: hello
summary: One call.
workflow:
  document: { dsl: '1.0.3', namespace: test, name: hello, version: '1.0.0' }
  do:
    - greet: { call: greet }
services: { greet: { answer: '"hello"' } }
faults: { profile: crashy, instances: 1, runners: 2, partitions: 1 }
`;
const SUITE = `import { chaosTest } from 'waybill/vitest';
chaosTest('greets whatever crashes', 'hello.scenario.yaml', { runs: 3 });
`;

/** A suite finds \`waybill/vitest\` from where it stands, and runs. */
function trySuite(program: string, before: readonly string[], cwd: string): void {
  writeFileSync(join(cwd, 'hello.scenario.yaml'), SCENARIO);
  writeFileSync(join(cwd, 'hello.chaos.ts'), SUITE);
  const out = run(program, [...before, 'chaos', 'hello.chaos.ts', '--no-report'], cwd);
  expect(out).toContain('greets whatever crashes');
  expect(out).toContain('1 passed');
}

test('package-lock.json names the packages of every platform: npm ci wants all of them', () => {
  interface Lock {
    readonly packages: Readonly<Record<string, { optionalDependencies?: Record<string, string> }>>;
  }
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const wanted = Object.values(packages).flatMap((of) =>
    Object.keys(of.optionalDependencies ?? {}),
  );
  expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});

describe('the packed package', () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'waybill-package-'));
    const stage = join(work, 'stage');
    mkdirSync(stage);
    build(join(stage, 'dist'));
    for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
      if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(stage, name));
    }
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', work];
    const [packed] = JSON.parse(run('npm', args, stage)) as [{ filename: string }];
    tarball = join(work, packed.filename);
  }, 60_000);

  // An installed package is thousands of files.
  afterAll(() => rmSync(work, { recursive: true, force: true }), 60_000);

  test('holds what it needs, and nothing of the workshop', () => {
    const list = run('tar', ['-tzf', tarball], work).trim().split('\n');
    for (const path of ['package.json', 'LICENSE', 'dist/cli/launch.cjs', 'dist/cli/main.js']) {
      expect(list).toContain(`package/${path}`);
    }
    expect(list).toContain('package/dist/wire/generated/messages.js');
    const { exports: doors } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, string | { readonly types: string; readonly default: string }>;
    };
    expect(Object.keys(doors)).toEqual(['.', './vitest', './vitest/runner', './package.json']);
    for (const door of Object.values(doors)) {
      const paths = typeof door === 'string' ? [door] : Object.values(door);
      for (const path of paths) expect(list).toContain(path.replace('./', 'package/'));
    }
    expect(
      list.filter((path) => /\/(?:test|src|node_modules)\/|^package\/bench\//.test(path)),
    ).toEqual([]);
    expect(list.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });

  test('runs where it was unpacked', () => {
    const home = join(work, 'unpacked');
    mkdirSync(home);
    run('tar', ['-xzf', tarball, '-C', home], work);
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    const launch = join(home, 'package', 'dist', 'cli', 'launch.cjs');
    tryIt(process.execPath, [launch], home);
    // A file inside a package finds its doors by its name.
    trySuite(process.execPath, [launch], join(home, 'package'));
  }, 30_000);

  test('installs from the tarball, and runs by its name', { timeout: 300_000 }, (context) => {
    if (!NIGHTLY) context.skip('only in the nightly tier');
    const home = installed();
    tryIt(join(home, 'node_modules', '.bin', 'waybill'), [], home);
    trySuite(join(home, 'node_modules', '.bin', 'waybill'), [], home);
  });

  test('runs where only an old Node is', { timeout: 300_000 }, (context) => {
    if (!NIGHTLY) context.skip('only in the nightly tier');
    let old: string;
    try {
      old = run('npx', ['-y', 'node@20', '-p', 'process.execPath'], work).trim();
    } catch {
      return context.skip('npx could not fetch Node 20');
    }
    const home = installed();
    tryIt(old, [join(home, 'node_modules', 'waybill', 'dist', 'cli', 'launch.cjs')], home);
    return undefined;
  });

  /** A project that has the package installed. */
  function installed(): string {
    const home = join(work, 'installed');
    if (existsSync(home)) return home;
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], home);
    return home;
  }
});
