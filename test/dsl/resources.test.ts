/* URIs of resources, functions in files, and the collecting of all that a workflow refers to. */
import { describe, expect, test } from 'vitest';
import { compilePlan, load, Pinning, type Problem } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { addressesOf, functionAddress, resolveUri } from '../../src/dsl/resources/uris.ts';
import { proves } from '../proofs/proves.ts';

const HEAD = "document: {dsl: '1.0.3', namespace: test, name: pins, version: '1.0.0'}\n";

function definitionOf(text: string) {
  const { definition, problems } = load(HEAD + text, 'flow.yaml');
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

/** Pins from a table of texts; what is not in it cannot be read. */
function pin(text: string, pages: Readonly<Record<string, string>>) {
  const pinning = new Pinning(definitionOf(text));
  const asked: string[] = [];
  for (let missing = pinning.missing; missing.length > 0; missing = pinning.missing) {
    for (const { uri } of missing) {
      asked.push(uri);
      const page = pages[uri];
      if (page === undefined) pinning.refuse(uri, 'it is not there');
      else pinning.give(uri, page, uri);
    }
  }
  return { asked, ...pinning.conclude() };
}

const shown = (problems: readonly Problem[]): string[] =>
  problems.map(({ file, line, pointer, message }) => `${file}:${line} ${pointer} ${message}`);

describe('names', () => {
  test.each([
    ['', 'schema.json', 'schema.json'],
    ['', './a/../b/./c.yaml', 'b/c.yaml'],
    ['', '../shared/x.json', '../shared/x.json'],
    ['functions/log.yaml', './log.js', 'functions/log.js'],
    ['functions/log.yaml', '../x.js', 'x.js'],
    ['../up/log.yaml', '../x.js', '../x.js'],
    ['functions/log.yaml', 'https://a/b', 'https://a/b'],
    ['https://a/b/c.yaml', '../d.js', 'https://a/d.js'],
    ['https://a/b/c.yaml', '/d.js', 'https://a/d.js'],
    [
      'catalog://default/functions/f/1/function.yaml',
      'x.js',
      'catalog://default/functions/f/1/x.js',
    ],
    ['', '/abs/x.json', '/abs/x.json'],
  ])('%s says %s, and means %s', (base, uri, meant) => {
    expect(resolveUri(base, uri)).toBe(meant);
  });

  const use = {
    catalogs: {
      c: { endpoint: 'https://a/catalog/' },
      here: { endpoint: { uri: './functions-of-ours' } },
    },
  };
  test.each([
    ['log:1.0.0@c', 'https://a/catalog/functions/log/1.0.0/function.yaml'],
    ['log:1.0.0@here', 'functions-of-ours/functions/log/1.0.0/function.yaml'],
    ['log:1.0.0@default', 'catalog://default/functions/log/1.0.0/function.yaml'],
    ['https://a/f@v1.0.0', 'https://a/f@v1.0.0'],
    ['file:///f.yaml', 'file:///f.yaml'],
    ['log', undefined],
    ['http', undefined],
    ['log:1.0.0', undefined],
  ])('call: %s', (call, uri) => {
    expect(functionAddress(call, use, 'https://elsewhere/x.yaml')?.uri).toBe(uri);
  });

  test('pages of repositories mean the raw files behind them', proves('catalog.trees'), () => {
    const path = 'functions/log/1.0.0/function.yaml';
    const raw = 'https://raw.githubusercontent.com/o/r';
    expect(addressesOf(`https://github.com/o/r/tree/main/${path}`)).toEqual([
      `${raw}/refs/heads/main/${path}`,
      `${raw}/main/${path}`,
    ]);
    expect(addressesOf(`https://github.com/o/r/blob/v2/${path}`)[1]).toBe(`${raw}/v2/${path}`);
    expect(addressesOf(`https://github.com/o/r/${path}`)).toEqual([`${raw}/HEAD/${path}`]);
    expect(addressesOf('https://github.com/o/r/checkMail@v1.0.0')).toEqual([
      `${raw}/v1.0.0/checkMail/function.yaml`,
    ]);
    expect(addressesOf(`https://gitlab.com/g/sub/p/-/tree/main/${path}`)).toEqual([
      `https://gitlab.com/g/sub/p/-/raw/main/${path}`,
    ]);
    expect(addressesOf(`https://git.example.com/g/p/-/blob/main/x.yaml`)).toEqual([
      'https://git.example.com/g/p/-/raw/main/x.yaml',
    ]);
    expect(addressesOf(`https://gitlab.com/g/p/${path}`)).toEqual([
      `https://gitlab.com/g/p/-/raw/HEAD/${path}`,
    ]);
    for (const other of [`https://a/${path}`, `${raw}/main/${path}`, 'file:///x/tree/main/y']) {
      expect(addressesOf(other)).toEqual([other]);
    }
  });
});

describe('collecting', () => {
  const pages = {
    'https://a/one.yaml': `do:
  - two: {call: 'https://a/two.yaml', with: {n: '\${ .n + 1 }'}}
  - three: {call: own, with: {n: '\${ .n * 10 }'}}
`,
    'https://a/two.yaml': `input: {schema: {resource: {endpoint: schemas/n.json}}}
set: {n: '\${ .n + 100 }'}
`,
    'https://a/schemas/n.json': '{"properties": {"n": {"type": "number"}}}',
  };
  const workflow = `use: {functions: {own: {set: {n: '\${ .n + 0.5 }'}}}}
do: [{a: {call: 'https://a/one.yaml', with: {n: 1}}}, {b: {call: 'https://a/two.yaml', with: {n: 2}}}]
`;
  test('follows functions to what they refer to, relative to themselves, each once', () => {
    const { asked, definition } = pin(workflow, pages);
    expect(asked).toEqual(Object.keys(pages));
    expect(definition?.resources).toEqual(pages);
    expect(definition?.hash).not.toBe(definitionOf(workflow).hash);
    const { plan, problems } = compilePlan(definition!, compileSchema);
    expect(problems).toEqual([]);
    expect([...plan!.byPointer.keys()]).toEqual([
      '/do/0/a',
      '/do/0/a/call/0/function',
      '/do/0/a/call/0/function/do/0/two',
      '/do/0/a/call/0/function/do/0/two/call/0/function',
      '/do/0/a/call/0/function/do/1/three',
      '/do/0/a/call/0/function/do/1/three/call/0/own',
      '/do/1/b',
      '/do/1/b/call/0/function',
    ]);
  });
  test('what has its resources already needs no more', () => {
    const { definition } = pin(workflow, pages);
    const again = new Pinning(definition!);
    expect(again.missing).toEqual([]);
    expect(again.conclude().definition).toBe(definition);
  });
  test('what cannot be had is said wherever it is asked for, in the file that asks', () => {
    const { definition, problems } = pin(workflow, {
      'https://a/one.yaml': pages['https://a/one.yaml'],
    });
    expect(definition).toBeUndefined();
    expect(shown(problems)).toEqual([
      'flow.yaml:3 /do/1/b/call https://a/two.yaml cannot be read: it is not there',
      'https://a/one.yaml:2 /do/0/two/call https://a/two.yaml cannot be read: it is not there',
    ]);
  });
  test.each([
    ['no task', 'hello: 1', /this task does not say what it does/],
    ['YAML that is none', 'do: [', /https:\/\/a\/f\.yaml:1/],
    ['a name that is nowhere', 'raise: {error: nobody}', /use\.errors has no "nobody"/],
    ['a then that leads nowhere', 'do: [{a: {set: {x: 1}, then: b}}]', /there is no task "b"/],
    ['what does not run yet', 'run: {container: {image: x}}', /run: container is valid, but/],
  ])('a function file with %s is refused with its place', (_name, text, said) => {
    const { problems } = pin("do: [{a: {call: 'https://a/f.yaml'}}]", { 'https://a/f.yaml': text });
    expect(problems).toHaveLength(1);
    expect(problems[0]!.file).toBe('https://a/f.yaml');
    expect(shown(problems)[0]).toMatch(said);
  });
  test('functions that refer to each other end', () => {
    const { problems } = pin("do: [{a: {call: 'https://a/x.yaml'}}]", {
      'https://a/x.yaml': 'call: https://a/y.yaml',
      'https://a/y.yaml': 'call: https://a/x.yaml',
    });
    expect(problems).toEqual([]);
    const { definition } = pin("do: [{a: {call: 'https://a/x.yaml'}}]", {
      'https://a/x.yaml': 'call: https://a/y.yaml',
      'https://a/y.yaml': 'call: https://a/x.yaml',
    });
    const compiled = compilePlan(definition!, compileSchema);
    expect(compiled.problems[0]?.message).toMatch(/calls itself/);
  });
  test('and functions that lead to ever more functions are stopped', () => {
    const pinning = new Pinning(definitionOf("do: [{a: {call: 'https://a/0'}}]"));
    let turns = 0;
    for (let [next] = pinning.missing; next !== undefined; [next] = pinning.missing) {
      pinning.give(next.uri, `call: https://a/${++turns}`, next.uri);
    }
    expect(turns).toBeLessThan(1_000);
    expect(pinning.conclude().problems[0]?.message).toMatch(/more than 200 resources/);
  });
  test('an expression of a function is reported in its file', () => {
    const { definition } = pin("do: [{a: {call: 'https://a/f.yaml'}}]", {
      'https://a/f.yaml': '# a comment\nset:\n  x: ${ $nobody }\n',
    });
    expect(shown(compilePlan(definition!, compileSchema).problems)).toMatchObject([
      expect.stringMatching(/^https:\/\/a\/f\.yaml:3 \/set\/x .*nobody/),
    ]);
  });
  test('an address that depends on data is refused', () => {
    const definition = definitionOf(
      "do: [{a: {input: {schema: {resource: {endpoint: '${ .where }'}}}, set: {x: 1}}}]",
    );
    expect(shown(compilePlan(definition, compileSchema).problems)).toMatchObject([
      expect.stringMatching(/decided while the workflow runs/),
    ]);
  });
});
