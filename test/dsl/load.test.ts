/*
 * Loading: what is accepted, the identity of a Definition, positions, limits, and hostile texts.
 */
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { externalResources } from '../../src/dsl/resources/references.ts';
import { defineDocument, load, type LoadResult } from '../../src/dsl/load.ts';
import { unsupported } from '../../src/dsl/unsupported.ts';
import { canonicalJson } from '../../src/wire/canonical-json.ts';
import { sha256Hex } from '../../src/wire/hash.ts';
import type { Json } from '../../src/wire/json.ts';

const HEAD = 'document: { dsl: 1.0.3, namespace: test, name: sample, version: 1.0.0 }\n';
const SMALL = `${HEAD}do:\n  - first: { set: { a: 1 } }\n`;

function accepted(text: string, file = 'a.yaml'): NonNullable<LoadResult['definition']> {
  const result = load(text, file);
  expect(result.problems).toEqual([]);
  return result.definition!;
}

describe('a definition', () => {
  test('carries its identity', () => {
    const definition = accepted(SMALL);
    expect(definition).toMatchObject({ namespace: 'test', name: 'sample', version: '1.0.0' });
    expect(definition.hash).toBe(sha256Hex(definition.canonical));
  });

  test('has a hash that never changes for the same content', () => {
    // Golden: definitions are found by this value for ever (PROTOCOL R21).
    expect(accepted(SMALL).canonical).toBe(
      '{"document":{"do":[{"first":{"set":{"a":1}}}],"document":{"dsl":"1.0.3","name":"sample","namespace":"test","version":"1.0.0"}},"resources":{}}',
    );
    expect(accepted(SMALL).hash).toBe(
      '131b4cd021dbad2c1f1b7edcbe8da985da2539d51eca97ab32e1ed7482b80065',
    );
  });

  test('has one hash for YAML, JSON, comments, key order, a BOM and CRLF', () => {
    const { document, hash } = accepted(SMALL);
    const json = JSON.stringify({ do: document.do, document: document.document });
    expect(accepted(json, 'a.json').hash).toBe(hash);
    expect(accepted(json, 'a.yaml').hash).toBe(hash);
    expect(accepted(`# hello\n${SMALL}`).hash).toBe(hash);
    expect(accepted(`\uFEFF${SMALL.replaceAll('\n', '\r\n')}`).hash).toBe(hash);
    expect(accepted(`---\n${SMALL}...\n`).hash).toBe(hash);
  });

  test('has another hash with resources, and comes back from storage', () => {
    const { canonical, document } = accepted(SMALL);
    const pinned = defineDocument(document as unknown as Json, { 'http://a/s.json': '{}' });
    expect(pinned.definition!.canonical).not.toBe(canonical);
    const stored = JSON.parse(pinned.definition!.canonical) as {
      document: Json;
      resources: Record<string, string>;
    };
    const again = defineDocument(stored.document, stored.resources);
    expect(again.definition!.hash).toBe(pinned.definition!.hash);
  });

  test('is checked again when it comes from storage', () => {
    const { problems } = defineDocument({ document: {}, do: [] });
    expect(problems.map(({ code }) => code)).toEqual(['missing-property']);
  });

  test('is immutable', () => {
    const { document } = accepted(SMALL);
    expect(() => {
      (document.do as unknown[]).push({});
    }).toThrow(TypeError);
  });

  test('finds its parts in the text', () => {
    const { locate } = accepted(
      `${HEAD}do:\n  - first:\n      set:\n        a: &x { b: 1 }\n        c: *x\n`,
    );
    expect(locate('/do/0/first')).toEqual({ file: 'a.yaml', line: 4, column: 7 });
    expect(locate('/do/0/first', 'key')).toEqual({ file: 'a.yaml', line: 3, column: 5 });
    expect(locate('/do/0/first/set/c')).toEqual({ file: 'a.yaml', line: 6, column: 12 });
    expect(locate('/do/0/first/set/c/b')).toEqual({ file: 'a.yaml', line: 5, column: 20 });
    expect(locate('/do/7')).toBeUndefined();
  });
});

