/* Expressions: where they stand, and what they see there. */
import { describe, expect, test } from 'vitest';
import { proves } from '../../proofs/proves.ts';
import type { Json } from '../../../src/wire/index.ts';
import { type Answering, embeddedly, everywhere, failing, kindOf } from './everywhere.ts';

describe('an expression', () => {
  test('is jq', proves('expression.jq'), async () => {
    const text = `do:
  - a:
      set:
        sum: '\${ reduce .l[] as $x (0; . + $x) }'
        text: '\${ [.l[] | tostring] | join("-") }'
        chosen: '\${ .l | map(select(. > 1)) | sort_by(-.) }'
        path: '\${ [paths] | length }'`;
    expect((await everywhere(text, { input: { l: [1, 2, 3] } })).output).toEqual({
      sum: 6,
      text: '1-2-3',
      chosen: [3, 2],
      path: 4,
    });
  });
  test(
    'that fails is an expression error',
    proves('expression.error', 'error.expression'),
    async () => {
      const { error } = await everywhere("do: [{a: {set: {x: '${ .n | keys }'}}}]", {
        input: { n: 1 },
      });
      expect(error).toMatchObject({ status: 400, instance: '/do/0/a' });
      expect(kindOf(error)).toBe('expression');
    },
  );
  test(
    'in free values is a whole ${ }',
    proves('expression.strict', 'decided.bare-in-set'),
    async () => {
      const text = "do: [{a: {set: {bare: .n, whole: '${ .n }', list: ['${ .n + 1 }', .n]}}}]";
      expect((await everywhere(text, { input: { n: 1 } })).output).toEqual({
        bare: '.n',
        whole: 1,
        list: [2, '.n'],
      });
    },
  );
  test('with text around it is a text', proves('decided.embedded'), async () => {
    const text = "do: [{a: {set: {hello: 'Hello ${ .n }!'}}}]";
    expect((await everywhere(text)).output).toEqual({ hello: 'Hello ${ .n }!' });
  });
  describe('in loose mode', () => {
    const loose = (text: string, input: Json) =>
      everywhere(`evaluate: {mode: loose}\n${text}`, { input, functions: { echo } });
    const echo: Answering = (request) => ({ result: request });

    test('is any text that can be evaluated', proves('expression.loose'), async () => {
      const text = `do:
  - a:
      set:
        bare: .n
        wrapped: '\${ .n }'
        sum: .n + 1
        built: '{ n: .n, list: [.n, "x"] }'
        list: [.n, '.l[0]', plain]
        deep: {deeper: {deepest: .l | length}}
        none: .absent
        number: 5`;
      expect((await loose(text, { n: 2, l: ['x'] })).output).toEqual({
        bare: 2,
        wrapped: 2,
        sum: 3,
        built: { n: 2, list: [2, 'x'] },
        list: [2, 'x', 'plain'],
        deep: { deeper: { deepest: 1 } },
        none: null,
        number: 5,
      });
    });
    test('is a text when it is no jq, or fails', proves('expression.loose'), async () => {
      const texts = {
        words: 'Hello there!',
        url: 'https://example.com/a?b=c',
        unknown: '$nobody.here',
        unfinished: '${ .n | }',
        fails: '.n | keys',
        wrapped: '${ .n | keys }',
        around: 'Hello ${ .n }',
        empty: '',
        blank: '  ',
        channel: '#general',
      };
      expect((await loose(`do: [{a: {set: ${JSON.stringify(texts)}}}]`, { n: 2 })).output).toEqual(
        texts,
      );
      expect((await loose('do: [{a: {set: hello}}]', {})).output).toBe('hello');
      expect((await loose('do: [{a: {set: .n}}]', { n: 2 })).output).toBe(2);
    });
    test('is the same in arguments and in errors', proves('expression.loose'), async () => {
      const text = `do:
  - t:
      try:
        - a: {call: echo, with: {n: .n, s: some text}}
        - b: {raise: {error: {type: 'https://example.com/odd', status: 418, title: .s, detail: it is odd}}}
      catch: {do: [{h: {set: {status: $error.status, title: $error.title, detail: $error.detail}}}]}`;
      expect((await loose(text, { n: 1 })).output).toEqual({
        status: 418,
        title: 'some text',
        detail: 'it is odd',
      });
    });
    test('stays an error where a field is an expression', proves('decided.loose'), async () => {
      for (const field of ["if: '.n | keys'", "output: {as: '.x | keys'}"]) {
        const { error } = await loose(`do: [{a: {set: {x: 1}, ${field}}}]`, { n: 1 });
        expect([field, kindOf(error)]).toEqual([field, 'expression']);
      }
    });
    test('stays data when it comes with data', proves('expression.data'), async () => {
      const input = { given: '.secret', wrapped: '${ .secret }', secret: 42 };
      const text = `do:
  - a: {set: {got: .given, also: '\${ .wrapped }', all: .}}
  - b: {call: echo, with: {got: .got, also: .also, here: .all.given}}
  - c: {set: .}`;
      expect((await loose(text, input)).output).toEqual({
        got: '.secret',
        also: '${ .secret }',
        here: '.secret',
      });
    });
  });
  test('in a field of its own may be bare', proves('expression.bare'), async () => {
    const text = `
input: {from: .in}
output: {as: .total}
do:
  - loop:
      if: .go
      for: {in: .items}
      while: .total < 6
      do: [{add: {set: {total: '\${ .total + $item }'}}}]
  - choose: {switch: [{yes: {when: .total > 5, then: end}}]}
  - no: {set: {total: 0}}`;
    const input = { in: { go: true, items: [1, 2, 3, 4], total: 0 } };
    expect((await everywhere(text, { input })).output).toBe(6);
  });
  test('may be an object of expressions', proves('expression.objects'), async () => {
    const text = `do:
  - a:
      input: {from: {deep: [{n: '\${ .n }'}], text: .n}}
      set: '\${ . }'
      output: {as: {out: '\${ .deep[0].n }', text: '\${ .text }'}}`;
    expect((await everywhere(text, { input: { n: 7 } })).output).toEqual({ out: 7, text: '.n' });
  });
  test('that comes with data stays data', proves('expression.data'), async () => {
    const text = `do:
  - a: {call: echo, with: {all: '\${ . }'}, output: {as: .all}}
  - b: {set: {same: '\${ . }'}}
  - c: {set: {deep: {again: '\${ .same }'}}}`;
    const input = { x: '${ 1 + 1 }', y: '.z', '${ "k" }': ['${ error }'] };
    const functions = { echo: (request: Json) => ({ result: request }) };
    expect((await everywhere(text, { input, functions })).output).toEqual({
      deep: { again: input },
    });
  });
  test('gives its first output, or null', proves('decided.outputs'), async () => {
    const text = "do: [{a: {set: {first: '${ .l[] }', none: '${ empty }'}}}]";
    expect((await everywhere(text, { input: { l: [3, 4] } })).output).toEqual({
      first: 3,
      none: null,
    });
  });
});

