/* Schemas: none knows of another, and none is kept. */
import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';

describe('schemas', () => {
  test('may have the same $id, and mean different things', () => {
    const text = compileSchema({ $id: 'https://example.com/s', type: 'string' });
    const number = compileSchema({ $id: 'https://example.com/s', type: 'number' });
    expect([text('x'), text(1)]).toEqual([undefined, 'the value must be string']);
    expect([number(1), number('x')]).toEqual([undefined, 'the value must be number']);
    // the same again, as from another document
    expect(compileSchema({ $id: 'https://example.com/s', type: 'string' })(1)).toBeDefined();
  });
  test('cannot refer to one another, whatever was compiled before', () => {
    const inner = { $id: 'https://example.com/inner', type: 'string' };
    const whole = { $id: 'https://example.com/whole', $defs: { inner }, $ref: 'inner' };
    expect(compileSchema(whole)(1)).toBe('the value must be string');
    for (const $ref of [inner.$id, whole.$id]) {
      expect(() => compileSchema({ $ref })).toThrow(/can't resolve reference/);
    }
  });
  test('may refer to their own parts, in a circle too', () => {
    const tree = compileSchema({
      type: 'object',
      properties: { left: { $ref: '#' }, n: { $ref: '#/$defs/n' } },
      $defs: { n: { type: 'integer' } },
    });
    expect(tree({ left: { left: { n: 1 } } })).toBeUndefined();
    expect(tree({ left: { left: { n: 'x' } } })).toBe('/left/left/n must be integer');
  });
  test('that are none are refused, and leave no trace', () => {
    const broken = { type: 'nothing', $id: 'https://example.com/broken' };
    for (let turn = 0; turn < 3; turn += 1) expect(() => compileSchema(broken)).toThrow(/type/);
    expect(compileSchema({ $id: broken.$id, type: 'null' })(null)).toBeUndefined();
    const dangling = { $ref: '#/$defs/none' };
    for (let turn = 0; turn < 2; turn += 1) expect(() => compileSchema(dangling)).toThrow(/none/);
  });
  test('give checks that do not disturb each other', () => {
    const one = compileSchema({ maximum: 1 });
    const two = compileSchema({ minLength: 2 });
    expect([one(2), two('a'), one(1), two('ab')]).toEqual([
      'the value must be <= 1',
      'the value must NOT have fewer than 2 characters',
      undefined,
      undefined,
    ]);
  });
  test('may be about schemas', () => {
    const meta = 'https://json-schema.org/draft/2020-12/schema';
    const check = compileSchema({ $schema: meta, properties: { schema: { $ref: meta } } });
    expect(check({ schema: { type: 'string' } })).toBeUndefined();
    expect(check({ schema: { type: 'nothing' } })).toMatch(/schema\/type/);
    expect(() => compileSchema({ $schema: 'http://json-schema.org/draft-07/schema#' })).toThrow(
      /no schema with key or ref/,
    );
  });
  test('are not kept', () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 400; i += 1) {
      compileSchema({ description: `${i} ${'x'.repeat(50_000)}`, maximum: i });
    }
    globalThis.gc?.();
    expect((process.memoryUsage().heapUsed - before) / 1_048_576).toBeLessThan(100);
  });
});