describe('YAML', () => {
  test('anchors, aliases and merge keys', () => {
    const { document } = accepted(
      `${HEAD}x-defaults: &d { delay: PT1S, limit: { attempt: { count: 3 } } }\n` +
        'do:\n  - a:\n      try: []\n      catch: { retry: { <<: *d, delay: PT2S } }\n' +
        '  - b:\n      try: []\n      catch: { retry: *d }\n',
    );
    expect(document.do[0]).toMatchObject({
      a: { catch: { retry: { delay: 'PT2S', limit: { attempt: { count: 3 } } } } },
    });
  });

  test('an error in a merged value is reported where it stands', () => {
    const { problems } = load(
      `${HEAD}x-d: &d\n  delai: PT1S\ndo:\n  - a:\n      try: []\n      catch: { retry: { <<: *d } }\n`,
      'a.yaml',
    );
    expect(problems).toMatchObject([{ code: 'unknown-property', line: 3, column: 3 }]);
  });

  test('keys are texts as written, texts that look like words stay texts', () => {
    const { document } = accepted(
      `${HEAD}do:\n  - a: { set: { 200: ok, yes: no, 1.0: x, on: off } }\n`,
    );
    expect(document.do[0]).toEqual({
      a: { set: { '200': 'ok', yes: 'no', '1.0': 'x', on: 'off' } },
    });
  });

  test('large integers that a double holds are taken', () => {
    const { document } = accepted(
      `${HEAD}do:\n  - a: { set: { x: 9007199254740992, y: -1, z: 0x10 } }\n`,
    );
    expect(document.do[0]).toEqual({ a: { set: { x: 2 ** 53, y: -1, z: 16 } } });
  });
});

describe('notes', () => {
  const codes = (text: string): string[] => load(text, 'a.yaml').notes.map(({ code }) => code);

  test('text around an expression stays text, with the remedy', () => {
    const { notes } = load(
      `${HEAD}do:\n  - a: { set: { x: 'Hello \${ .x }, "you"' } }\n`,
      'a.yaml',
    );
    expect(notes).toMatchObject([
      { code: 'text-around-expression', hint: 'write ${ "Hello \\(.x), \\"you\\"" }' },
    ]);
  });

  test('texts that look like expressions', () => {
    expect(codes(`${HEAD}do:\n  - a: { set: { x: $error, y: .a.b, z: v1.2, d: '$5' } }\n`)).toEqual(
      ['looks-like-expression', 'looks-like-expression'],
    );
  });

  test('shell and script code are left alone', () => {
    expect(codes(`${HEAD}do:\n  - a: { run: { shell: { command: 'echo \${HOME}' } } }\n`)).toEqual(
      [],
    );
  });

  test('months and years are counted in days', () => {
    expect(codes(`${HEAD}do:\n  - a: { wait: P1M }\n  - b: { wait: P1W }\n`)).toEqual([
      'approximate-duration',
    ]);
  });

  test('a host function whose name is nearly that of a function', () => {
    const text = `${HEAD}use: { functions: { charge: { set: { a: 1 } } } }\ndo:\n  - a: { call: chrage }\n  - b: { call: refund }\n`;
    expect(load(text, 'a.yaml').notes).toMatchObject([
      { code: 'host-function', hint: 'did you mean "charge"?' },
    ]);
  });
});

