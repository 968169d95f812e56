/*
 * Workflows with http calls and secrets on the command line: a server that reads them from a directory, a
 * single run that reads them from a file or the environment, and what is refused to begin with.
 */
import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { json, Service } from '../activities/http-world.ts';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

let service: Service;
let world: ServeWorld;
beforeAll(async () => {
  service = await Service.open(({ headers }, response) => {
    const good = headers['authorization'] === `Basic ${btoa('jane:hunter2')}`;
    json(response, { welcome: good }, good ? 200 : 401);
  });
});
afterAll(() => service.close());
beforeEach(() => {
  world = new ServeWorld();
  world.write(
    'flows/visit.yaml',
    `document: { dsl: 1.0.3, namespace: default, name: visit, version: 1.0.0 }
use: { secrets: [ shop-login ] }
do:
  - visit: { call: http, with: { method: get, endpoint: { uri: '${service.origin}/{id}', authentication: { basic: { use: shop-login } } } } }
`,
  );
});
afterEach(() => world.close());

const VISIT = ['flows/visit.yaml', '--input', '{"id":7}', '--quiet'];
const LOGIN = '{"username":"jane","password":"hunter2"}';

describe('waybill run', () => {
  test.each<[string, string[], Record<string, string>]>([
    ['a file', ['--secrets', 'secrets.json'], {}],
    ['a YAML file', ['--secrets', 'secrets.yaml'], {}],
    ['the environment', [], { WAYBILL_SECRET_SHOP_LOGIN: LOGIN }],
    [
      'the environment, where the file has none',
      ['--secrets', 'empty.json'],
      { WAYBILL_SECRET_SHOP_LOGIN: LOGIN },
    ],
  ])('has secrets from %s', async (_name, words, environment) => {
    world.write('secrets.json', `{"shop-login":${LOGIN}}`);
    world.write('secrets.yaml', 'shop-login:\n  username: jane\n  password: hunter2\n');
    world.write('empty.json', '{}');
    expect(await world.run(['run', ...VISIT, ...words], environment)).toEqual({
      code: 0,
      out: '{"welcome":true}\n',
      err: '',
    });
  });

  test('says which one is missing, and how to give it', async () => {
    const { code, err } = await world.run(['run', ...VISIT]);
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      status: 403,
      detail: expect.stringMatching(/"shop-login".*WAYBILL_SECRET_SHOP_LOGIN.*--secrets/),
    });
  });

  test('begins nothing with a file that cannot be read, and shows nothing of it', async () => {
    world.write('broken.json', '{"shop-login": hunter2');
    for (const [path, says] of [
      ['broken.json', 'not JSON'],
      ['nowhere', 'no such file'],
    ] as const) {
      const { code, err, out } = await world.run(['run', ...VISIT, '--secrets', path]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(says);
      expect(err).not.toContain('hunter2');
    }
  });
});

test('waybill serve has secrets from a directory, as they are when a call is made', async () => {
  mkdirSync(world.path('mounted/shop-login'), { recursive: true });
  world.write('mounted/shop-login/username', 'jane\n');
  world.write('mounted/shop-login/password', 'wrong');
  const at = ['--store', 'runs.db'];
  const server = world.serve(...at, '--secrets', 'mounted');
  await server.ready();
  const start = ['start', 'visit', '--input', '{"id":7}', '--wait', ...at];
  const refused = await world.run(start);
  expect(refused.code).toBe(1);
  expect(refused.err + refused.out).toContain('401');
  world.write('mounted/shop-login/password', 'hunter2\n');
  const { code, out } = await world.run(start);
  expect(code).toBe(0);
  expect(out).toContain('{"welcome":true}');
  expect(await server.terminate()).toBe(0);
  expect(server.log).not.toContain('hunter2');
});
