/* Data flow, flow directives: what becomes of input, output and context, and which task comes next. */
import { describe, expect, test } from 'vitest';
import { proves } from '../../proofs/proves.ts';
import { everywhere, kindOf } from './everywhere.ts';

const NUMBER = '{document: {type: number}}';

describe('the workflow', () => {
  const schemas = `
input: {schema: {document: {type: object, required: [n]}}, from: .n}
output: {as: '{v: .}', schema: {document: {type: object, properties: {v: {maximum: 9}}}}}
do: [{a: {set: '\${ . + 1 }'}}]`;

  test('its raw input must fit', proves('workflow.input.schema', 'flow.validation'), async () => {
    const { error } = await everywhere(schemas, { input: 3 });
    expect([kindOf(error), error?.status]).toEqual(['validation', 400]);
  });
  test(
    'its input and its output are shaped',
    proves('workflow.input.from', 'workflow.output.as'),
    async () => {
      expect((await everywhere(schemas, { input: { n: 3 } })).output).toEqual({ v: 4 });
    },
  );
  test('its shaped output must fit', proves('workflow.output.schema'), async () => {
    const { error } = await everywhere(schemas, { input: { n: 9 } });
    expect([kindOf(error), error?.status]).toEqual(['validation', 400]);
  });
});

describe('a task', () => {
  test('that is skipped gives its raw input, untouched', proves('task.if'), async () => {
    const { output } = await everywhere(
      `do:
  - a: {if: .go, set: {x: 1}, input: {from: .deep}, output: {as: .nothing}, export: {as: .}}
  - b: {set: {got: '\${ . }', context: '\${ $context }'}}`,
      { input: { go: false, deep: { go: true } } },
    );
    expect(output).toEqual({ got: { go: false, deep: { go: true } }, context: null });
  });
  test('its raw input must fit', proves('task.input.schema', 'flow.validation'), async () => {
    const text = `do: [{a: {input: {schema: ${NUMBER}, from: '{n: .}'}, set: '\${ . }'}}]`;
    expect((await everywhere(text, { input: 1 })).output).toEqual({ n: 1 });
    const { error } = await everywhere(text, { input: { n: 1 } });
    expect([kindOf(error), error?.instance]).toEqual(['validation', '/do/0/a']);
  });
  test('input.from makes its input', proves('task.input.from'), async () => {
    const text = `do: [{a: {input: {from: .a}, set: {all: '\${ . }', input: '\${ $input }'}}}]`;
    expect((await everywhere(text, { input: { a: 1, b: 2 } })).output).toEqual({
      all: 1,
      input: 1,
    });
  });
  test('output.as makes its output', proves('task.output.as'), async () => {
    const text = `do: [{a: {set: {n: 1, m: 2}, output: {as: '{sum: (.n + .m)}'}}}]`;
    expect((await everywhere(text)).output).toEqual({ sum: 3 });
  });
  test('its shaped output must fit', proves('task.output.schema'), async () => {
    const text = `do: [{a: {set: {v: '\${ . }'}, output: {as: .v, schema: ${NUMBER}}}}]`;
    expect((await everywhere(text, { input: 3 })).output).toBe(3);
    const { error } = await everywhere(text, { input: 'x' });
    expect([kindOf(error), error?.instance]).toEqual(['validation', '/do/0/a']);
  });
  test('export.as replaces the context', proves('task.export.as', 'decided.export'), async () => {
    const text = `
output: {as: $context}
do: [{a: {set: {n: 1}, export: {as: '{a: .n}'}}}, {b: {set: {n: 2}, export: {as: '{b: .n}'}}}]`;
    expect((await everywhere(text)).output).toEqual({ b: 2 });
  });
  test('the new context must fit', proves('task.export.schema'), async () => {
    const text = `do: [{a: {set: {n: '\${ . }'}, export: {as: .n, schema: ${NUMBER}}}}]`;
    expect((await everywhere(text, { input: 3 })).output).toEqual({ n: 3 });
    const { error } = await everywhere(text, { input: 'x' });
    expect([kindOf(error), error?.instance]).toEqual(['validation', '/do/0/a']);
  });
  test('hands its shaped output to the next', proves('task.next'), async () => {
    const text = `do:
  - a: {set: {n: 1}, output: {as: '{m: .n}'}}
  - b: {set: {raw: '\${ $task.input }', seen: '\${ . }'}}`;
    expect((await everywhere(text)).output).toEqual({ raw: { m: 1 }, seen: { m: 1 } });
  });
  test('made of tasks gives what its last one gave', proves('task.composite', 'do'), async () => {
    const text = `do:
  - outer:
      do:
        - a: {set: {n: 1}}
        - b: {set: '\${ .n + 1 }', output: {as: '{last: .}'}}
      output: {as: '{outer: .}'}
      export: {as: .outer}
  - c: {set: {seen: '\${ . }', context: '\${ $context }'}}`;
    expect((await everywhere(text)).output).toEqual({
      seen: { outer: { last: 2 } },
      context: { last: 2 },
    });
  });
});