describe('an argument', () => {
  test('$context', proves('argument.context', 'decided.context'), async () => {
    const text = `
output: {as: '{out: ., end: $context}'}
do:
  - a: {set: {before: '\${ $context }'}, export: {as: '{n: 1}'}}
  - b: {set: '\${ . + {after: $context} }'}`;
    expect((await everywhere(text)).output).toEqual({
      out: { before: null, after: { n: 1 } },
      end: { n: 1 },
    });
  });
  test(
    '$input and $output are the transformed ones',
    proves('argument.input', 'argument.output'),
    async () => {
      const text = `
output: {as: $context}
do:
  - a:
      input: {from: .in}
      set: {got: '\${ $input }'}
      output: {as: '{raw: ., in: $input}'}
      export: {as: '{output: $output, input: $input}'}`;
      const { output } = await everywhere(text, { input: { in: 5 } });
      expect(output).toEqual({ output: { raw: { got: 5 }, in: 5 }, input: 5 });
    },
  );
  test('$task', proves('argument.task', 'argument.instants'), async () => {
    const text = `
output: {as: $context}
do:
  - a~/b:
      input: {from: .in}
      set: {n: 1, at: '\${ $task.startedAt.epoch.milliseconds }'}
      output: {as: .n}
      export: {as: '$task + {output: $task.output.n}'}`;
    const { output } = (await everywhere(text, { input: { in: 5 }, hours: true })) as never;
    const startedAt = {
      iso8601: '1970-01-01T00:00:00.000Z',
      epoch: { seconds: 0, milliseconds: 0 },
    };
    expect(output).toEqual({
      name: 'a~/b',
      reference: '/do/0/a~0~1b',
      definition: {
        input: { from: '.in' },
        set: { n: 1, at: '${ $task.startedAt.epoch.milliseconds }' },
        output: { as: '.n' },
        export: { as: '$task + {output: $task.output.n}' },
      },
      input: { in: 5 },
      output: 1,
      startedAt,
    });
  });
  test('$task on the embedded engine', proves('argument.task'), async () => {
    const text = `
output: {as: $context}
do: [{a: {input: {from: .in}, set: {n: 1}, export: {as: $task}}}]`;
    const { output } = await embeddedly(text, { input: { in: 5 } });
    expect(output).toMatchObject({
      name: 'a',
      reference: '/do/0/a',
      input: { in: 5 },
      output: { n: 1 },
    });
  });
  test(
    '$workflow',
    proves('argument.workflow', 'argument.instants', 'decided.raw-input'),
    async () => {
      const text = `
input: {from: .in}
do: [{a: {set: '\${ $workflow }', output: {as: '. + {version: .definition.document.version}'}}}]`;
      const { output } = await embeddedly(text, { input: { in: 5 } });
      expect(output).toMatchObject({ input: { in: 5 }, version: '1.0.0' });
      const { id, startedAt } = output as never as {
        id: string;
        startedAt: { iso8601: string; epoch: { milliseconds: number; seconds: number } };
      };
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      const at = Date.parse(startedAt.iso8601);
      expect(startedAt.epoch).toEqual({ milliseconds: at, seconds: Math.floor(at / 1000) });
      expect(Math.abs(Date.now() - at)).toBeLessThan(60_000);
    },
  );
  test('$task.input is raw', proves('decided.raw-input'), async () => {
    const text = "do: [{a: {input: {from: .n}, set: '${ [$task.input, $input] }'}}]";
    expect((await everywhere(text, { input: { n: 1 } })).output).toEqual([{ n: 1 }, 1]);
  });
  test('$runtime', proves('argument.runtime'), async () => {
    const { output } = await everywhere("do: [{a: {set: '${ $runtime }'}}]");
    expect(output).toEqual({ name: 'waybill', version: expect.any(String), metadata: {} });
  });
  test('variables of loops and catches', proves('argument.loop', 'argument.caught'), async () => {
    const text = `do:
  - outer:
      for: {each: x, at: i, in: '[10, 20]'}
      do:
        - inner:
            for: {in: '[1]'}
            do:
              - t:
                  try: [{f: {call: f}}]
                  catch:
                    as: problem
                    do: [{s: {set: '\${ . + [[$x, $i, $item, $index, $problem.status]] }'}}]`;
    const functions = { f: () => failing(418) };
    expect((await everywhere(text, { input: [], functions })).output).toEqual([
      [10, 0, 1, 0, 418],
      [20, 1, 1, 0, 418],
    ]);
  });
});

