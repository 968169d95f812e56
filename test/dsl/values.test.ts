/*
 * Durations, expressions, suggestions and JSON syntax: the small rules behind the big ones.
 */
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { DurationError, durationMs, parseDuration } from '../../src/dsl/duration.ts';
import { embeddedExpression, expressionOf, interpolated } from '../../src/dsl/expression.ts';
import { nearest } from '../../src/dsl/problem.ts';
import { jsonSyntaxFault } from '../../src/dsl/json-syntax.ts';

describe('durations', () => {
  test.each([
    ['PT30S', 30_000],
    ['PT0.5S', 500],
    ['PT1H30M', 5_400_000],
    ['P1D', 86_400_000],
    ['P1DT1S', 86_401_000],
    ['P2W', 14 * 86_400_000],
    ['P1.5D', 129_600_000],
    ['PT0S', 0],
    ['PT0.0001S', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ms, approximate: false });
  });

  test('a year is 365 days, a month 30, and both are marked', () => {
    expect(parseDuration('P1Y')).toEqual({ ms: 365 * 86_400_000, approximate: true });
    expect(parseDuration('P2M')).toEqual({ ms: 60 * 86_400_000, approximate: true });
    expect(parseDuration('PT2M')).toEqual({ ms: 120_000, approximate: false });
  });

  test('an object adds up its parts', () => {
    expect(durationMs({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 })).toBe(
      93_784_005,
    );
  });

  test.each([
    '',
    'P',
    'PT',
    'P1',
    '1H',
    'PT1',
    'PT-1S',
    'P1S',
    'PT1D',
    'pt1s',
    '5 minutes',
    `P${'9'.repeat(30)}Y`,
  ])('%j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(DurationError);
  });

  test.each([{}, { seconds: -1 }, { seconds: '1' }, { weeks: 1 }, [], null, 3])(
    '%j is refused',
    (value) => {
      expect(() => parseDuration(value as never)).toThrow(DurationError);
    },
  );

  test('texts made of whole parts add up', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(23), fc.nat(59), fc.nat(59), (d, h, m, s) => {
        expect(durationMs(`P${d}DT${h}H${m}M${s}S`)).toBe(
          durationMs({ days: d, hours: h, minutes: m, seconds: s }),
        );
      }),
    );
  });
});

describe('expressions', () => {
  test.each<[value: string, free: string | undefined, field: string]>([
    ['${ .a }', '.a', '.a'],
    ['  ${.a}\n', '.a', '.a'],
    ['.a', undefined, '.a'],
    ['text', undefined, 'text'],
    ['Hello ${ .a }', undefined, 'Hello ${ .a }'],
    ['${ .a } and ${ .b }', undefined, '${ .a } and ${ .b }'],
    ['${ { a: { b: .c } } }', '{ a: { b: .c } }', '{ a: { b: .c } }'],
    ['${ "}" }', '"}"', '"}"'],
    [
      '${ "a \\(.b | {c: "}"} | .c) \\" }" }',
      '"a \\(.b | {c: "}"} | .c) \\" }"',
      '"a \\(.b | {c: "}"} | .c) \\" }"',
    ],
    ['${ .a # }\n }', '.a # }', '.a # }'],
    ['${ .a', undefined, '${ .a'],
    ['${ { }', '{', '{'],
    ['$ { .a }', undefined, '$ { .a }'],
    ['${}', '', ''],
  ])('%j', (value, free, field) => {
    expect(expressionOf(value, 'free')).toBe(free);
    expect(expressionOf(value, 'expression')).toBe(field);
  });

  test('text around an expression is noticed and rewritten', () => {
    expect(embeddedExpression('Hello ${ .x }')).toBe(true);
    expect(embeddedExpression('${ .x }')).toBe(false);
    expect(interpolated('${ .a } "and"\n${ {b: 1} | .b }')).toBe(
      '${ "\\(.a) \\"and\\"\\n\\({b: 1} | .b)" }',
    );
  });
});

describe('suggestions', () => {
  test.each([
    ['endpont', 'endpoint'],
    ['namepsace', 'namespace'],
    ['Retry', 'retry'],
    ['cal', 'call'],
    ['xyz', undefined],
    ['a', undefined],
  ])('%s -> %s', (word, meant) => {
    expect(nearest(word, ['endpoint', 'namespace', 'retry', 'call', 'catch', 'with'])).toBe(meant);
  });
});

describe('JSON syntax', () => {
  test('agrees with JSON.parse', () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"\\u00e9"',
      '1',
      '-0.5e3',
      'true',
      'null',
      ' ',
      '\n',
      '01',
      '"',
      "'",
      'x',
      '\t',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(jsonSyntaxFault(text) === undefined).toBe(valid);
      }),
      { numRuns: 5_000 },
    );
  });

  test('takes every JSON text', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, indent) => {
        expect(jsonSyntaxFault(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });
});
