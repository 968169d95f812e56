/* Documents: what they are written in, and what is decided where the specification is silent. */
import { describe, expect, test } from 'vitest';
import { load } from '../../../src/dsl/index.ts';
import { openEngine } from '../../../src/index.ts';
import { proves } from '../../proofs/proves.ts';
import { definitionOf, embeddedly, endOf, everywhere, failing, kindOf } from './everywhere.ts';

const document = (version: string, n: number, words = ''): string =>
  `document: {dsl: '1.0.3', namespace: test, name: identity, version: '${version}'${words}}\ndo: [{w: {wait: PT0.1S}}, {a: {set: {n: ${n}}}}]`;

describe('a definition', () => {
  test('is what its runs stay on', proves('document.identity'), async () => {
    const engine = await openEngine({ file: ':memory:', functions: {} });
    try {
      const [one, two] = [definitionOf(document('1.0.0', 1)), definitionOf(document('1.1.0', 2))];
      await engine.deploy(one);
      const first = await engine.start({ definition: one });
      await engine.deploy(two);
      const second = await engine.start({ definition: two });
      expect(await engine.result(first)).toEqual({ ended: 'completed', output: { n: 1 } });
      expect(await engine.result(second)).toEqual({ ended: 'completed', output: { n: 2 } });
    } finally {
      await engine.close();
    }
  });
  test('may carry words for people', proves('document.words'), async () => {
    const words = ', title: T, summary: S, tags: {a: b}, metadata: {team: x}';
    const text = document('1.0.0', 3, words).replace(
      'set: {n: 3}',
      "set: {n: '${ $workflow.definition.document.tags.a }'}, metadata: {owner: y}",
    );
    expect(await embeddedly(text)).toEqual({ output: { n: 'b' } });
  });
  test('is YAML or JSON', proves('document.formats'), async () => {
    const yaml = definitionOf(document('1.0.0', 4));
    const json = definitionOf(
      JSON.stringify({
        document: { dsl: '1.0.3', namespace: 'test', name: 'identity', version: '1.0.0' },
        do: [{ w: { wait: 'PT0.1S' } }, { a: { set: { n: 4 } } }],
      }),
    );
    expect(await endOf(json)).toEqual({ output: { n: 4 } });
    expect(json.hash).toBe(yaml.hash);
  });
  test('keeps its integers, or is refused', proves('decided.large-integers'), async () => {
    const { output } = await everywhere(
      "do: [{a: {set: {big: 9007199254740992, sum: '${ 9007199254740991 + 1 }'}}}]",
    );
    expect(output).toEqual({ big: 9007199254740992, sum: 9007199254740992 });
    const { problems } = load(
      "document: {dsl: '1.0.3', namespace: t, name: t, version: '1.0.0'}\ndo: [{a: {set: {big: 9007199254740993}}}]",
      'f.yaml',
    );
    expect(problems).toHaveLength(1);
  });
});

describe('a duration', () => {
  test.each([
    ['PT1.5S', 1500],
    ['PT1M', 60_000],
    ['PT2H30M', 9_000_000],
    ['P1D', 86_400_000],
    ['P2W', 14 * 86_400_000],
    ['P1M', 30 * 86_400_000],
    ['P1Y', 365 * 86_400_000],
  ])('%s', proves('duration.iso'), async (duration, ms) => {
    expect((await everywhere(`do: [{w: {wait: ${duration}}}]`, { hours: true })).at).toBe(ms);
  });
  test('has parts', proves('duration.parts'), async () => {
    const text = 'do: [{w: {wait: {days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5}}}]';
    expect((await everywhere(text, { hours: true })).at).toBe(93_784_005);
  });
  test('is an expression', proves('duration.expression'), async () => {
    const text = `do: [{w: {wait: '\${ "PT\\(.n)S" }'}}]`;
    expect((await everywhere(text, { input: { n: 3 }, hours: true })).at).toBe(3000);
    const { error } = await everywhere(text, { input: { n: 'x' } });
    expect([kindOf(error), error?.instance]).toEqual(['expression', '/do/0/w']);
  });
});