describe('a directive', () => {
  const flow = (then: string): string => `
output: {as: '{all: .}'}
do:
  - scope:
      do:
        - a: {set: '\${ . + ["a"] }', then: ${then}}
        - b: {set: '\${ . + ["b"] }'}
        - c: {set: '\${ . + ["c"] }'}
  - d: {set: '\${ . + ["d"] }'}`;
  test('continue goes to the next task', proves('then.continue'), async () => {
    expect((await everywhere(flow('continue'), { input: [] })).output).toEqual({
      all: ['a', 'b', 'c', 'd'],
    });
  });
  test('exit leaves the list', proves('then.exit'), async () => {
    expect((await everywhere(flow('exit'), { input: [] })).output).toEqual({ all: ['a', 'd'] });
  });
  test(
    'exit at the top ends the workflow, which has completed',
    proves('decided.exit-in-for'),
    async () => {
      const text = `output: {as: '{done: .}'}\ndo: [{a: {set: {n: 1}, then: exit}}, {b: {set: {n: 2}}}]`;
      const { error, output } = await everywhere(text);
      expect([error, output]).toEqual([undefined, { done: { n: 1 } }]);
    },
  );
  test('end ends the workflow', proves('then.end'), async () => {
    expect((await everywhere(flow('end'), { input: [] })).output).toEqual({ all: ['a'] });
  });
  test('a name leads to that task', proves('then.name'), async () => {
    expect((await everywhere(flow('c'), { input: [] })).output).toEqual({ all: ['a', 'c', 'd'] });
  });
  test(
    'end ends the workflow from inside of everything',
    proves('then.end', 'fork.end'),
    async () => {
      const text = `
output: {as: '{done: .}'}
do:
  - loop:
      for: {in: '[1, 2]'}
      do:
        - guarded:
            try:
              - both:
                  fork:
                    branches: [{x: {set: {i: '\${ $item }'}, then: end}}, {y: {wait: PT0.01S}}]
            catch: {}
  - never: {set: {no: true}}`;
      expect((await everywhere(text)).output).toEqual({ done: { i: 1 } });
    },
  );
  test('back is a loop', proves('then.back'), async () => {
    const text = `do:
  - add: {set: {n: '\${ .n + 1 }'}}
  - again: {switch: [{more: {when: .n < 5, then: add}}]}`;
    expect((await everywhere(text, { input: { n: 0 } })).output).toEqual({ n: 5 });
  });
  test(
    'means a sibling, whatever is called so elsewhere',
    proves('names.scopes', 'then.name'),
    async () => {
      const text = `do:
  - a:
      do:
        - one: {set: '\${ . + [1] }', then: b}
        - skipped: {set: '\${ . + [2] }'}
        - b: {set: '\${ . + [3] }'}
  - skipped: {set: '\${ . + [4] }', then: b}
  - a2: {set: '\${ . + [5] }'}
  - b: {set: '\${ . + [6] }'}`;
      expect((await everywhere(text, { input: [] })).output).toEqual([1, 3, 4, 6]);
    },
  );
  test('to nobody is refused at once', proves('then.unknown'), async () => {
    await expect(everywhere('do: [{a: {set: {x: 1}, then: nobody}}]')).rejects.toThrow(/nobody/);
    const inner = 'do: [{a: {do: [{b: {set: {x: 1}, then: c}}]}}, {c: {set: {x: 2}}}]';
    await expect(everywhere(inner)).rejects.toThrow(/c/);
  });
});
