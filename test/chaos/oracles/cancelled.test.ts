/*
 * What oracles say of runs that are cancelled: that nobody gives up what may still be under way (R18), and that what
 * a part of a workflow did stands once that part is over, and is undone while it is not (P7).
 */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Scenario } from '../../../src/chaos/scenario/format.ts';
import { loadScenario } from '../../../src/chaos/scenario/index.ts';
import type { Cause } from '../../../src/wire/index.ts';
import { type Draft, end, MadeHistory, step, type StepOptions, TIMER } from './made-history.ts';

const CONTROL: Cause = { kind: 'control', verb: 'cancel' };
/** How long an activity of a made history may take, ms. */
const TIMEOUT_MS = 300_000;
const A = '/do/0/part/do/0/a';
const B = '/do/0/part/do/1/b';
const C = '/do/1/c';
const UNDO = '/metadata/compensate';

const undoable = (name: string): object => ({
  [name]: { call: name, metadata: { compensate: { call: `undo-${name}` } } },
});
const scenario: Scenario = loadScenario(
  JSON.stringify({
    name: 'made',
    summary: 'A part that is a saga, and what comes after.',
    workflow: {
      document: { dsl: '1.0.3', namespace: 'test', name: 'made', version: '1.0.0' },
      do: [
        { part: { do: [undoable('a'), undoable('b')], metadata: { saga: true } } },
        { c: { call: 'c' } },
      ],
    },
    inputs: { cases: [{ name: 'any', generate: {} }] },
    services: { a: {}, b: {}, c: {}, 'undo-a': {}, 'undo-b': {} },
  }),
  'made.yaml',
).scenario!;

function said(made: MadeHistory, oracle: string): string {
  const { violations } = checkAll(made.history(), scenario);
  return violations
    .filter((one) => one.oracle === oracle)
    .map((one) => one.said)
    .join('\n');
}

const at = (position: string, { body, ...draft }: Draft): Draft => {
  if (!('state' in body)) throw new TypeError('only what has a State stands somewhere');
  return { ...draft, body: { ...body, state: { ...body.state, position } } };
};
const call = (hop: number, pointer: string, options: StepOptions = {}): Draft =>
  at(pointer, step('r1', hop, { call: pointer.split('/').at(-1)!, pointer, ...options }));

function begun(): { made: MadeHistory; a: number } {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  return { made, a: made.hop([start], call(1, A)) };
}

function asked(made: MadeHistory): number {
  const header = { ...made.headerAt(0), kind: 'CONTROL', time: made.now } as const;
  return made.land({ header, body: { kind: 'CONTROL', id: 'c1', verb: 'cancel' } });
}

function cancelled(hop: number, options: Parameters<typeof end>[2] = {}): Draft {
  const { body, ...draft } = end('r1', hop, { cause: CONTROL, ...options });
  if (body.kind !== 'END') throw new TypeError('an END is an END');
  const { output: _, ...how } = body.end;
  return { ...draft, body: { ...body, end: { ...how, cancelled: true } } };
}

describe('R18: what may be under way', () => {
  const waits = (ms: number): MadeHistory => {
    const { made, a } = begun();
    made.serve('r1', 'a', { heard: 'nothing', at: made.now - 5 });
    const { body, ...draft } = call(2, A);
    if (body.kind !== 'STEP') throw new TypeError('a STEP is a STEP');
    const { state } = body;
    const until = made.now + ms;
    const cancelling = made.hop([a, asked(made)], {
      ...draft,
      body: { kind: 'CANCELLING', state, cause: CONTROL, key: 'r1/a', until },
    });
    made.wait(ms).hop([cancelling], cancelled(3, { cause: TIMER }));
    return made;
  };

  it('rejects a cancel that takes it for not begun', () => {
    const { made, a } = begun();
    made.serve('r1', 'a');
    made.hop([a, asked(made)], cancelled(2));
    expect(said(made, 'r18-cancels')).toMatch(/as if a had not been asked for/);
  });

  it('accepts one of what nobody has asked for', () => {
    const { made, a } = begun();
    made.hop([a, asked(made)], cancelled(2));
    expect(said(made, 'r18-cancels')).toBe('');
  });

  it('rejects who waits no longer than he has said himself, and not long enough', () => {
    expect(said(waits(5_000), 'r18-cancels')).toMatch(/gives up waiting for a of run r1/);
  });

  it('accepts who waits until no answer can come', () => {
    expect(said(waits(TIMEOUT_MS), 'r18-cancels')).toBe('');
  });
});

describe('P7: a part of a workflow', () => {
  const entry = (pointer: string) => ({
    pointer,
    activation: 1,
    certain: true,
    strand: '',
    outcome: 'undone' as const,
  });
  const undo = (hop: number, pointer: string, cause: Cause): Draft =>
    call(hop, `${pointer}${UNDO}`, {
      call: `undo-${pointer.split('/').at(-1)}`,
      pointer: `${pointer}${UNDO}`,
      role: 'compensate',
      cause,
    });

  it('rejects what is undone although its part is over', () => {
    const { made, a } = begun();
    const b = made.hop([a], call(2, B, { heard: 'a' }));
    const c = made.hop([b], call(3, C, { heard: 'b' }));
    const undone = made.hop([c, asked(made)], undo(4, A, CONTROL));
    made.hop([undone], cancelled(5, { heard: 'undo-a', compensations: [entry(A)] }));
    expect(said(made, 'p7-compensations')).toMatch(/undoes \/do\/0\/part\/do\/0\/a, whose scope/);
  });

  it('rejects what is not undone although the cancel came within its part', () => {
    const { made, a } = begun();
    const b = made.hop([a], call(2, B, { heard: 'a' }));
    made.hop([b, asked(made)], cancelled(3));
    expect(said(made, 'p7-compensations')).toMatch(/completed there, is not undone/);
  });

  it('accepts what is undone there, and what stands behind it', () => {
    const within = begun();
    const b = within.made.hop([within.a], call(2, B, { heard: 'a' }));
    const undone = within.made.hop([b, asked(within.made)], undo(3, A, CONTROL));
    within.made.hop([undone], cancelled(4, { heard: 'undo-a', compensations: [entry(A)] }));
    expect(said(within.made, 'p7-compensations')).toBe('');
    const behind = begun();
    const next = behind.made.hop([behind.a], call(2, B, { heard: 'a' }));
    const c = behind.made.hop([next], call(3, C, { heard: 'b' }));
    behind.made.hop([c, asked(behind.made)], cancelled(4));
    expect(said(behind.made, 'p7-compensations')).toBe('');
  });
});