describe('what cannot run yet', () => {
  const features: readonly (readonly [feature: string, text: string, pointer: string])[] = [
    [
      'call: mcp',
      'do: [ { a: { call: mcp, with: { method: tools/list, transport: { http: { endpoint: http://a } } } } } ]',
      '/do/0/a/call',
    ],
    [
      '`until` in a schedule by events',
      'schedule: { on: { any: [ { with: { type: t } } ], until: ". != null" } }\ndo: []',
      '/schedule/on/until',
    ],
    [
      'the grant authorization_code',
      'use: { authentications: { a: { oauth2: { authority: http://a, grant: authorization_code } } } }\ndo: []',
      '/use/authentications/a/oauth2/grant',
    ],
    [
      'an expression language other than jq',
      'evaluate: { language: js }\ndo: []',
      '/evaluate/language',
    ],
    [
      'a schema format other than json',
      'input: { schema: { format: avro, document: {} } }\ndo: []',
      '/input/schema/format',
    ],
  ];

  test('`until` in a schedule says why, and what to do', () => {
    const { notes } = load(`${HEAD}${features[1]![1]}\n`, 'a.yaml');
    expect(notes[0]!.hint).toMatch(/does not say .* listen for the others$/);
  });

  test.each(features)('%s', (feature, text, pointer) => {
    const { definition, problems, notes } = load(`${HEAD}${text}\n`, 'a.yaml');
    expect(problems).toEqual([]);
    const [note, ...others] = notes;
    expect(others).toEqual([]);
    expect(note).toMatchObject({ code: 'not-supported-yet', pointer });
    expect(note!.message).toContain(feature);
    expect(unsupported(definition!.document)).toMatchObject([
      { code: 'not-supported-yet', pointer },
    ]);
  });

  test('what runs in this release is not refused', () => {
    const { notes, problems } = load(
      `${HEAD}timeout: { after: PT1H }
input: { schema: { document: { type: object } }, from: .x }
use:
  functions: { f: { do: [ { x: { set: { a: 1 } } } ] } }
  retries: { r: { delay: PT1S } }
do:
  - a: { set: { x: 1 }, if: .b, export: { as: . }, then: c }
  - b: { switch: [ { x: { when: .y, then: end } } ] }
  - c: { for: { in: .items }, do: [] }
  - d: { try: [], catch: { retry: r, do: [] } }
  - e: { wait: PT1S, timeout: { after: PT2S } }
  - f: { fork: { branches: [ { x: { call: f } } ], compete: true } }
  - g: { call: hostFunction, with: { a: '\${ .x }' } }
  - i: { for: { in: .items }, do: [], metadata: { parallel: { max: 2 } } }
  - j: { run: { workflow: { namespace: n, name: w, version: latest }, await: false } }
  - h: { raise: { error: { type: 'http://a/b', status: 500 } } }
  - k: { listen: { to: { any: [] } } }
`,
      'a.yaml',
    );
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
  });
});

test('external resources are listed, what is decided at run time is not', () => {
  const { document } = accepted(`${HEAD}
input: { schema: { resource: { endpoint: { uri: http://a/schema.json } } } }
use: { catalogs: { c: { endpoint: http://a/catalog } } }
do:
  - a: { call: openapi, with: { document: { endpoint: http://a/api.json }, operationId: x } }
  - b: { call: openapi, with: { document: { endpoint: '\${ .x }' }, operationId: x } }
  - c: { call: https://a/function.yaml }
  - d: { run: { script: { language: js, source: { endpoint: file://a.js } } } }
  - e: { call: f:1.0.0@c }
`);
  const other = 'other' as const;
  expect(externalResources(document)).toEqual([
    { pointer: '/input/schema/resource/endpoint/uri', uri: 'http://a/schema.json', kind: other },
    {
      pointer: '/do/0/a/with/document/endpoint',
      uri: 'http://a/api.json',
      kind: other,
      operation: 'x',
    },
    { pointer: '/do/3/d/run/script/source/endpoint', uri: 'file://a.js', kind: other },
    { pointer: '/do/2/c/call', uri: 'https://a/function.yaml', kind: 'function' },
    {
      pointer: '/do/4/e/call',
      uri: 'http://a/catalog/functions/f/1.0.0/function.yaml',
      kind: 'function',
    },
  ]);
});

