import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCancelling, StepSkim } from '../../../src/chaos/oracles/step-skim.ts';
import { encodeRecord } from '../../../src/wire/index.ts';
import { record } from '../../wire/records.ts';

test('a STEP that was skimmed says what it says decoded', () => {
  let cancelling = 0;
  fc.assert(
    fc.property(record, ({ body, header }) => {
      if (body.kind !== 'STEP') return;
      const skim = new StepSkim(encodeRecord({ header, body }));
      expect(isCancelling(skim)).toBe(body.state.cancelling !== undefined);
      if (isCancelling(skim)) cancelling += 1;
      const { activity, cause, emitted, notBefore, state } = skim;
      deepStrictEqual(state, body.state);
      deepStrictEqual(cause, body.cause);
      expect(notBefore).toBe(body.notBefore);
      deepStrictEqual(emitted, body.emitted);
      expect(activity?.key).toBe(body.activity?.key);
      expect(isCancelling(skim)).toBe(isCancelling(body));
    }),
    { numRuns: 1_000 },
  );
  expect(cancelling).toBeGreaterThan(10);
});
