/* Events: what a run emits, and what it listens to. */
import { describe, expect, test } from 'vitest';
import { proves } from '../../proofs/proves.ts';
import { embeddedly, everywhere, kindOf } from './everywhere.ts';

const WITHOUT_ID = "output: {as: 'del(.id, .time)'}";

describe('emit', () => {
  test('gives the event', proves('emit.output', 'decided.emit-output'), async () => {
    const text = `do: [{a: {emit: {event: {with: {source: 'urn:me', type: told, data: {n: 1}}}}, ${WITHOUT_ID}}}]`;
    expect((await everywhere(text, { input: { old: 1 } })).output).toEqual({
      specversion: '1.0',
      source: 'urn:me',
      type: 'told',
      data: { n: 1 },
    });
  });

  test('fills in what is missing', proves('emit.attributes'), async () => {
    const text = 'do: [{a: {emit: {event: {with: {type: told}}}}}]';
    const shape = {
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      source: '/test/row/1.0.0',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      type: 'told',
    };
    expect((await embeddedly(text)).output).toEqual(shape);
    const given = `do: [{a: {emit: {event: {with: {id: '7', source: /x, type: t, time: '2020-01-01T00:00:00Z'}}}}}]`;
    expect((await everywhere(given)).output).toEqual({
      specversion: '1.0',
      id: '7',
      source: '/x',
      type: 't',
      time: '2020-01-01T00:00:00Z',
    });
  });

  test('evaluates every attribute', proves('emit.expressions'), async () => {
    const text = `do:
  - a:
      emit:
        event:
          with:
            id: '\${ .id }'
            source: '\${ "/orders/" + .id }'
            type: '\${ .kind }'
            time: '\${ .at }'
            ext: '\${ .n }'
            missing: '\${ .nothing }'
            data: {deep: [{n: '\${ .n + 1 }', text: 'n is \${ .n }'}], all: '\${ . }'}`;
    const input = { id: 'o-1', kind: 'paid', at: '2020-01-01T00:00:00Z', n: 2 };
    expect((await everywhere(text, { input })).output).toEqual({
      specversion: '1.0',
      id: 'o-1',
      source: '/orders/o-1',
      type: 'paid',
      time: '2020-01-01T00:00:00Z',
      ext: 2,
      data: { deep: [{ n: 3, text: 'n is ${ .n }' }], all: input },
    });
    const wrong = await everywhere(text, { input: { ...input, kind: 5 } });
    expect([kindOf(wrong.error), wrong.error?.instance]).toEqual(['validation', '/do/0/a']);
  });
});
