/* run: workflow - awaited children as strands of their parent, and runs that nobody waits for. */
import { describe, expect, it } from 'vitest';
import { begin, NeedsDefinition, type Outcome, step } from '../../src/core/index.ts';
import { homeOf, timeOfRunId } from '../../src/wire/index.ts';
import { drive, planOf } from './drive.ts';

/** A definition called `name`. */
function named(name: string, body: string) {
  return planOf(
    `document: {dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0'}\n${body}`,
  );
}

const run = (name: string, input = '{}', more = ''): string =>
  `run: {workflow: {namespace: test, name: ${name}, version: latest, input: ${input}}${more}}`;

const boom = {
  error: { type: 'https://example.com/boom', status: 500, title: 'Boom', detail: 'no' },
};

describe('an awaited child', () => {
  const twice = named(
    'twice',
    `
input: {schema: {document: {type: object, required: [n]}}, from: .n}
output: {as: '{got: .}'}
do:
  - a: {call: double, with: {n: '\${ . }'}}
  - b: {call: double, with: {n: '\${ .n }'}}
`,
  );
  const double = ({ arguments: given }: { arguments: unknown }) => ({
    result: { n: 2 * (given as { n: number }).n },
  });

  it('has an input, schemas and an output of its own', () => {
    const { calls, end } = drive(
      `do: [{a: {${run('twice', '{n: "${ .x }"}')}}}, {b: {set: {was: '\${ . }'}}}]`,
      { x: 3 },
      { double },
      { definitions: { twice } },
    );
    expect(end).toEqual({ output: { was: { got: { n: 12 } } } });
    expect(calls.map(({ arguments: given }) => given)).toEqual([{ n: 3 }, { n: 6 }]);
  });
  it('costs no hop of its own when it waits for nothing', () => {
    const quick = named('quick', 'do: [{a: {set: {n: 1}}}]');
    const driven = drive(`do: [{a: {${run('quick')}}}]`, {}, {}, { definitions: { quick } });
    expect(driven.end.output).toEqual({ n: 1 });
    expect(driven.hops).toBe(1);
    expect(driven.transitions).toContain('workflow-completed ');
    expect(driven.transitions).toContain('task-completed /do/0/a');
  });
  it('knows who it is, and nothing of the context around it', () => {
    const who = named(
      'who',
      `do: [{a: {set: {id: '\${ $workflow.id }', name: '\${ $workflow.definition.document.name }', in: '\${ $workflow.input }', at: '\${ $workflow.startedAt.epoch.milliseconds }', c: '\${ $context }'}}, }, {b: {fork: {branches: [{x: {set: '\${ . + {inner: $workflow.id} }'}}]}}}]`,
    );
    const { end } = drive(
      `do: [{w: {wait: PT1S, export: {as: '{secret: 1}'}}}, {a: {${run('who', '{q: 1}')}}}]`,
      {},
      {},
      { definitions: { who } },
    );
    const [seen] = end.output as [object];
    expect(seen).toEqual({
      id: 'run-1/1.0',
      inner: 'run-1/1.0',
      name: 'who',
      in: { q: 1 },
      at: 1_000,
      c: null,
    });
  });
  it('ends by itself: `then: end` and an exported context stay inside', () => {
    const early = named(
      'early',
      `
output: {as: '{c: $context, o: .}'}
do:
  - a:
      fork:
        branches:
          - x: {call: f, export: {as: '{lost: 1}'}, then: end}
          - y: {wait: PT1H}
  - never: {set: {no: 1}}
`,
    );
    const { at, end } = drive(
      `output: {as: '{c: $context, o: .}'}\ndo: [{a: {${run('early')}, export: {as: '{k: 1}'}}}, {b: {set: {seen: '\${ . }'}}}]`,
      {},
      { f: () => ({ result: 7, after: 5 }) },
      { definitions: { early } },
    );
    expect(end.output).toEqual({ c: { k: 1 }, o: { seen: { c: null, o: 7 } } });
    expect(at).toBe(5);
  });
  it('raises what goes wrong in it at the task, and says where it came from', () => {
    const inner = named('inner', 'do: [{deep: {call: f}}]');
    const outer = named('outer', `do: [{mid: {${run('inner')}}}]`);
    const { end } = drive(
      `do: [{t: {try: [{a: {${run('outer')}}}], catch: {errors: {with: {instance: /do/0/t/try/0/a}}, do: [{h: {set: '$error'}}]}}}]`,
      {},
      { f: () => boom },
      { definitions: { inner, outer } },
    );
    expect(end.output).toEqual({
      ...boom.error,
      instance: '/do/0/t/try/0/a',
      origin: { workflow: 'test/inner', instance: '/do/0/deep' },
    });
  });
  it('that gets the wrong input is an error at the task', () => {
    const { end } = drive(`do: [{a: {${run('twice')}}}]`, {}, {}, { definitions: { twice } });
    expect(end.error).toMatchObject({
      status: 400,
      type: expect.stringMatching(/validation$/),
      instance: '/do/0/a',
      origin: { workflow: 'test/twice', instance: '/input/schema' },
    });
  });
  it('is a new effect when its parent tries again', () => {
    const once = named('once', 'do: [{a: {call: f}}]');
    const { calls, end } = drive(
      `do: [{t: {try: [{a: {${run('once')}}}], catch: {retry: {delay: PT2S, limit: {attempt: {count: 2}}}}}}]`,
      {},
      { f: (_, nth) => (nth < 3 ? boom : { result: nth }) },
      { definitions: { once } },
    );
    expect(end.output).toBe(3);
    expect(calls.map(({ at, attempt }) => [at, attempt])).toEqual([
      [0, 1],
      [2_000, 1],
      [4_000, 1],
    ]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
  });
  it('has a timeout, which its parent may catch; the one around it ends it, too', () => {
    const slow = named('slow', 'timeout: {after: PT5S}\ndo: [{a: {wait: PT1H}}]');
    const caught = drive(
      `do: [{t: {try: [{a: {${run('slow')}}}], catch: {errors: {with: {status: 408}}, do: [{h: {set: {late: '\${ $error.origin }'}}}]}}}]`,
      {},
      {},
      { definitions: { slow } },
    );
    expect(caught.end.output).toEqual({ late: { workflow: 'test/slow', instance: '' } });
    expect(caught.at).toBe(5_000);
    const around = drive(
      `timeout: {after: PT2S}\ndo: [{a: {${run('slow')}}}]`,
      {},
      {},
      { definitions: { slow } },
    );
    expect(around.end.error).toMatchObject({ status: 408, instance: '' });
    expect(around.at).toBe(2_000);
  });
  it('runs itself down to a depth, and then says so', () => {
    const countdown = named(
      'countdown',
      `do: [{a: {if: .n > 0, ${run('countdown', '{n: "${ .n - 1 }"}')}}}, {b: {set: {depth: '\${ (.depth // 0) + 1 }'}}}]`,
    );
    const definitions = { countdown };
    const deep = drive(countdown, { n: 60 }, {}, { definitions });
    expect(deep.end.output).toEqual({ depth: 61 });
    const endless = drive(countdown, { n: 1_000 }, {}, { definitions });
    expect(endless.end.error).toMatchObject({
      detail: expect.stringContaining('more than 100 workflows wait for one another'),
      instance: '/do/0/a',
      origin: { workflow: 'test/countdown', instance: '/do/0/a' },
    });
  });
  it('cannot make one step take for ever by running itself twice each time', () => {
    const twins = named(
      'twins',
      `do: [{a: {fork: {branches: [{x: {${run('twins')}}}, {y: {${run('twins')}}}]}}}]`,
    );
    const definitions = () => ({ plan: twins });
    const began = performance.now();
    const id = { run: 'r', strand: '' };
    const outcome = step(twins, id, begin(0, {}), { kind: 'start' }, 0, { definitions });
    expect(outcome.next.kind).toBe('fork');
    expect(performance.now() - began).toBeLessThan(2_000);
  });
  it('that nobody has deployed is an error, and one that is not looked up yet stops the step', () => {
    const { end } = drive(`do: [{a: {${run('nobody')}}}]`);
    expect(end.error).toMatchObject({
      status: 400,
      type: expect.stringMatching(/configuration$/),
      detail: 'there is no nobody',
      instance: '/do/0/a',
    });
    const plan = planOf(`do: [{a: {${run('nobody')}}}]`);
    const ref = { namespace: 'test', name: 'nobody' };
    expect(() => step(plan, { run: 'r', strand: '' }, begin(0, {}), { kind: 'start' }, 0)).toThrow(
      new NeedsDefinition(ref),
    );
  });
});

describe('a workflow that nobody waits for', () => {
  const child = named('child', 'do: [{a: {call: f, with: {n: "${ .n }"}}}]');
  const later = (): { result: number; after: number } => ({ result: 1, after: 60_000 });

  it('is a run of its own, at home where its starter is; the task goes on with its input', () => {
    const driven = drive(
      `do: [{a: {input: {from: '{v: .x}'}, ${run('child', '{n: "${ .v }"}', ', await: false')}}}]`,
      { x: 5 },
      { f: later },
      { definitions: { child }, from: 1_763_615_992_345 },
    );
    expect(driven.end).toEqual({ output: { v: 5 } });
    expect(driven.runs).toMatchObject([
      {
        by: { run: 'run-1', strand: '', activation: 1 },
        name: 'child',
        input: { n: 5 },
        end: { output: 1 },
      },
    ]);
    const id = driven.runs[0]!.run;
    expect(homeOf(id, 16)).toBe(0);
    expect(timeOfRunId(id)).toBe(1_763_615_992_345);
    expect(driven.calls).toMatchObject([{ name: 'f', arguments: { n: 5 } }]);
  });
  it('is begun once for each time that flow comes to the task', () => {
    const { end, runs } = drive(
      `do: [{l: {for: {in: '[1, 2, 3]'}, do: [{a: {${run('child', '{n: "${ $item }"}', ', await: false')}}}]}}, {f: {fork: {branches: [{x: {${run('child', '{n: 4}', ', await: false')}}}]}}}]`,
      {},
      { f: later },
      { definitions: { child } },
    );
    expect(end.output).toEqual([{}]);
    expect(runs.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(new Set(runs.map((one) => one.run)).size).toBe(4);
  });
  it('is not begun before the time of a retry', () => {
    const { calls, runs } = drive(
      `do: [{t: {try: [{a: {${run('child', '{n: 1}', ', await: false')}}}, {b: {call: g}}], catch: {retry: {delay: PT3S, limit: {attempt: {count: 1}}}}}}]`,
      {},
      { f: later, g: (_, nth) => (nth === 1 ? boom : { result: 1 }) },
      { definitions: { child } },
    );
    expect(runs.length).toBe(2);
    expect(calls.map(({ at, name }) => `${name} ${at}`)).toEqual([
      'f 0',
      'g 0',
      'f 3000',
      'g 3000',
    ]);
  });
  it('ends at once with a wrong input, and its starter does not hear of it', () => {
    const strict = named(
      'strict',
      'input: {schema: {document: {type: object, required: [n]}}}\ndo: []',
    );
    const { end, runs } = drive(
      `do: [{a: {${run('strict', '{}', ', await: false')}}}]`,
      {},
      {},
      { definitions: { strict } },
    );
    expect(end).toEqual({ output: {} });
    expect(runs).toMatchObject([{ end: { error: { status: 400 } } }]);
  });
  it('that begins itself yields hops, and faults when nothing else ever happens', () => {
    const again = named('again', `do: [{a: {${run('again', '{}', ', await: false')}}}]`);
    const definitions = () => ({ plan: again });
    const deepest = (pureHops: number): Outcome => {
      const state = { ...begin(0, {}), pureHops };
      let outcome = step(again, { run: 'r', strand: '' }, state, { kind: 'start' }, 0, {
        definitions,
      });
      while (outcome.runs.length > 0) outcome = outcome.runs[0]!.outcome;
      return outcome;
    };
    expect(deepest(0)).toMatchObject({ next: { kind: 'continue' }, state: { pureHops: 1 } });
    expect(deepest(1_000).next).toMatchObject({
      end: { error: { detail: expect.stringContaining('without an activity or a wait') } },
    });
  });
});