describe('what can be seen', () => {
  test('in input.from of a workflow', proves('arguments.workflow-input'), async () => {
    const text = `
input: {from: '{raw: ., id: ($workflow.input == .), by: $runtime.name}'}
do: [{a: {set: '\${ . }'}}]`;
    expect((await everywhere(text, { input: { n: 1 } })).output).toEqual({
      raw: { n: 1 },
      id: true,
      by: 'waybill',
    });
  });
  test('before a task has its input', proves('arguments.task-input'), async () => {
    const text = `do:
  - a: {set: {n: 1}, export: {as: '{c: 1}'}}
  - b:
      if: $task.input.n == 1 and $context.c == 1
      input: {from: '{raw: ., task: $task.name, context: $context}'}
      set: '\${ . }'`;
    expect((await everywhere(text)).output).toEqual({
      raw: { n: 1 },
      task: 'b',
      context: { c: 1 },
    });
    for (const name of ['$input', '$output']) {
      await expect(everywhere(`do: [{a: {if: '${name}', set: {x: 1}}}]`)).rejects.toThrow(
        /unknown-variable/,
      );
    }
  });
  test('in what a task is made of', proves('arguments.task-definition'), async () => {
    const text = `do:
  - a: {input: {from: .in}, set: {self: '\${ . }', input: '\${ $input }', task: '\${ $task.reference }', by: '\${ $runtime.name }'}}`;
    expect((await everywhere(text, { input: { in: 1 } })).output).toEqual({
      self: 1,
      input: 1,
      task: '/do/0/a',
      by: 'waybill',
    });
  });
  test(
    'in output.as and export.as',
    proves('arguments.task-output', 'arguments.task-export'),
    async () => {
      const text = `
output: {as: '{last: ., context: $context, id: ($workflow.id | type)}'}
do:
  - a:
      input: {from: .in}
      set: {n: 1}
      output: {as: '{raw: ., input: $input, output: $output}'}
      export: {as: '{self: ., output: $output, raw: $task.output}'}`;
      const out = { raw: { n: 1 }, input: 7, output: { n: 1 } };
      expect((await everywhere(text, { input: { in: 7 } })).output).toEqual({
        last: out,
        context: { self: out, output: out, raw: { n: 1 } },
        id: 'string',
      });
    },
  );
  test('in output.as of a workflow', proves('arguments.workflow-output'), async () => {
    const text = `
output: {as: '{last: ., context: $context, began: $workflow.input}'}
do: [{a: {set: {n: 1}, export: {as: .n}}}]`;
    expect((await everywhere(text, { input: { i: 1 } })).output).toEqual({
      last: { n: 1 },
      context: 1,
      began: { i: 1 },
    });
    await expect(everywhere('output: {as: $input}\ndo: [{a: {set: {n: 1}}}]')).rejects.toThrow(
      /unknown-variable/,
    );
  });
});
