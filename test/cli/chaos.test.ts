/*
 * `waybill chaos` as a user meets it: output, exit codes, reports, and never a stack trace.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChaosFlags, type ChaosSettings, readSettings } from '../../src/cli/chaos-options.ts';
import { UserError } from '../../src/cli/user-error.ts';
import type { CampaignReport } from '../../src/report/chaos-model.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');
const SCENARIO = `name: two-steps
summary: Two calls and a wait between them.
workflow:
  document: { dsl: '1.0.3', namespace: test, name: two-steps, version: '1.0.0' }
  do:
    - first: { call: first }
    - pause: { wait: { seconds: 1 } }
    - second: { call: second }
services:
  first: { latency: 20 }
  second: { latency: 20, answer: '"done"' }
faults: { profile: everything, instances: [1, 3], runners: [1, 2], partitions: [1, 2], faults: [0, 4] }
invariants:
  - name: done
    run: .output == "done" or .status == "faulted"
outcomes:
  - path: done
    when: .output == "done"
    share: 0.5
  # There is no retry: an injected error of a service ends it.
  - path: faulted
    when: .status == "faulted"
`;
/** An engine that makes the second call twice, with a key of its own the second time. */
const BROKEN = `
import { currentEngine } from ${JSON.stringify(join(ROOT, 'src/chaos/engine.ts'))};
const real = currentEngine(() => { throw new Error('no schemas'); });
export default {
  name: 'calls twice',
  boot(ports, name, complain) {
    const run = (activity, context) => {
      if (activity.name === 'second') {
        const again = { ...activity, key: activity.key.replace(/^..../, 'beef') };
        ports.activities.run(again, context).then(() => {}, () => {});
      }
      return ports.activities.run(activity, context);
    };
    real.boot({ ...ports, activities: { run } }, name, complain);
  },
};
`;
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-chaos-'));
  mkdirSync(join(home, 'scenarios'));
  mkdirSync(join(home, 'nothing'));
  mkdirSync(join(home, 'kept'));
  writeFileSync(join(home, 'scenarios/two-steps.yaml'), SCENARIO);
  writeFileSync(join(home, 'other.yaml'), SCENARIO.replace('name: two-steps', 'name: other'));
  writeFileSync(join(home, 'changed.yaml'), SCENARIO.replace('latency: 20', 'latency: 25'));
  writeFileSync(join(home, 'typo.yaml'), SCENARIO.replace('latency: 20', 'latncy: 20'));
  writeFileSync(join(home, 'workflow.yaml'), 'document: { dsl: 1.0.3 }\ndo:\n  - a: { set: {} }\n');
  writeFileSync(join(home, 'garbage.yaml'), new Uint8Array([0x80, 0xff, 0, 1, 2]));
  writeFileSync(join(home, 'empty.yaml'), '');
  writeFileSync(join(home, 'huge.yaml'), 'x'.repeat(10 * 1024 * 1024));
  writeFileSync(join(home, 'broken-engine.mjs'), BROKEN);
  writeFileSync(join(home, 'no-engine.mjs'), 'export default {};\n');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function chaos(...args: readonly string[]): Ended {
  const { CI: _ci, ...env } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN, 'chaos', ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return { code: status ?? -1, out: stdout, err: stderr };
}

function figures(file: string): CampaignReport {
  const report = JSON.parse(readFileSync(join(home, file), 'utf8')) as {
    readonly campaigns: readonly CampaignReport[];
  };
  return report.campaigns[0] as CampaignReport;
}

const GOOD = 'scenarios/two-steps.yaml';