describe('hostile texts', () => {
  const M = 10 * 1024 * 1024;
  const garbage: readonly (readonly [name: string, text: string, code: string])[] = [
    ['10 MB of brackets', '['.repeat(M), 'too-large'],
    ['10 MB of noise', 'k: }{,:\t"\n'.repeat(M / 10), 'too-large'],
    ['half a megabyte of brackets', '['.repeat(M / 20), 'too-deep'],
    ['half a megabyte of closing braces', '}'.repeat(M / 20), 'yaml-syntax'],
    ['half a megabyte of quotes', '"'.repeat(M / 20), 'yaml-syntax'],
    ['half a megabyte of anchors', '&a '.repeat(M / 60), 'yaml-syntax'],
    ['half a megabyte of JSON brackets', '['.repeat(M / 20), 'too-deep'],
    [
      'a bomb of aliases',
      `x-a: &a0 [1,1,1,1,1,1,1,1,1,1]\n${Array.from({ length: 12 }, (_, i) => `x-${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(',')}]\n`).join('')}`,
      'too-many-aliases',
    ],
    [
      'nesting beyond the limit',
      `${HEAD}do:\n  - a: { set: { x: ${'['.repeat(300)}${']'.repeat(300)} } }\n`,
      'too-deep',
    ],
  ];

  test.each(garbage)('%s is one error in less than two seconds', (_name, text, code) => {
    const start = performance.now();
    const { problems } = load(text, 'a.yaml');
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(problems.map((each) => each.code)).toEqual([code]);
  });

  test('many mistakes are cut', () => {
    const { problems } = load(`${HEAD}do:\n${'  - a: { nothing: 1 }\n'.repeat(5_000)}`, 'a.yaml');
    expect(problems).toHaveLength(100);
  });
});

describe('mutations of valid documents', () => {
  const valid = [
    SMALL,
    `${HEAD}use:
  retries: { r: &r { delay: { seconds: 3 }, backoff: { exponential: {} } } }
do:
  - one:
      try: [ { a: { call: charge, with: { amount: "\${ .a }" } } } ]
      catch: { errors: { with: { status: 503 } }, retry: { <<: *r } }
  - two: { switch: [ { x: { when: .a == "b", then: one } }, { y: { then: end } } ] }
  - three: { wait: PT30S, then: continue } # done
`,
    JSON.stringify({
      document: { dsl: '1.0.3', namespace: 'a', name: 'b', version: '1.0.0' },
      do: [],
    }),
  ];
  const characters = ' \n\t\r\0:-{}[]"\'#&*!|>%@`,\\$~a1é\uD83D\uFEFF'.split('');

  test.each(['a.yaml', 'a.json'])('never throw, and stay inside the text (%s)', (file) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.array(
          fc.record({
            at: fc.nat({ max: 400 }),
            drop: fc.nat({ max: 3 }),
            put: fc.oneof(fc.constantFrom(...characters), fc.string({ maxLength: 3 })),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        (text, mutations) => {
          let mutated = text;
          for (const { at, drop, put } of mutations) {
            const where = at % (mutated.length + 1);
            mutated = mutated.slice(0, where) + put + mutated.slice(where + drop);
          }
          const { problems, notes, definition } = load(mutated, file);
          expect(definition === undefined).toBe(problems.length > 0);
          const lines = mutated.split('\n');
          for (const problem of [...problems, ...notes]) {
            expect(problem.line).toBeGreaterThanOrEqual(1);
            expect(problem.line).toBeLessThanOrEqual(lines.length);
            expect(problem.column).toBeGreaterThanOrEqual(1);
            expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
            expect(problem.message).not.toBe('');
          }
          if (definition !== undefined) {
            expect(canonicalJson(JSON.parse(definition.canonical) as Json)).toBe(
              definition.canonical,
            );
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
