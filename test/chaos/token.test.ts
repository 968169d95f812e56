import { expect, test } from 'vitest';
import { type FaultPlan } from '../../src/chaos/plan.ts';
import { decodeToken, encodeToken, TokenError } from '../../src/chaos/token.ts';

const plan: FaultPlan = {
  version: 1,
  seed: 7,
  runners: 2,
  partitions: 2,
  instances: [{ id: 0, at: 10, draw: 3 }],
  faults: [
    {
      id: 0,
      at: { point: 'append', nth: 2, kind: 'STEP' },
      does: { kind: 'crash', when: 'after', down: 100 },
    },
  ],
};
const token = { scenario: 'merchant-onboarding', hash: 'ab12', plan };

test('a token comes back as it went in', () => {
  expect(decodeToken(encodeToken(token))).toEqual(token);
  const inline = { ...token, inline: 'name: x\n' };
  expect(decodeToken(` ${encodeToken(inline)}\n`)).toEqual(inline);
});

test('a bad token says what is wrong with it', () => {
  const good = encodeToken(token);
  for (const [bad, said] of [
    ['', /not a replay token/],
    ['hello', /not a replay token/],
    ['wb9.abc', /begin with wb1\., not wb9\./],
    [good.slice(0, -9), /cut short or damaged/],
    [`${good}!`, /characters that no token has/],
    [`wb1.${'A'.repeat(40)}`, /damaged/],
    [encodeToken({ ...token, plan: { ...plan, version: 2 as 1 } }), /version 2/],
    [encodeToken({ ...token, plan: { ...plan, runners: 0 } }), /no runners/],
    [encodeToken({ ...token, plan: { ...plan, faults: [{}] as never } }), /damaged/],
    [encodeToken({ ...token, plan: undefined as never }), /its plan is missing/],
  ] as const) {
    expect(() => decodeToken(bad), bad).toThrow(TokenError);
    expect(() => decodeToken(bad), bad).toThrow(said);
  }
});