describe('options', () => {
  test.each([
    [{ runs: '0' }, '--runs takes a whole number from 1'],
    [{ runs: '1e3' }, '--runs takes a whole number from 1'],
    [{ for: 'ever' }, '--for takes a time such as 30s'],
    [{ for: '0' }, '--for takes a time such as 30s'],
    [{ for: '99999999h' }, '--for takes a time such as 30s'],
    [{ seed: '-1' }, '--seed takes a whole number from 0'],
    [{ seed: '4294967296' }, '--seed takes a whole number from 0'],
    [{ profile: 'evil' }, 'there is no profile "evil"; there are everything, calm'],
    [{ profile: '__proto__' }, 'there is no profile'],
    [{ profile: 'zombi' }, 'there is no profile "zombi" (did you mean "zombie"?); there are'],
    [{ instances: '9..2' }, '--instances takes a number or a range such as 2..5'],
    [{ instances: '1..2..3' }, '--instances takes a number or a range'],
    [{ runners: '0' }, '--runners takes a number or a range'],
    [{ partitions: '1..1000' }, '--partitions takes a number or a range'],
    [{ workers: 'x' }, '--workers takes a whole number'],
    [
      { exhaustive: 'pairs' as const, runs: '5' },
      '--exhaustive makes as many runs as there are faults',
    ],
  ])('%j is refused in one line', (flags, words) => {
    const wrong = (): unknown => readSettings(flags, {});
    expect(wrong).toThrow(UserError);
    expect(wrong).toThrow(words);
    expect(wrong).not.toThrow('\n');
  });

  test('times, ranges, and how long it runs', () => {
    const read = (flags: Partial<ChaosFlags>): ChaosSettings => readSettings(flags, {});
    expect(read({})).toMatchObject({ runs: undefined, forMs: 20_000 });
    expect(read({ runs: '7' })).toMatchObject({ runs: 7, forMs: undefined });
    expect(read({ for: '1.5m', runs: '7' })).toMatchObject({ runs: 7, forMs: 90_000 });
    expect(read({ for: '5' })).toMatchObject({ forMs: 5_000 });
    expect(read({ instances: '2..5' }).sizes).toEqual({ instances: { from: 2, to: 5 } });
    expect(read({ runners: '3' }).sizes).toEqual({ runners: { from: 3, to: 3 } });
  });

  test('a build server repeats a commit with the same seed', () => {
    const sha = { GITHUB_SHA: 'deadbeef00112233445566778899aabbccddeeff' };
    const read = (environment: NodeJS.ProcessEnv): ChaosSettings => readSettings({}, environment);
    expect(read({ CI: 'true', ...sha })).toMatchObject({ seed: 0xde_ad_be_ef, seedFrom: 'commit' });
    expect(read(sha)).toMatchObject({ seedFrom: 'chance' });
  });
});

