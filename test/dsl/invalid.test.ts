/*
 * Every invalid document gets exactly one problem: the right one, at the right place.
 */
import { describe, expect, test } from 'vitest';
import { load } from '../../src/dsl/load.ts';
import { INVALID_CASES } from './invalid-cases.ts';

describe('invalid documents', () => {
  test.each(INVALID_CASES)('$name', ({ code, pointer, text, says, file }) => {
    const mark = text.indexOf('▼');
    const before = text.slice(0, mark);
    const { problems, definition } = load(text.replace('▼', ''), file ?? 'a.yaml');
    expect(problems.map((each) => [each.code, each.pointer, each.message])).toHaveLength(1);
    const [problem] = problems;
    expect(definition).toBeUndefined();
    expect({
      code: problem!.code,
      pointer: problem!.pointer,
      line: problem!.line,
      column: problem!.column,
    }).toEqual({
      code,
      pointer,
      line: before.split('\n').length,
      column: mark - before.lastIndexOf('\n'),
    });
    expect(problem!.expected).not.toBe('');
    if (says !== undefined) expect(`${problem!.message} | ${problem!.hint ?? ''}`).toContain(says);
  });

  test('there are enough of them, and their names differ', () => {
    expect(INVALID_CASES.length).toBeGreaterThanOrEqual(70);
    expect(new Set(INVALID_CASES.map(({ name }) => name)).size).toBe(INVALID_CASES.length);
  });
});
