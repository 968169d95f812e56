/* R20 and metadata.limit: what has waited for its place must be listed before it begins. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Scenario } from '../../../src/chaos/scenario/format.ts';
import type { WorkflowDocument } from '../../../src/dsl/document.ts';
import { end, MadeHistory, park, resume, step } from './made-history.ts';

function scenarioOf(limit: object): Scenario {
  const head = { dsl: '1.0.3', namespace: 'test', name: 'made', version: '1.0.0' };
  const document = {
    document: head,
    do: [{ a: { call: 'a', metadata: limit } }],
  } as unknown as WorkflowDocument;
  return {
    document,
    workflows: [],
    services: new Map(),
    invariants: [],
    outcomes: [],
  } as Partial<Scenario> as Scenario;
}

const LIMITED = scenarioOf({ limit: { max: 1 } });

/** A MARK, so many ms after the STEP, lists it or not; the call comes `after` that. */
function waited(listed: boolean, after: number, scenario = LIMITED): readonly string[] {
  const made = new MadeHistory();
  const start = made.start('r1');
  const { offset, nonce } = made.claim();
  const open = made.hop([start], step('r1', 1, { call: 'a', pointer: '/do/0/a' }));
  made.wait(500);
  const mark = { offset: 0, tenure: offset, nonce, n: 0, computedAt: 0 };
  const running = listed ? [open] : [];
  made.hop([], { run: '', strand: '', hop: 0, body: { kind: 'MARK', mark, running } });
  made.wait(after).serve('r1', 'a');
  made.hop([open], end('r1', 2, { heard: 'a' }));
  return checkAll(made.history(), scenario)
    .violations.filter(({ oracle }) => oracle === 'r20-takeovers')
    .map(({ said }) => said);
}

describe('R20 waited', () => {
  it('rejects a call that no MARK has listed since it began to wait', () => {
    expect(waited(false, 5_000)).toEqual([
      expect.stringMatching(
        /^a of run r1 was called at .* STEP at 2 .* before MARK at 3 .* no MARK/,
      ),
    ]);
  });
  it('accepts one that was listed, that was on its way, and where nobody waits', () => {
    expect(waited(true, 5_000)).toEqual([]);
    expect(waited(false, 500)).toEqual([]);
    expect(waited(false, 5_000, scenarioOf({}))).toEqual([]);
  });
  it('accepts one that was put aside, and is asked for by the record with which it went on', () => {
    const made = new MadeHistory();
    const start = made.start('r1');
    const { offset, nonce } = made.claim();
    const asks = step('r1', 1, { call: 'a', pointer: '/do/0/a' });
    const open = made.hop([start], asks);
    const mark = { offset: 0, tenure: offset, nonce, n: 0, computedAt: 0 };
    made.hop([], { run: '', strand: '', hop: 0, body: { kind: 'MARK', mark, running: [] } });
    const parked = park('r1', 2, undefined, { call: 'a', pointer: '/do/0/a' });
    const aside = made.hop([open], parked);
    made.wait(5_000);
    const again = made.hop([], resume('r1', [aside]), { ...asks, hop: 3 });
    made.serve('r1', 'a');
    made.hop([again + 1], end('r1', 4, { heard: 'a' }));
    expect(
      checkAll(made.history(), LIMITED).violations.filter(({ promise }) => promise === 'R20'),
    ).toEqual([]);
  });
});
