/* Secrets from the environment, a file, a directory: what they are, and what their errors do not say. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  environmentSecrets,
  firstOf,
  secretsFault,
  storedSecrets,
} from '../../../src/adapters/system/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the environment', () => {
  const secrets = environmentSecrets({
    WAYBILL_SECRET_token: 'exact',
    WAYBILL_SECRET_TOKEN: 'capitals',
    WAYBILL_SECRET_MY_KEY: 'k',
    WAYBILL_SECRET_USER: '{"username":"u","n":12345678901234567890123}',
    WAYBILL_SECRET_PIN: '0123',
    WAYBILL_SECRET_ODD: '{not json',
    WAYBILL_SECRET_PAIR: '{"username":"u","password":"p"}',
    WAYBILL_SECRET_EMPTY: '',
    PATH: '/bin',
  });

  test.each([
    ['token', 'exact'],
    ['TOKEN', 'capitals'],
    ['my-key', 'k'],
    ['my.key', 'k'],
    ['pin', '0123'],
    ['odd', '{not json'],
    ['pair', { username: 'u', password: 'p' }],
    ['empty', ''],
    ['nothing', undefined],
    ['PATH', undefined],
  ])('%s', async (name, value) => {
    expect(await secrets.get(name)).toEqual(value);
  });

  test('JSON whose numbers would change stays the text it is', async () => {
    expect(await secrets.get('user')).toBe('{"username":"u","n":12345678901234567890123}');
  });
});

describe('a file', () => {
  test.each([
    ['secrets.json', '{"token":"t","pair":{"username":"u"}}'],
    ['secrets.yaml', 'token: t\npair: { username: u }\n'],
    ['secrets', '{"token":"t","pair":{"username":"u"}}\n'],
  ])('%s', async (name, text) => {
    const secrets = storedSecrets(file(name, text));
    expect(await secrets.get('token')).toBe('t');
    expect(await secrets.get('pair')).toEqual({ username: 'u' });
    expect(await secrets.get('other')).toBeUndefined();
    expect(await secrets.get('constructor')).toBeUndefined();
  });

  test('is read anew each time', async () => {
    const path = file('changing.json', '{"token":"one"}');
    const secrets = storedSecrets(path);
    expect(await secrets.get('token')).toBe('one');
    writeFileSync(path, '{"token":"two"}');
    expect(await secrets.get('token')).toBe('two');
  });

  test.each([
    ['broken.json', '{"token": hunter2', 'is not JSON'],
    ['broken.yaml', 'a: [hunter2', 'is not YAML'],
    ['list.json', '["hunter2"]', 'not a mapping'],
  ])('%s: the error names the place and no value', async (name, text, says) => {
    const path = file(name, text);
    const fault = await secretsFault(path);
    expect(fault).toContain(says);
    expect(fault).toContain(path);
    expect(fault).not.toContain('hunter2');
    await expect(storedSecrets(path).get('token')).rejects.toThrow(says);
  });

  test('one that is not there', async () => {
    expect(await secretsFault(join(folder, 'nowhere'))).toContain('no such file');
    await expect(storedSecrets(join(folder, 'nowhere')).get('a')).rejects.toThrow('no such file');
  });
});

describe('a directory', () => {
  test('a file is a secret, a directory of files is one with fields', async () => {
    const root = join(folder, 'mounted');
    mkdirSync(join(root, 'pair'), { recursive: true });
    mkdirSync(join(root, '..data'));
    writeFileSync(join(root, 'token'), 't\n');
    writeFileSync(join(root, 'object'), '{"a":1}');
    writeFileSync(join(root, 'pair', 'username'), 'u');
    writeFileSync(join(root, 'pair', 'password'), 'p\r\n');
    writeFileSync(join(root, 'pair', '..version'), 'x');
    writeFileSync(join(folder, 'outside'), 'no');
    const secrets = storedSecrets(root);
    expect(await secretsFault(root)).toBeUndefined();
    expect(await secrets.get('token')).toBe('t');
    expect(await secrets.get('object')).toEqual({ a: 1 });
    expect(await secrets.get('pair')).toEqual({ username: 'u', password: 'p' });
    for (const name of ['other', '../outside', '..data', '', 'pair/username']) {
      expect(await secrets.get(name)).toBeUndefined();
    }
  });

  test('one that may not be read says so', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may read everything');
    const root = join(folder, 'closed');
    mkdirSync(root);
    writeFileSync(join(root, 'token'), 'hunter2');
    chmodSync(join(root, 'token'), 0);
    await expect(storedSecrets(root).get('token')).rejects.toThrow('EACCES');
  });
});

test('the first source that has one gives it', async () => {
  const one = environmentSecrets({ WAYBILL_SECRET_A: '1' });
  const two = environmentSecrets({ WAYBILL_SECRET_A: '2', WAYBILL_SECRET_B: '3' });
  const both = firstOf(one, two);
  expect([await both.get('a'), await both.get('b'), await both.get('c')]).toEqual([
    '1',
    '3',
    undefined,
  ]);
});
