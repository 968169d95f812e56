/* Who begins to read at a mark counts takeovers like who has read everything (R20, R10). */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Mark } from '../../../src/wire/index.ts';
import { type Draft, end, MadeHistory, step } from './made-history.ts';

const WHOLE: Mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };

function marked(running: readonly number[], mark: Mark = WHOLE): Draft {
  return { run: '', strand: '', hop: 0, body: { kind: 'MARK', mark, running } };
}

/** What runs is listed, is carried with so many takeovers, is taken over; then comes a mark. */
function carried(place: 'at the list' | 'at the copy', takeovers: number): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  const { offset: tenure, nonce } = made.claim();
  const draft = step('r1', 1, { call: 'a' });
  const a = made.hop([start], draft);
  const list = made.hop([], marked([a]));
  const copy = made.hop([], {
    ...{ run: 'r1', strand: '', hop: 1, carries: a },
    body: { kind: 'CARRY', header: made.headerAt(a), body: draft.body, takeovers },
  });
  made.wait(2_000).claim();
  const offset = place === 'at the list' ? list : copy;
  made.hop(
    [],
    marked([a], { offset, tenure, nonce, n: offset - tenure - 1, computedAt: copy + 1 }),
  );
  made.serve('r1', 'a');
  made.hop([a], end('r1', 2, { heard: 'a' }));
  return made;
}

function said(made: MadeHistory): readonly string[] {
  return checkAll(made.history()).violations.map((one) => `${one.oracle}: ${one.said}`);
}

describe('R20 from a mark', () => {
  it('accepts a mark from which the MARK that lists what was carried is read', () => {
    expect(said(carried('at the list', 0))).toEqual([]);
  });

  it('rejects a mark above that', () => {
    expect(said(carried('at the copy', 0))).toEqual([
      expect.stringMatching(
        /^r20-takeovers: MARK at 6 .* begin to read at 4, who counts 0 takeovers of STEP at 2 .*, which had 1/,
      ),
    ]);
  });

  it('rejects a copy that says another number', () => {
    expect(said(carried('at the list', 3))).toEqual([
      expect.stringMatching(/who counts 4 takeovers of STEP at 2 .*, which had 1/),
    ]);
  });

  it('says nothing of a Log whose beginning is gone', () => {
    const history = carried('at the copy', 0).history();
    const logs = history.logs.map((log) => log.filter(({ offset }) => offset > 0));
    const about = checkAll({ ...history, logs }).violations.filter(
      ({ oracle }) => oracle === 'r20-takeovers',
    );
    expect(about).toEqual([]);
  });
});
