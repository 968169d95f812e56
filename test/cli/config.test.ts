/*
 * Settings: which source wins, where each value is said to come from, and one clear error per mistake,
 * with its place. `waybill config` as a user sees it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfiguration, settingsInForce, strayVariables } from '../../src/cli/configuration.ts';
import { withoutPassword } from '../../src/cli/configuration-settings.ts';
import { targetOf } from '../../src/cli/configuration-target.ts';
import { readWorkflows } from '../../src/cli/serve-workflows.ts';
import { serverLog } from '../../src/cli/serve-log.ts';
import { readName } from '../../src/cli/start.ts';
import { UserError } from '../../src/cli/user-error.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-config-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

/** What it throws, without colours. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return plain(error.message);
    throw error;
  }
  return 'nothing is wrong';
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- colours are what is removed
  return text.replaceAll(/\u001B\[\d+m/g, '').replaceAll(home, '');
}

describe('which value is in force', () => {
  test('a flag before the environment, that before the file, that before the default', () => {
    const config = file(
      'a.yaml',
      `# comment
brokers: [a:9092, "[::1]:9093"]
store: runs.db
prefix: from-file
partitions: 8
tls: true
sasl:
  mechanism: scram-sha-512
  username: u
`,
    );
    const environment = {
      WAYBILL_PARTITIONS: '12',
      WAYBILL_PREFIX: 'from-environment',
      WAYBILL_SASL_PASSWORD: 'p',
      WAYBILL_STORE: '',
    };
    const found = settingsInForce({ config, prefix: 'from-flag' }, environment);
    const shown = found.map(({ setting, value, from }) => [setting.name, value, plain(from)]);
    expect(shown).toEqual([
      ['brokers', ['a:9092', '[::1]:9093'], '/a.yaml:2:10'],
      ['store', 'runs.db', '/a.yaml:3:8'],
      ['prefix', 'from-flag', '--prefix'],
      ['partitions', 12, 'WAYBILL_PARTITIONS'],
      ['client-id', 'waybill', 'default'],
      ['tls.enabled', true, '/a.yaml:6:6'],
      ['sasl.mechanism', 'scram-sha-512', '/a.yaml:8:14'],
      ['sasl.username', 'u', '/a.yaml:9:13'],
      ['sasl.password', 'p', 'WAYBILL_SASL_PASSWORD'],
      ['log', 'plain', 'default'],
      ['synchronous', 'FULL', 'default'],
      ['drain', 5, 'default'],
      ['session', 10, 'default'],
      ['index', 'on', 'default'],
      ['history', 7, 'default'],
      ['lifecycle', 'none', 'default'],
    ]);
    expect(targetOf(readConfiguration({ config }, environment))).toMatchObject({
      prefix: 'from-environment',
      store: 'runs.db',
      log: { tls: true, sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } },
    });
  });

  test('an empty file says nothing, and words that nobody knows are told', () => {
    const config = file('empty.yaml', '# nothing yet\n');
    expect(readConfiguration({ config }, {})).toMatchObject({ prefix: 'waybill' });
    const environment = { WAYBILL_BROKRES: 'x', WAYBILL_TIER: 'nightly', HOME: '/' };
    expect(strayVariables({ ...environment, WAYBILL_SECRET_STOR: 'a secret' })).toEqual([
      'WAYBILL_BROKRES is not a setting; did you mean WAYBILL_BROKERS?',
    ]);
  });
});

describe('mistakes', () => {
  test('of the file: every one, with its place', () => {
    const config = file(
      'bad.yaml',
      'brokers: a\nstroe: x\nsasl:\n  mechanism: plane\n  password: 12345\npartitions: 1.5\nlog: [json]\n',
    );
    const said = refusal(() => readConfiguration({ config }, {}));
    const heads = said.split('\n').filter((line) => / error {2}/.test(line));
    expect(heads).toEqual([
      '/bad.yaml:1:10  error  this is no value for "brokers"',
      '/bad.yaml:2:1  error  there is no setting "stroe"',
      '/bad.yaml:4:14  error  this is no value for "sasl.mechanism"',
      '/bad.yaml:5:13  error  this is no value for "sasl.password"',
      '/bad.yaml:6:13  error  this is no value for "partitions"',
      '/bad.yaml:7:6  error  this is no value for "log"',
    ]);
    expect(said).toContain('did you mean "store"?');
    expect(said).not.toContain('12345');
  });

  test.each([
    ['a: [', /\/x\.yaml:1:\d+ {2}error/],
    ['- a\n- b\n', /\/x\.yaml:1:1 {2}error {2}this is not a table of settings/],
    ['sasl: plain\n', /\/x\.yaml:1:7 {2}error {2}this is not a table of settings/],
    ['prefix: "a b"\n', /expected {2}letters, digits/],
    ['store: ""\n', /expected {2}a text that is not empty/],
    ['drain: -1\n', /expected {2}a number of seconds/],
    ['tls: {ca: 1}\n', /"tls\.ca"/],
    ['store: a\nstore: b\n', /error/],
  ])('%j', (text, said) => {
    const config = file('x.yaml', text);
    expect(refusal(() => readConfiguration({ config }, {}))).toMatch(said);
  });

  test.each([
    [{}, /nothing says where the runs are kept/],
    [{ store: 'postgres://a:geheim@b/c' }, /a Store and no Log/],
    [{ store: 'mysql://a:geheim@b/c' }, /mysql:\/\/\.\.\.: there is no such Store/],
    [{ brokers: 'localhost', store: 'a.db' }, /--brokers "localhost": expected HOST:PORT/],
    [{ brokers: 'a:70000', store: 'a.db' }, /expected HOST:PORT/],
    [{ store: 'a.db', partitions: 'many' }, /--partitions "many": expected a whole number from 1/],
    [{ store: 'a.db', log: 'jsno' }, /expected plain or json; did you mean "json"/],
    [{ brokers: 'a:1', saslUsername: 'u' }, /takes three settings/],
    [{ brokers: 'a:1', tlsCa: '/nowhere.pem' }, /\/nowhere\.pem cannot be read \(ENOENT\)/],
    [{ brokers: 'a:1', tlsCa: import.meta.filename }, /is no certificate in PEM form/],
    [{ store: 'a.db', config: '/none.yaml' }, /\/none\.yaml: there is no such file/],
  ])('%j', (flags, said) => {
    const found = refusal(() => targetOf(readConfiguration(flags, {})));
    expect(found).toMatch(said);
    expect(found).not.toContain('geheim');
  });

  test.each(['', 'a b', 'a/b/c', '@1', 'a@'])('%j names no workflow', (name) => {
    expect(refusal(() => readName(name))).toContain('expected [NAMESPACE/]NAME[@VERSION]');
  });

  test('names of workflows', () => {
    expect(readName('greet')).toEqual({ namespace: 'default', name: 'greet' });
    expect(readName('shop/order@2.0.0')).toEqual({
      namespace: 'shop',
      name: 'order',
      version: '2.0.0',
    });
  });
});

describe('workflows that a server brings along', () => {
  const document = (name: string, task: string): string =>
    `document: { dsl: 1.0.3, namespace: a, name: ${name}, version: 1.0.0 }\ndo: [{ one: ${task} }]\n`;

  test('one that is valid, beside YAML of others', async () => {
    file('a.yaml', document('a', '{ call: f }'));
    file('compose.yaml', 'services: { a: 1 }\n');
    const found = await readWorkflows(home, { f: () => 1 });
    expect(found.map(({ name }) => name)).toEqual(['a']);
  });

  test.each([
    [{}, /there is no workflow in this directory/],
    [{ 'a.yaml': 'document: 7\n' }, /a\.yaml:1:\d+ {2}error/],
    [{ 'a.yaml': document('a', '{ call: g }') }, /it calls "g", which is not among the functions/],
    [{ 'a.yaml': document('a', "{ set: '${ . | }' }") }, /a\.yaml/],
    [
      { 'a.yaml': document('a', '{ call: f }'), 'b.yaml': document('a', '{ set: { x: 1 } }') },
      /a\/a\/1\.0\.0 is also in .*a\.yaml, with another content/,
    ],
  ])('%j is refused', async (files, said) => {
    mkdirSync(join(home, 'deep'));
    for (const [name, text] of Object.entries(files)) file(join('deep', name), text);
    await expect(readWorkflows(home, { f: () => 1 })).rejects.toThrow(said);
  });

  test('a folder that is none', async () => {
    await expect(readWorkflows(join(home, 'x'), {})).rejects.toThrow('there is no such directory');
    await expect(readWorkflows(file('y', ''), {})).rejects.toThrow('this is not a directory');
  });
});

describe('the log of a server', () => {
  test('one line per event; trouble is said once a minute; no password', () => {
    const lines: string[] = [];
    let now = Date.UTC(2026, 0, 1);
    const log = serverLog(
      'plain',
      (text) => lines.push(text),
      () => now,
    );
    log.line('info', 'a', 'begun\n  at once');
    log.line('warn', 'b', 'postgres://u:geheim@h/d is away');
    log.line('warn', 'b', 'postgres://u:geheim@h/d is away');
    now += 60_000;
    log.line('warn', 'b', 'postgres://u:geheim@h/d is away');
    expect(lines).toEqual([
      '2026-01-01T00:00:00.000Z  info   begun | at once\n',
      '2026-01-01T00:00:00.000Z  warn   postgres://u:***@h/d is away\n',
      '2026-01-01T00:01:00.000Z  warn   postgres://u:***@h/d is away\n',
    ]);
  });

  test.each([
    ['postgres://me:se:c@ret@db/x?a=b', 'postgres://me:***@db/x?a=b'],
    [
      'postgresql://me@db/x?password=geheim&sslmode=require',
      'postgresql://me@db/x?password=***&sslmode=require',
    ],
    ['postgres://db/x', 'postgres://db/x'],
    ['runs.db', 'runs.db'],
  ])('%s is shown as %s', (text, shown) => {
    expect(withoutPassword(text)).toBe(shown);
  });
});

test('waybill config shows all of it, secrets masked, and --json', () => {
  file('waybill.yaml', 'store: postgres://u:geheim@h/d\nbrokers: [a:1]\n');
  const run = (...words: string[]): string => {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1', WAYBILL_SASL_PASSWORD: 'geheim' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'config', ...words], {
      cwd: home,
      encoding: 'utf8',
      env,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toContain('geheim');
    return stdout;
  };
  expect(run('--drain', '2.5')).toBe(`brokers        a:1                   waybill.yaml:2:10
store          postgres://u:***@h/d  waybill.yaml:1:8
prefix         waybill               default
client-id      waybill               default
sasl.password  ***                   WAYBILL_SASL_PASSWORD
log            plain                 default
synchronous    FULL                  default
drain          2.5                   --drain
session        10                    default
index          on                    default
history        7                     default
lifecycle      none                  default
`);
  expect(JSON.parse(run('--json'))).toMatchObject({
    settings: expect.arrayContaining([
      { name: 'brokers', value: ['a:1'], from: 'waybill.yaml:2:10' },
    ]) as unknown[],
    stray: [],
  });
  expect(run('--all')).toContain('--health or WAYBILL_HEALTH');
});
