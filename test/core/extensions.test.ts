/* Extensions: order, conditions, what they see and what becomes of what they put out. */
import { describe, expect, it } from 'vitest';
import { proves } from '../proofs/proves.ts';
import { drive, planOf } from './drive.ts';

const log = (name: string, what: string) =>
  `{log: {call: log, with: {who: ${name}, what: ${what}, task: '\${ $task.reference }', sees: '\${ . }'}}}`;
const said = (calls: readonly { arguments: unknown }[]) =>
  calls.map(({ arguments: args }) => {
    const { who, what, task } = args as { who: string; what: string; task: string };
    return `${who} ${what} ${task}`;
  });
const failing = { error: { type: 'x:y', status: 500, title: 'no' } };

describe('the tasks of extensions', () => {
  const two = `
use:
  extensions:
    - outer: {extend: all, before: [${log('outer', 'before')}], after: [${log('outer', 'after')}]}
    - inner: {extend: set, before: [${log('inner', 'before')}], after: [${log('inner', 'after')}]}
`;
  it(
    'run before in order of declaration, after in reverse',
    proves('extension.before-after', 'extension.order', 'decided.extension-order'),
    () => {
      const { end, calls } = drive(`${two}do: [{a: {set: {x: '\${ .n }'}}}, {b: {wait: PT1S}}]`, {
        n: 1,
      });
      expect(said(calls)).toEqual([
        'outer before /do/0/a',
        'inner before /do/0/a',
        'inner after /do/0/a',
        'outer after /do/0/a',
        'outer before /do/1/b',
        'outer after /do/1/b',
      ]);
      expect(end.output).toEqual({ x: 1 });
    },
  );
  it(
    'do not change what flows: before sees the raw input, after the transformed output',
    proves('decided.extension-data'),
    () => {
      const { end, calls } = drive(
        `${two}do: [{a: {input: {from: .n}, set: {x: '\${ . }'}, output: {as: .x}}}, {b: {set: '\${ . + 1 }'}}]`,
        { n: 1 },
      );
      expect(end.output).toBe(2);
      const sees = calls.map(({ arguments: args }) => (args as { sees: unknown }).sees);
      expect(sees).toEqual([{ n: 1 }, { n: 1 }, 1, 1, 1, 1, 2, 2]);
    },
  );
  it('are not extended themselves, nor is what they call', proves('extension.not-extended'), () => {
    const { calls } = drive(`
use:
  functions: {note: {call: log, with: {who: note, what: x, task: '\${ $task.reference }'}}}
  extensions: [{e: {extend: all, before: [{n: {call: note}}, {d: {do: [{s: {set: {x: 1}}}]}}]}}]
do: [{a: {set: {x: 1}}}]
`);
    expect(said(calls)).toEqual(['note x /do/0/extensions/e/before/0/n/call/0/note']);
  });
  it('extend the tasks of functions, of loops, of branches and of catches', () => {
    const { calls } = drive(
      `
use:
  functions: {f: {set: {x: 1}}}
  extensions: [{e: {extend: set, before: [${log('e', 'before')}]}}]
do:
  - call: {call: f}
  - loop: {for: {in: '[1, 2]'}, do: [{s: {set: {x: 1}}}]}
  - fork: {fork: {branches: [{b: {set: {x: 1}}}]}}
  - t: {try: [{s: {call: g}}], catch: {do: [{h: {set: {x: 1}}}]}}
`,
      {},
      { g: () => failing },
    );
    expect(said(calls.filter(({ name }) => name === 'log'))).toEqual([
      'e before /do/0/call/call/0/f',
      'e before /do/1/loop/do/0/s',
      'e before /do/1/loop/do/0/s',
      'e before /do/2/fork/fork/branches/0/b',
      'e before /do/3/t/catch/do/0/h',
    ]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(calls.length);
  });
  it('are found by pointers of their own', () => {
    const plan = planOf(`${two}do: [{a: {set: {x: 1}}}, {b: {set: {x: 1}}}]`);
    expect([...plan.byPointer.keys()].sort()).toEqual([
      '/do/0',
      '/do/0/a',
      '/do/0/extensions/inner/after/0/log',
      '/do/0/extensions/inner/before/0/log',
      '/do/0/extensions/outer/after/0/log',
      '/do/0/extensions/outer/before/0/log',
      '/do/1',
      '/do/1/b',
      '/do/1/extensions/inner/after/0/log',
      '/do/1/extensions/inner/before/0/log',
      '/do/1/extensions/outer/after/0/log',
      '/do/1/extensions/outer/before/0/log',
    ]);
  });
});

describe('what extends what', () => {
  it(
    'composite is do and fork, which have no name of their own',
    proves('extension.composite'),
    () => {
      const { calls } = drive(`
use: {extensions: [{e: {extend: composite, before: [${log('e', 'before')}]}}]}
do:
  - d: {do: [{s: {set: {x: 1}}}]}
  - f: {fork: {branches: [{b: {set: {x: 1}}}]}}
  - l: {for: {in: '[1]'}, do: [{s: {set: {x: 1}}}]}
  - t: {try: [{s: {set: {x: 1}}}], catch: {}}
`);
      expect(said(calls)).toEqual(['e before /do/0/d', 'e before /do/1/f']);
    },
  );
  it('each kind by its name', proves('extension.kinds'), () => {
    for (const kind of ['for', 'raise', 'set', 'switch', 'try', 'wait', 'call'] as const) {
      const tasks = {
        set: 'set: {x: 1}',
        wait: 'wait: PT1S',
        switch: 'switch: [{c: {then: continue}}]',
        for: "for: {in: '[]'}, do: [{x: {call: nothing}}]",
        call: 'call: f',
        try: 'try: [], catch: {}',
        raise: "raise: {error: {type: 'x:y', status: 500, title: t}}",
      };
      const { calls } = drive(`
use: {extensions: [{e: {extend: ${kind}, before: [{log: {call: log, with: {who: '\${ $task.name }'}}}]}}]}
do: [${Object.entries(tasks)
        .map(([name, task]) => `{${name}: {${task}}}`)
        .join(', ')}]
`);
      const logs = calls.filter(({ name }) => name === 'log');
      expect([kind, logs.map(({ arguments: args }) => args)]).toEqual([kind, [{ who: kind }]]);
    }
  });
  it(
    'when: the definition is merged into $task, and stands in $task.definition',
    proves('extension.when', 'decided.extension-task'),
    () => {
      const { calls } = drive(
        `
use:
  extensions:
    - merged: {extend: call, when: $task.with.to == "b", before: [${log('merged', 'x')}]}
    - definition: {extend: call, when: '\${ $task.definition.with.to == "b" }', before: [${log('definition', 'x')}]}
    - name: {extend: call, when: $task.name == "a" and $task.input.n == 1, before: [${log('name', 'x')}]}
    - data: {extend: call, when: .n == 2, before: [${log('data', 'x')}]}
do: [{a: {call: f, with: {to: a}}}, {b: {call: f, with: {to: b}}}]
`,
        { n: 1 },
        { f: () => ({ result: { n: 2 } }) },
      );
      expect(said(calls.filter(({ name }) => name === 'log'))).toEqual([
        'name x /do/0/a',
        'merged x /do/1/b',
        'definition x /do/1/b',
        'data x /do/1/b',
      ]);
    },
  );
  it('when is decided once: what before exports does not take the after away', () => {
    const { calls } = drive(`
use:
  extensions:
    - e:
        extend: set
        when: $context == null
        before: [{m: {set: {x: 1}, export: {as: .}}}]
        after: [${log('e', 'after')}]
do: [{a: {set: {x: 1}}}]
`);
    expect(said(calls)).toEqual(['e after /do/0/a']);
  });
  it('not a task that is skipped', () => {
    const { calls, end, transitions } = drive(
      `
use: {extensions: [{e: {extend: all, before: [${log('e', 'x')}], after: [${log('e', 'x')}]}}]}
do: [{a: {if: .n == 2, set: {x: 1}, then: end}}, {b: {if: .n == 2, set: {x: 1}}}]
`,
      { n: 1 },
    );
    expect(calls).toEqual([]);
    expect(end.output).toEqual({ n: 1 });
    expect(transitions).toContain('task-skipped /do/0/a');
  });
  it('what has no matching extension is as it was', () => {
    const plan = planOf(
      `use: {extensions: [{e: {extend: set, before: [{x: {wait: PT1S}}]}}]}\ndo: [{a: {wait: PT1S}}]`,
    );
    expect([...plan.byPointer.keys()]).toEqual(['/do/0/a']);
  });
});

describe('exit in before', () => {
  const mock = `
use:
  extensions:
    - outer: {extend: call, before: [${log('outer', 'before')}], after: [${log('outer', 'after')}]}
    - mock:
        extend: call
        when: $task.call == "ship"
        before: [{answer: {set: {id: 7, had: '\${ . }'}, then: exit}}, {never: {call: never}}]
        after: [${log('mock', 'after')}]
    - inner: {extend: call, before: [${log('inner', 'before')}], after: [${log('inner', 'after')}]}
`;
  it(
    'is in place of the task: its transforms and its `then` apply, it does not run',
    proves('extension.exit', 'decided.extension-data'),
    () => {
      const { end, calls } = drive(
        `${mock}
do:
  - a: {call: ship, output: {as: .id}, export: {as: '{was: $input}'}, then: c}
  - b: {set: {x: never}}
  - c: {set: {id: '\${ . }', context: '\${ $context }'}}
`,
        { n: 1 },
      );
      expect(end.output).toEqual({ id: 7, context: { was: { n: 1 } } });
      expect(said(calls)).toEqual(['outer before /do/0/a', 'outer after /do/0/a']);
    },
  );
  it('ends the extension only, not its nested lists, nor in after', () => {
    const { end, calls } = drive(
      `
use:
  extensions:
    - e:
        extend: call
        before: [{d: {do: [{x: {set: {no: 1}, then: exit}}, {y: {set: {no: 2}}}]}}]
        after: [{x: {set: {no: 3}, then: exit}}, {never: {call: never}}]
do: [{a: {call: f, with: {n: '\${ .n }'}}}]
`,
      { n: 1 },
    );
    expect(calls.map(({ name }) => name)).toEqual(['f']);
    expect(end.output).toEqual({ n: 1 });
  });
  it('end ends the workflow', () => {
    const { end, calls } = drive(`
use: {extensions: [{e: {extend: call, before: [{x: {set: {over: true}, then: end}}]}}]}
do: [{a: {call: f}}]
`);
    expect([end.output, calls]).toEqual([{ over: true }, []]);
  });
});

describe('the task inside', () => {
  it('leads where it would have led, after its after', () => {
    const { end, calls } = drive(
      `
use: {extensions: [{e: {extend: all, after: [${log('e', 'after')}]}}]}
do:
  - a: {switch: [{big: {when: .n > 3, then: last}}]}
  - b: {set: {n: '\${ .n + 2 }'}, then: a}
  - last: {set: {n: '\${ .n * 10 }'}, then: end}
  - never: {set: {x: never}}
`,
      { n: 1 },
    );
    expect(end.output).toEqual({ n: 50 });
    expect(said(calls)).toEqual(
      ['a', 'b', 'a', 'b', 'a', 'last'].map((name) => {
        const index = ['a', 'b', 'last'].indexOf(name);
        return `e after /do/${index}/${name}`;
      }),
    );
  });
  it('has its own timeout: before and after do not count', () => {
    const { end, at } = drive(
      `
use: {extensions: [{e: {extend: call, before: [{w: {wait: PT1M}}], after: [{w: {wait: PT1M}}]}}]}
do: [{a: {call: f, timeout: {after: PT10S}}}]
`,
      {},
      { f: () => ({ result: 1, after: 9_000 }) },
    );
    expect([end.output, at]).toEqual([1, 129_000]);
  });
  it('faults under its own name, and then there is no after', () => {
    const { end, calls } = drive(
      `
use: {extensions: [{e: {extend: call, when: $task.call == "f", after: [${log('e', 'after')}]}}]}
do: [{t: {try: [{a: {call: f}}], catch: {do: [{h: {set: '\${ $error.instance }'}}]}}}]
`,
      {},
      { f: () => failing },
    );
    expect(end.output).toBe('/do/0/t/try/0/a');
    expect(calls).toHaveLength(1);
  });
  it('is blamed when the condition of an extension, or its own, fails', () => {
    const when = drive(
      `use: {extensions: [{e: {extend: set, when: '.n | keys', before: [{x: {wait: PT1S}}]}}]}\ndo: [{a: {set: {x: 1}}}]`,
      { n: 1 },
    );
    expect(when.end.error).toMatchObject({ status: 400, instance: '/do/0/a' });
    const own = drive(
      `use: {extensions: [{e: {extend: set, before: [{x: {wait: PT1S}}]}}]}\ndo: [{a: {if: '.n | keys', set: {x: 1}}}]`,
      { n: 1 },
    );
    expect(own.end.error).toMatchObject({ status: 400, instance: '/do/0/a' });
  });
  it('is retried with its extensions, and keeps the key of what failed', () => {
    const { calls } = drive(
      `
use: {extensions: [{e: {extend: call, before: [${log('e', 'x')}]}}]}
do: [{t: {try: [{a: {call: f}}], catch: {retry: {delay: PT1S, limit: {attempt: {count: 2}}}}}}]
`,
      {},
      { f: (_activity, nth) => (nth === 1 ? failing : { result: 1 }) },
    );
    expect(calls.map(({ name, attempt }) => [name, attempt])).toEqual([
      ['log', 1],
      ['f', 1],
      ['log', 1],
      ['f', 2],
    ]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
  });
  it('a try does not catch what its extensions raise', () => {
    const { end } = drive(`
use: {extensions: [{e: {extend: try, after: [{r: {raise: {error: {type: 'x:y', status: 418, title: t}}}}]}}]}
do: [{t: {try: [{a: {set: {x: 1}}}], catch: {}}}]
`);
    expect(end.error).toMatchObject({ status: 418, instance: '/do/0/extensions/e/after/0/r' });
  });
});

describe('$task in an extension', () => {
  it(
    'is the extended task everywhere inside, in branches too; of its own tasks nothing is known',
    proves('decided.extension-task'),
    () => {
      const { end } = drive(
        `
use:
  extensions:
    - e:
        extend: call
        before:
          - f:
              fork: {branches: [{b: {set: '\${ $task.name }'}}, {c: {call: wait, with: {t: '\${ $task.call }'}}}]}
              export: {as: '{before: ., in: $task.input, out: $task.output}'}
        after:
          - l: {for: {in: '[1]'}, do: [{s: {set: '\${ $task.output }'}}], export: {as: '$context + {after: ., out: $task.output}'}}
do: [{a: {call: f}}, {b: {set: '\${ $context }'}}]
`,
        { n: 1 },
        {
          f: () => ({ result: { done: true } }),
          wait: ({ arguments: args }) => ({ result: args }),
        },
      );
      expect(end.output).toEqual({
        before: ['a', { t: 'f' }],
        in: { n: 1 },
        after: { done: true },
        out: { done: true },
      });
    },
  );
  it('loop variables of the extended task are not there', () => {
    expect(() =>
      planOf(
        `use: {extensions: [{e: {extend: set, before: [{x: {set: '\${ $item }'}}]}}]}\ndo: [{l: {for: {in: '[1]'}, do: [{s: {set: {x: 1}}}]}}, {s: {set: {x: 1}}}]`,
      ),
    ).toThrow(/unknown-variable/);
  });
  it('mistakes are reported once, where they stand', () => {
    const document = `document: {dsl: '1.0.3', namespace: t, name: t, version: '1.0.0'}
use: {extensions: [{e: {extend: set, before: [{x: {set: '\${ $item }'}}]}}]}
do: [{a: {set: {x: 1}}}, {b: {set: {x: 1}}}]`;
    let problems: unknown;
    try {
      planOf(document);
    } catch (error) {
      problems = JSON.parse((error as Error).message);
    }
    expect(problems).toMatchObject([{ pointer: '/use/extensions/0/e/before/0/x/set', line: 2 }]);
  });
});

describe('extensions and sagas', () => {
  const saga = (extensions: string) => `
use: {extensions: [${extensions}]}
do:
  - s:
      metadata: {saga: true}
      do:
        - a: {call: book, metadata: {compensate: {call: cancel, with: {id: '\${ $output.id }'}}}}
        - b: {raise: {error: {type: 'x:y', status: 500, title: no}}}
`;
  const services = { book: () => ({ result: { id: 7 } }) };
  const names = (calls: readonly { name: string }[]) => calls.map(({ name }) => name);

  it('what an exit was in place of is not undone: it was never done', () => {
    const mock = `{mock: {extend: call, when: $task.call == "book", before: [{x: {set: {id: 1}, then: exit}}]}}`;
    expect(names(drive(saga(mock), {}, services).calls)).toEqual([]);
    expect(names(drive(saga(''), {}, services).calls)).toEqual(['book', 'cancel']);
  });
  it('a compensation is extended like any other task', () => {
    const { calls } = drive(
      saga(`{e: {extend: call, before: [${log('e', 'before')}], after: [${log('e', 'after')}]}}`),
      {},
      services,
    );
    expect(names(calls)).toEqual(['log', 'book', 'log', 'log', 'cancel', 'log']);
    expect(said(calls.filter(({ name }) => name === 'log'))).toEqual([
      'e before /do/0/s/do/0/a',
      'e after /do/0/s/do/0/a',
      'e before /do/0/s/do/0/a/metadata/compensate',
      'e after /do/0/s/do/0/a/metadata/compensate',
    ]);
    expect(calls[4]!.arguments).toEqual({ id: 7 });
  });
  it('a task of an extension may be undone too', () => {
    const { calls } = drive(
      saga(
        `{e: {extend: call, before: [{hold: {call: hold, metadata: {compensate: {call: release, with: {of: '\${ $input.n }'}}}}}]}}`,
      ),
      { n: 5 },
      services,
    );
    // cancel is extended like any other call, but in a compensation nothing is undone later
    expect(names(calls)).toEqual(['hold', 'book', 'hold', 'cancel', 'release']);
  });
});
