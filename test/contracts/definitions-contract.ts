/* The contract of the Definitions port (src/ports/definitions.ts; PROTOCOL.md R21). */
import { expect } from 'vitest';
import type { Definitions, StoredDefinition } from '../../src/ports/index.ts';
import { sha256Hex } from '../../src/wire/hash.ts';
import { type Cases, type Contract, type World, suite } from './suite.ts';

/** Fresh and empty. */
export interface DefinitionsWorld extends World {
  readonly definitions: Definitions;
}

export function definitionsContract(contract: Contract<DefinitionsWorld>): void {
  suite('Definitions', contract, cases);
}

function definition(
  name: string,
  version: string,
  content = '',
  resources: StoredDefinition['resources'] = {},
): StoredDefinition {
  const document = JSON.stringify({ document: { dsl: '1.0.3', name, version }, do: [content] });
  const hash = sha256Hex(document);
  return { hash, namespace: 'shop', name, version, document, resources };
}

async function put(world: DefinitionsWorld, ...all: StoredDefinition[]): Promise<void> {
  for (const one of all) {
    await world.settle(world.definitions.put(one));
    await world.pass(1);
  }
}

function find(
  world: DefinitionsWorld,
  name: string,
  version?: string,
  namespace = 'shop',
): Promise<StoredDefinition | undefined> {
  const ref = version === undefined ? { namespace, name } : { namespace, name, version };
  return world.settle(world.definitions.find(ref));
}

const cases: Cases<DefinitionsWorld> = {
  'what was never put is not known': async (world) => {
    expect(await world.settle(world.definitions.get('0'.repeat(64)))).toBeUndefined();
    expect(await find(world, 'order')).toBeUndefined();
  },

  'a definition comes back as it was, by hash and by name': async (world) => {
    const order = definition('order', '1.0.0', 'größer 💥', {
      'https://example.com/api.json': '{"openapi":"3.1.0"}',
      'file:///schema.json': '',
    });
    await put(world, order);
    expect(await world.settle(world.definitions.get(order.hash))).toEqual(order);
    expect(await find(world, 'order')).toEqual(order);
    expect(await find(world, 'order', '1.0.0')).toEqual(order);
  },

  'find gives the latest version, whatever was deployed last, or the one that is named': async (
    world,
  ) => {
    const [two, one, ten, early] = [
      definition('order', '2.0.0'),
      definition('order', '1.9.0'),
      definition('order', '1.10.0'),
      definition('order', '3.0.0-rc.1'),
    ] as const;
    await put(world, one);
    expect(await find(world, 'order')).toEqual(one);
    await put(world, ten);
    expect(await find(world, 'order')).toEqual(ten);
    await put(world, two);
    expect(await find(world, 'order')).toEqual(two);
    await put(world, early, definition('order', '1.10.1'));
    expect(await find(world, 'order')).toEqual(two);
    expect(await find(world, 'order', '1.9.0')).toEqual(one);
    expect(await find(world, 'order', '3.0.0-rc.1')).toEqual(early);
    expect(await find(world, 'order', '4.0.0')).toBeUndefined();
  },

  'of several contents of one version the last one counts': async (world) => {
    const first = definition('order', '1.0.0');
    const fixed = definition('order', '1.0.0', 'corrected');
    await put(world, first, fixed);
    expect(await find(world, 'order')).toEqual(fixed);
    expect(await find(world, 'order', '1.0.0')).toEqual(fixed);
    expect(await world.settle(world.definitions.get(first.hash))).toEqual(first);
  },

  'names and namespaces are kept apart': async (world) => {
    const order = definition('order', '1.0.0');
    const other = { ...definition('order', '1.0.0', 'other'), namespace: 'depot' };
    await put(world, order, definition('orders', '1.0.0'), other);
    expect(await find(world, 'order')).toEqual(order);
    expect(await find(world, 'order', undefined, 'depot')).toEqual(other);
    expect(await find(world, 'order', undefined, 'nowhere')).toBeUndefined();
  },

  'putting the same again changes nothing': async (world) => {
    const order = definition('order', '1.0.0');
    await put(world, order, order);
    expect(await find(world, 'order')).toEqual(order);
  },

  'what is deployed again by a server of an older build changes nothing': async (world) => {
    const [first, second] = [definition('order', '1.0.0'), definition('order', '2.0.0')] as const;
    const fixed = definition('order', '2.0.0', 'corrected');
    await put(world, first, second, fixed, first, second);
    expect(await find(world, 'order')).toEqual(fixed);
    expect(await find(world, 'order', '2.0.0')).toEqual(fixed);
    expect(await find(world, 'order', '1.0.0')).toEqual(first);
  },

  'puts of one turn are all kept': async (world) => {
    const all = Array.from({ length: 20 }, (_, i) => definition(`flow-${i}`, '1.0.0'));
    const answers = all.map((one) => world.definitions.put(one));
    for (const answer of answers) await world.settle(answer);
    for (const one of all) expect(await find(world, one.name)).toEqual(one);
  },
};