describe('bad input is one clear line and exit code 2', () => {
  test.each([
    [[], 'name a scenario'],
    [['missing.yaml'], 'missing.yaml: there is no such file'],
    [['nothing'], 'there is no scenario in this directory'],
    [['workflow.yaml'], 'this is a workflow, not a scenario'],
    [['garbage.yaml'], 'not even text'],
    [['empty.yaml'], 'this is no scenario'],
    [['huge.yaml'], 'it has 10 MB'],
    [['broken-engine.mjs'], 'this is no scenario'],
    [[GOOD, '--runs', 'many'], '--runs takes a whole number from 1'],
    [[GOOD, '--report', 'empty.yaml/x.html'], 'this file cannot be written'],
    [[GOOD, '--json', 'nothing'], 'this file cannot be written'],
    [[GOOD, '--engine', 'none.mjs'], 'the module cannot be loaded'],
    [[GOOD, '--engine', 'no-engine.mjs'], 'its default export is no engine'],
    [['--replay', 'nonsense'], 'this is not a replay token'],
  ])('%j', (args, words) => {
    const { code, err, out } = chaos(...args);
    expect(err).toContain(words);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('a mistake in a scenario is shown with its place', () => {
    const { code, err } = chaos('typo.yaml');
    expect(err).toMatch(/^typo\.yaml:\d+:\d+ {2}error {2}.*latncy/);
    expect(err).toContain('did you mean "latency"?');
    expect(code).toBe(2);
  });

  test('an unknown option', () => {
    expect(chaos(GOOD, '--rnus', '3')).toMatchObject({ code: 2, out: '' });
  });
});

describe('a campaign that holds', () => {
  test('summary, page and figures; exit code 0', () => {
    const { code, out } = chaos(GOOD, '--runs', '45', '--seed', '7', '--json', 'held.json');
    expect(code).toBe(0);
    expect(out).toMatch(/^two-steps +─+ +HELD$/m);
    expect(out).toMatch(/✓ P2 +Every step happens exactly once +[\d,]+ checks/);
    expect(out).toContain('· P5    A fork joins once');
    expect(out).toMatch(/done +█+ +\d+\.\d %  of 50 % at least/);
    expect(out).toContain('--runs 45 --seed 7');
    for (const line of out.split('\n')) {
      if (line.includes(' chaos ')) continue; // commands are copied whole
      expect(line.length, line).toBeLessThanOrEqual(80);
    }
    const { counts, sample, verdict } = figures('held.json');
    expect(verdict).toBe('held');
    expect(counts).toMatchObject({ runs: 45, repeated: 3 });
    expect(sample?.token).toMatch(/^wb1\./);
    const page = readFileSync(join(home, 'reports/chaos/two-steps.html'), 'utf8');
    expect(page).toContain('Every promise held.');
    expect(page).toContain(`data-copy="${sample?.token}"`);
  });

  test('the same, whatever the number of workers', () => {
    const made = ['0', '2'].map((workers) => {
      chaos(
        GOOD,
        '--runs',
        '50',
        '--seed',
        '3',
        '--workers',
        workers,
        '--no-report',
        '--json',
        'w',
      );
      const { counts, pace: _pace, ...rest } = figures('w');
      const { faults, instances, runs, steps, checks } = counts;
      return { ...rest, counts: { faults, instances, runs, steps, checks } };
    });
    expect(made[1]).toEqual(made[0]);
  });

  test('several scenarios share the runs, and end with one line for all', () => {
    const { code, out } = chaos('scenarios', 'other.yaml', '--runs', '5', '--no-report');
    expect(out).toContain('2 scenarios, 5 runs');
    expect(out).toContain('all held');
    expect(code).toBe(0);
  });

  test('no page is no page; JSON on the standard output is nothing but JSON', () => {
    const { err, out } = chaos('other.yaml', '--runs', '3', '--no-report', '--json', '-');
    expect((JSON.parse(out) as { campaigns: unknown[] }).campaigns).toHaveLength(1);
    expect(err).toContain('HELD');
    expect(readdirSync(join(home, 'reports/chaos'))).not.toContain('other.html');
  });

  test('Ctrl-C ends it with what was seen so far', async () => {
    const child = spawn(process.execPath, [MAIN, 'chaos', GOOD, '--for', '60s', '--no-report'], {
      cwd: home,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let out = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    let err = '';
    const asked = new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        err += text.toString();
        // Some runs are done: there is something to sum up.
        if (/ [1-9][\d,]* runs/.test(err)) resolve();
      });
    });
    await asked;
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(out).toContain('HELD SO FAR');
    expect(code).toBe(0);
  });
});

