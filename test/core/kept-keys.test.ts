/*
 * Whose key a retry keeps (P3): that of the attempt which failed, once. What is asked for again because the workflow
 * comes there again is a new effect, though it asks for the same; under an old key a service would not do it.
 */
import { describe, expect, it } from 'vitest';
import { drive } from './drive.ts';

const busy = { error: { type: 'https://desk.example/busy', status: 503, title: 'Busy' } };

describe('the key of what a retry asks for', () => {
  it('is not that of the next turn of a loop by then', () => {
    const { calls } = drive(
      `
do:
  - rounds:
      try:
        - ask: {call: a, with: {x: 1}}
        - turn:
            switch:
              - more: {when: '($context.turns // 0) < 1', then: ask}
              - enough: {then: exit}
            export: {as: '{turns: (($context.turns // 0) + 1)}'}
      catch: {retry: {delay: PT1S}}
`,
      {},
      { a: (_activity, nth) => (nth === 1 ? busy : { result: 1 }) },
    );
    const [first, again, turn] = calls;
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    expect(again!.key).toBe(first!.key);
    expect(turn!.key).not.toBe(first!.key);
  });

  it('is not that of what an inner catch has dealt with', () => {
    const { calls } = drive(
      `
do:
  - outer:
      try:
        - inner:
            try: [{ask: {call: a, with: {x: 1}}}]
            catch: {do: [{note: {set: '\${ . }', export: {as: '{n: (($context.n // 0) + 1)}'}}}]}
        - fail:
            if: $context.n < 2
            raise: {error: {type: 'https://desk.example/odd', status: 500, title: Odd}}
      catch: {retry: {delay: PT1S}}
`,
      {},
      { a: () => busy },
    );
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(calls[1]!.key).not.toBe(calls[0]!.key);
  });
});