describe('a schema', () => {
  test('stands in the document', proves('schema.inline'), async () => {
    const schema = '{type: object, required: [n], properties: {n: {type: integer, minimum: 2}}}';
    const text = `input: {schema: {document: ${schema}}}\ndo: [{a: {set: '\${ .n }'}}]`;
    expect((await everywhere(text, { input: { n: 2 } })).output).toBe(2);
    expect(kindOf((await everywhere(text, { input: { n: 1 } })).error)).toBe('validation');
    expect(kindOf((await everywhere(text, { input: {} })).error)).toBe('validation');
  });
  test.each(['json', 'json:2020-12'])(
    'says its format: %s',
    proves('schema.format'),
    async (format) => {
      const text = `input: {schema: {format: '${format}', document: {type: number}}}\ndo: [{a: {set: {n: '\${ . }'}}}]`;
      expect((await everywhere(text, { input: 2 })).output).toEqual({ n: 2 });
      expect(kindOf((await everywhere(text, { input: 'x' })).error)).toBe('validation');
    },
  );
  test(
    'is asked before input.from and after output.as',
    proves('decided.schema-order'),
    async () => {
      const text = `do:
  - a:
      input: {schema: {document: {required: [raw]}}, from: '{shaped: .raw}'}
      set: {out: '\${ .shaped }'}
      output: {as: '{final: .out}', schema: {document: {required: [final]}}}`;
      expect((await everywhere(text, { input: { raw: 1 } })).output).toEqual({ final: 1 });
      expect(kindOf((await everywhere(text, { input: { shaped: 1 } })).error)).toBe('validation');
    },
  );
});

describe('where the specification is silent', () => {
  test.each([
    'https://serverlessworkflow.io/spec/1.0.0/errors/communication',
    'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
    'https://open-workflow-specification.org/dsl/errors/types/communication',
  ])('%s is a communication error', proves('decided.error-homes'), async (type) => {
    const text = `do: [{t: {try: [{a: {call: f}}], catch: {errors: {with: {type: '${type}'}}, do: [{h: {set: {ok: true}}}]}}}]`;
    const functions = { f: () => failing(503) };
    expect((await everywhere(text, { functions })).output).toEqual({ ok: true });
  });
  test(
    'a skipped task goes where its then says, and exports nothing',
    proves('decided.skipped'),
    async () => {
      const text = `
output: {as: '{out: ., context: $context}'}
do:
  - a: {if: 'false', set: {x: 1}, export: {as: '{exported: true}'}, then: c}
  - b: {set: {b: true}}
  - c: {set: '\${ . + {c: true} }'}`;
      expect((await everywhere(text)).output).toEqual({ out: { c: true }, context: null });
    },
  );
  test(
    'the place of an error knows no turns and no attempts',
    proves('decided.pointers'),
    async () => {
      const text = `do:
  - loop:
      for: {in: '[1, 2]'}
      do:
        - t:
            try: [{f: {fork: {branches: [{b: {if: $item == 2, call: bad}}]}}}]
            catch: {errors: {with: {status: 418}}, retry: {limit: {attempt: {count: 1}}}}`;
      const { error } = await everywhere(text, { functions: { bad: () => failing(503) } });
      expect(error?.instance).toBe('/do/0/loop/do/0/t/try/0/f/fork/branches/0/b');
      const caught = `do: [{t: {try: [{a: {call: bad}}], catch: {do: [{again: {call: bad}}]}}}]`;
      const handled = await everywhere(caught, { functions: { bad: () => failing(503) } });
      expect(handled.error?.instance).toBe('/do/0/t/catch/do/0/again');
    },
  );
  test('no input is {}', proves('decided.no-input'), async () => {
    expect(await embeddedly("do: [{a: {set: {got: '${ . }'}}}]")).toEqual({ output: { got: {} } });
  });
  test('exit in a loop ends the turn', proves('decided.exit-in-for', 'then.exit'), async () => {
    const text = `do:
  - l:
      for: {in: '[1, 2, 3]'}
      do:
        - a: {set: '\${ . + [$item] }'}
        - b: {switch: [{odd: {when: $item % 2 == 1, then: exit}}]}
        - c: {set: '\${ . + ["even"] }'}`;
    expect((await everywhere(text, { input: [] })).output).toEqual([1, 2, 'even', 3]);
  });
});