describe('an exhaustive sweep', { timeout: 120_000 }, () => {
  test('strikes every call with every fault, and compares each end with the calm one', () => {
    const words = ['--exhaustive', GOOD, '--profile', 'crashy', '--seed', '1', '--no-report'];
    const { code, err, out } = chaos(...words, '--json', 'sweep.json');
    const { counts, exhaustive, verdict } = figures('sweep.json');
    expect(verdict).toBe('held');
    expect(code).toBe(0);
    expect(exhaustive).toMatchObject({ complete: true, other: 0, never: 0 });
    expect(exhaustive?.boundaries).toBeGreaterThan(30);
    // Every call can be crashed before and after, and each of these was.
    expect(exhaustive?.faults).toBeGreaterThanOrEqual(2 * (exhaustive?.boundaries ?? Infinity));
    expect(exhaustive?.equal).toBe((exhaustive?.faults ?? 0) + (exhaustive?.pairs ?? 0));
    expect(counts.runs).toBe(exhaustive?.equal);
    expect(out).toMatch(/([\d,]+) {2}of \1 equal to the fault-free run/);
    expect(err).toMatch(/^sweeping two-steps: .* faults to strike them with.*; about /);
  });

  test('that is cut off is no pass', () => {
    const words = [GOOD, '--exhaustive', 'pairs', '--for', '300ms', '--no-report'];
    const { code, out } = chaos(...words);
    expect(out).toContain('INCONCLUSIVE');
    expect(out).toMatch(/cut off: [\d,]+ of [\d,]+ were tried/);
    expect(code).toBe(1);
  });

  test('of what breaks by itself says so, and goes no further', () => {
    const words = [GOOD, '--exhaustive', '--no-report', '--engine', 'broken-engine.mjs'];
    const { code, out } = chaos(...words);
    expect(out).toContain('no fault at all: it breaks by itself');
    expect(code).toBe(1);
  });
});

describe('a campaign that breaks a promise', () => {
  const engine = ['--engine', 'broken-engine.mjs'];

  test('exit code 1, the promise, the smallest plan, a token, a page, an entry of the corpus', () => {
    const { code, out } = chaos(
      ...[GOOD, '--runs', '20', '--seed', '1', '--corpus', 'kept', '--json', 'broken.json'],
      ...engine,
    );
    expect(code).toBe(1);
    expect(out).toContain('BROKEN');
    expect(out).toMatch(/✗ P\d+ .*: broken/);
    expect(out).toContain('Replay it');
    const { failure } = figures('broken.json');
    expect(failure?.minimal).toBe(true);
    expect(out).toContain(failure?.token);
    const page = readFileSync(join(home, 'reports/chaos/two-steps.html'), 'utf8');
    expect(page).toContain('What is wrong');
    expect(page).toContain(failure?.token);

    const replayed = chaos('--replay', failure?.token ?? '', ...engine);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain(failure?.traceHash);
    const sound = chaos('--replay', failure?.token ?? '', '--no-report');
    expect(sound.out).toContain('every promise held in this run');
    expect(sound.code).toBe(0);

    expect(readdirSync(join(home, 'kept'))).toHaveLength(1);
    chaos(
      GOOD,
      '--runs',
      '1',
      '--corpus',
      'kept',
      '--no-report',
      '--json',
      'again.json',
      ...engine,
    );
    expect(figures('again.json')).toMatchObject({
      counts: { runs: 0, corpusRuns: 1 },
      failure: { where: expect.stringMatching(/^corpus: two-steps\./) as string },
    });
  });

  test('--keep-going tells all failures, those that are alike together', () => {
    const words = [GOOD, '--runs', '12', '--seed', '1', '--keep-going', '--no-report'];
    const { code, out } = chaos(...words, '--json', 'groups.json', ...engine);
    expect(code).toBe(1);
    const { counts, groups } = figures('groups.json');
    expect(counts.runs).toBe(12);
    const failures = groups.reduce((sum, { count }) => sum + count, 0);
    expect(failures).toBeGreaterThan(1);
    expect(new Set(groups.map(({ faults, oracle }) => `${oracle} ${faults.join()}`)).size).toBe(
      groups.length,
    );
    expect(out).toContain(`${failures} failures, ${groups.length} group`);
    for (const { command } of groups) expect(command).toMatch(/--replay wb1\./);
  });

  test('a token of another scenario, or of one that has changed', () => {
    const token = figures('broken.json').failure?.token ?? '';
    expect(chaos('--replay', token, 'other.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('of the scenario "two-steps"') as string,
    });
    expect(chaos('--replay', token, 'changed.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('has changed since the token was made') as string,
    });
    expect(chaos('--replay', token, 'changed.yaml', '--force', '--no-report').code).toBe(0);
  });
});
