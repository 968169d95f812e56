/* `waybill run` of a workflow that runs others: they come from a directory, or the run does not begin. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const document = (name: string, rest: string): string =>
  `document: { dsl: 1.0.3, namespace: shop, name: ${name}, version: 1.0.0 }\n${rest}`;
const run = (name: string, more = ''): string =>
  `{ run: { workflow: { namespace: shop, name: ${name}, version: latest, input: { n: '\${ .n }' } }${more} } }`;

let world: ServeWorld;
beforeEach(() => {
  world = new ServeWorld();
  world.write('order.yaml', document('order', `do: [ { pay: ${run('payment')} } ]\n`));
  world.write('flows/payment.yaml', document('payment', `do: [ { check: ${run('check')} } ]\n`));
  world.write(
    'flows/check.yaml',
    document('check', "do: [ { a: { set: { is: '${ .n + 1 }' } } } ]"),
  );
  world.write('flows/other.yaml', document('other', 'do: [ { a: { set: { x: 1 } } } ]\n'));
});
afterEach(() => world.close());

const ORDER = ['run', 'order.yaml', '--input', '{"n":7}', '--quiet'];

test('runs them, and what they run', async () => {
  expect(await world.run([...ORDER, '--workflows', 'flows'])).toEqual({
    code: 0,
    out: '{"is":8}\n',
    err: '',
  });
});

test('says what is missing, and how to give it', async () => {
  const { code, err, out } = await world.run(ORDER);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('the workflow runs shop/payment');
  expect(err).toContain('--workflows DIR');
});

test('needs their functions, and those of no others', async () => {
  world.write('flows/check.yaml', document('check', 'do: [ { a: { call: verify } } ]\n'));
  const { code, err } = await world.run([...ORDER, '--workflows', 'flows']);
  expect(code).toBe(2);
  expect(err).toContain('the workflow calls "verify"');
  expect(err).not.toContain('note');
});

test('finds what is missing further down as well', async () => {
  world.write('flows/check.yaml', document('unknown', 'do: [ { a: { set: { x: 1 } } } ]\n'));
  const { code, err } = await world.run([...ORDER, '--workflows', 'flows']);
  expect(code).toBe(2);
  expect(err).toContain('the workflow runs shop/check, which flows does not have');
});

test('a workflow that runs itself needs no directory', async () => {
  world.write(
    'order.yaml',
    document(
      'order',
      `do: [ { less: { if: '\${ .n > 0 }', run: { workflow: { namespace: shop, name: order, version: 1.0.0, input: { n: '\${ .n - 1 }' } } } } } ]\n`,
    ),
  );
  expect(await world.run(ORDER)).toEqual({ code: 0, out: '{"n":0}\n', err: '' });
});
